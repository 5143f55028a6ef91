"""The parts of ASGI that the front door speaks, as types."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

HeaderList = list[tuple[bytes, bytes]]
Headers = Mapping[bytes, bytes]
"""Request headers by lower-case name; repeated ones joined as HTTP allows."""


class Response(NamedTuple):
    """A whole answer; names of headers in lower case."""

    status: int
    headers: HeaderList
    body: bytes


Answer = Response | ASGIApp
Handler = Callable[[Scope, Headers], Answer | Awaitable[Answer | None] | None]
"""Looks at an http or websocket scope and its headers; gives what answers it, or None.

It may have to wait before it knows. Only an application can answer a websocket. One without an
answer may leave entries for Django's environ in scope["environ"].
"""


class BadRequest(Exception):
    """The request breaks HTTP; the text may be shown to the client."""


def collect_headers(scope: Scope) -> dict[bytes, bytes]:
    """The request's headers by name.

    Names with an underscore are left out: in a WSGI environ `X_Real` would pass for `X-Real`,
    which a proxy may have set or removed. `Proxy` is left out too (httpoxy). Two Host headers
    become a value that Django refuses.
    """
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if b"_" in name or name == b"proxy":
            continue
        if name in headers:
            value = headers[name] + (b"; " if name == b"cookie" else b", ") + value
        headers[name] = value
    return headers


class Target(NamedTuple):
    root: str  # the prefix under which we are mounted
    raw: str  # the path below it, percent-encoded
    path: str  # the same, decoded
    query: str  # "?a=b" or ""


def target_of(scope: Scope) -> Target:
    """What the request asks for. Raises BadRequest when the path is none."""
    raw = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
    root = scope.get("root_path", "").rstrip("/")
    if root and (raw == root or raw.startswith(f"{root}/")):
        raw = raw[len(root) :] or "/"
    path = unquote(raw, errors="surrogateescape") if "%" in raw else raw
    if not raw.startswith("/") or "\0" in path:
        raise BadRequest("The path is not valid.")
    query = scope["query_string"].decode("latin-1")
    return Target(root, raw, path, f"?{query}" if query else "")
