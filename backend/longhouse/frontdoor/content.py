"""What HTTP says about one stored answer: encodings, validators, ranges (RFC 9110)."""

import re
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

from longhouse.frontdoor.protocol import HeaderList, Headers

_ABOUT_THE_BODY = {b"content-type", b"content-encoding", b"content-disposition"}


@dataclass(frozen=True, slots=True)
class Content:
    """One representation: its bytes, or the file that holds them."""

    size: int  # bytes
    etag: bytes  # strong, with its quotes
    headers: tuple[tuple[bytes, bytes], ...]  # without length, range and validators
    body: bytes | None = None
    path: Path | None = None  # set when the body is None
    modified: int | None = None  # Unix seconds, for Last-Modified
    status: int = 200


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: HeaderList
    start: int = 0  # the bytes of the content to send
    length: int = 0


def answer(content: Content, method: str, request: Headers) -> Answer:
    """How to answer a GET or HEAD for `content`: 200, 206, 304, 416, or the content's status."""
    validators = [(b"etag", content.etag)]
    if content.modified is not None:
        date = formatdate(content.modified, usegmt=True).encode()
        validators.append((b"last-modified", date))
    headers: HeaderList = [*content.headers, *validators]
    if content.status == 200:
        if _not_modified(content, request):
            return Answer(304, [h for h in headers if h[0] not in _ABOUT_THE_BODY])
        headers.append((b"accept-ranges", b"bytes"))
        if method == "GET" and b"range" in request and _range_applies(content, request):
            span = _range(request[b"range"], content.size)
            if span == ():
                unsatisfied = (b"content-range", b"bytes */%d" % content.size)
                return Answer(416, [*validators, unsatisfied, (b"content-length", b"0")])
            if span:
                start, length = span
                return Answer(
                    206,
                    [
                        *headers,
                        (
                            b"content-range",
                            b"bytes %d-%d/%d" % (start, start + length - 1, content.size),
                        ),
                        (b"content-length", b"%d" % length),
                    ],
                    start,
                    length,
                )
    headers.append((b"content-length", b"%d" % content.size))
    return Answer(content.status, headers, 0, content.size)


@lru_cache(maxsize=256)
def encodings(accept: bytes) -> tuple[str, ...]:
    """The codings of an Accept-Encoding header that we have, best first: br, gzip, "" (identity).

    Equal q-values: the smaller result wins. Identity stays as the last resort even when it is
    refused, which RFC 9110 section 12.5.3 allows instead of an error.
    """
    weights: dict[str, float] = {}
    for item in accept.decode("latin-1").lower().split(","):
        name, _, parameters = item.partition(";")
        weight = 1.0
        if parameters:
            found = re.fullmatch(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", parameters)
            weight = float(found[1]) if found else 0.0
        if name := name.strip():
            weights[{"x-gzip": "gzip", "identity": ""}.get(name, name)] = weight
    offers = []
    for preference, coding in enumerate(("br", "gzip", "")):
        default = 0.001 if coding == "" and "*" not in weights else weights.get("*", 0.0)
        weight = weights.get(coding, default)
        if weight > 0:
            offers.append((-weight, preference, coding))
    ordered = tuple(coding for _, _, coding in sorted(offers))
    return ordered if "" in ordered else (*ordered, "")


def _not_modified(content: Content, request: Headers) -> bool:
    if wanted := request.get(b"if-none-match"):
        if wanted.strip() == b"*":
            return True
        # Weak comparison: W/ does not matter.
        return content.etag in re.findall(rb'"[^"]*"', wanted)
    if content.modified is not None and (since := request.get(b"if-modified-since")):
        date = _date(since)
        return date is not None and content.modified <= date
    return False


def _range_applies(content: Content, request: Headers) -> bool:
    """If-Range: the range only holds for the very same bytes."""
    wanted = request.get(b"if-range", b"").strip()
    if not wanted:
        return True
    if wanted.endswith(b'"'):
        return wanted == content.etag
    return content.modified is not None and _date(wanted) == content.modified


def _range(value: bytes, size: int) -> tuple[int, int] | tuple[()] | None:
    """(start, length); () when it lies outside; None for what we ignore (several, other units)."""
    found = re.fullmatch(rb"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", value.strip())
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        return (size - length, length) if length else ()
    start = int(found[1])
    end = int(found[2]) if found[2] else size - 1
    if found[2] and end < start:
        return None
    if start >= size:
        return ()
    return start, min(end, size - 1) - start + 1


def _date(value: bytes) -> int | None:
    try:
        return int(parsedate_to_datetime(value.decode("latin-1")).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
