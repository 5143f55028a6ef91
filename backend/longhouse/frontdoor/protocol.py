"""The parts of ASGI that the front door speaks, as types."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Handler = Callable[[Scope], ASGIApp | None]
"""Looks at an http or websocket scope; gives the application that answers it, or None."""

HeaderList = list[tuple[bytes, bytes]]
Headers = Mapping[bytes, bytes]
"""Request headers by lower-case name; repeated ones joined as HTTP allows."""


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
