"""The parts of ASGI that are spoken here, and what a request says of itself."""

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain

from longhouse.realtime import people

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
HeaderList = list[tuple[bytes, bytes]]

LOCAL_HOSTS = [".localhost", "127.0.0.1", "[::1]"]  # Django's, while developing


class Refused(Exception):
    """The request is not answered: `status` and a text that the client may see."""

    def __init__(self, status: int, detail: str, *, retry_after: int = 0) -> None:
        super().__init__(detail)
        self.status = status
        self.retry_after = retry_after


class Request(NamedTuple):
    """What is needed of an http or websocket scope."""

    session: str  # key of the session, or ""
    address: str  # who is counted when nobody signed in
    last_event_id: str
    query: dict[str, list[str]]


def request_of(scope: Scope, *, origins: tuple[str, ...]) -> Request:
    """Raises Refused when host or origin are not ours, or the query is none."""
    headers: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        text = value.decode("latin-1")
        if name == b"cookie" and name in headers:  # HTTP/2 may split it
            text = f"{headers[name]}; {text}"
        headers[name] = text
    host = headers.get(b"host", "")
    allowed = settings.ALLOWED_HOSTS or (LOCAL_HOSTS if settings.DEBUG else [])
    if not validate_host(split_domain_port(host)[0], allowed):
        raise Refused(400, "This host is not one of ours.")
    origin = headers.get(b"origin")
    if origin is not None and not _is_ours(origin, host, origins):
        raise Refused(403, "Pages of this origin may not connect.")
    try:
        query = parse_qs(scope["query_string"].decode(), max_num_fields=200)
    except ValueError:
        raise Refused(400, "The query is not valid.") from None
    return Request(
        session=people.session_key(headers.get(b"cookie", "")),
        address=_address(scope, headers),
        last_event_id=headers.get(b"last-event-id", ""),
        query=query,
    )


def _is_ours(origin: str, host: str, origins: tuple[str, ...]) -> bool:
    try:
        scheme, netloc = urlsplit(origin)[:2]
    except ValueError:
        return False
    if netloc == host and (scheme == "https" or not settings.SESSION_COOKIE_SECURE):
        return True
    for ours in origins:
        trusted = urlsplit(ours)
        if scheme == trusted.scheme and is_same_domain(netloc, trusted.netloc.lstrip("*")):
            return True
    return False


def _address(scope: Scope, headers: dict[bytes, str]) -> str:
    """The client's address, as the outermost of TRUSTED_PROXIES saw it."""
    proxies = getattr(settings, "TRUSTED_PROXIES", 0)
    if proxies and (forwarded := headers.get(b"x-forwarded-for")):
        hops = forwarded.split(",")
        return hops[-min(proxies, len(hops))].strip()
    return (scope.get("client") or ("",))[0]


async def send_problem(send: Send, refused: Refused) -> None:
    """Answer with RFC 9457 problem+json."""
    title = HTTPStatus(refused.status).phrase
    body = json.dumps(
        {
            "type": f"/problems/{title.lower().replace(' ', '-')}",
            "title": title,
            "status": refused.status,
            "detail": str(refused),
            "errors": [],
        }
    ).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    if refused.retry_after:
        headers.append((b"retry-after", b"%d" % refused.retry_after))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
