"""Requests to addresses that people give: never into our own network.

A name is looked up once, the address is checked, and that very address is connected to, so a name
cannot point elsewhere between the two (DNS rebinding, OWASP's SSRF prevention cheat sheet).
"""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from typing import IO, Any, Final
from urllib.parse import urljoin, urlsplit

from django.conf import settings

from longhouse.jobs import Discard

TIMEOUT: Final = 20.0  # seconds without a byte
MAX_REDIRECTS: Final = 5
CHUNK: Final = 256 * 1024
REDIRECTS: Final = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Answer:
    #: after redirects
    url: str
    content_type: str
    size: int


def fetch(url: str, target: IO[bytes], *, max_bytes: int) -> Answer:
    """GET a public http or https address into `target`.

    Raises Discard for an address that may not be asked, a client error (4xx but 408 and 429) and
    too large an answer; OSError for whatever another try may help against.
    """
    for _ in range(MAX_REDIRECTS + 1):
        with _Request(url) as answer:
            if answer.status in REDIRECTS and (location := answer.getheader("Location")):
                url = urljoin(url, location)
                continue
            if answer.status >= 500 or answer.status in (408, 429):
                raise OSError(f"{url} answers {answer.status}.")
            if answer.status != 200:
                raise Discard(f"{url} answers {answer.status}.")
            size = _copy(answer, target, max_bytes, url)
            kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip()
            return Answer(url, kind, size)
    raise Discard(f"{url} redirects more than {MAX_REDIRECTS} times.")


def _copy(answer: http.client.HTTPResponse, target: IO[bytes], max_bytes: int, url: str) -> int:
    expected = answer.length
    size = 0
    target.seek(0)
    target.truncate()
    while chunk := answer.read(CHUNK):
        size += len(chunk)
        if size > max_bytes:
            raise Discard(f"{url} is larger than {max_bytes} bytes.")
        target.write(chunk)
    if expected is not None and size != expected:
        raise OSError(f"{url} broke off after {size} of {expected} bytes.")
    return size


class _Request:
    """One request, to the address that was checked."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Discard(f"{url} is no address of http or https.")
        self.parts = parts
        self.host = parts.hostname
        self.port = parts.port or (443 if parts.scheme == "https" else 80)

    def __enter__(self) -> http.client.HTTPResponse:
        raw = socket.create_connection((address_of(self.host, self.port), self.port), TIMEOUT)
        if self.parts.scheme == "https":
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)
        self.connection: Any = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT)
        self.connection.sock = raw
        path = (self.parts.path or "/") + (f"?{self.parts.query}" if self.parts.query else "")
        try:
            self.connection.request(
                "GET", path, headers={"Host": self.parts.netloc.rpartition("@")[2]}
            )
            answer: http.client.HTTPResponse = self.connection.getresponse()
        except http.client.HTTPException as error:
            self.connection.close()
            raise OSError(f"{self.host} does not speak HTTP: {error!r}") from error
        except BaseException:
            self.connection.close()
            raise
        return answer

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def address_of(host: str, port: int) -> str:
    """A public address of this host. Raises Discard for one of a private network."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise OSError(f"{host} is not found: {error}") from error
    allowed = getattr(settings, "WORKFLOWS_PRIVATE_HOSTS", ())
    for *_, (address, *_rest) in found:
        if host in allowed or is_public(str(address)):
            return str(address)
    raise Discard(f"{host} is in a private network.")


def is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and (inner := found.ipv4_mapped or found.sixtofour):
        found = inner
    return found.is_global and not found.is_multicast
