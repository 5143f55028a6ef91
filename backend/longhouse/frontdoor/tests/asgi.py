"""Drives the ASGI application as a server would, without one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from longhouse.frontdoor.protocol import ASGIApp, Message


@dataclass
class Response:
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    complete: bool = False

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    def __getitem__(self, name: str) -> str:
        values = [value for key, value in self.headers if key == name.lower()]
        assert len(values) == 1, f"{name}: {values}"
        return values[0]

    def get(self, name: str) -> str | None:
        return self[name] if any(key == name.lower() for key, _ in self.headers) else None


async def request(
    app: ASGIApp,
    method: str,
    target: str,
    headers: dict[str, str] | list[tuple[str, str]] | None = None,
    body: Iterable[bytes] = (),
    *,
    on_chunk: Callable[[Response], Awaitable[None]] | None = None,
    leave: asyncio.Event | None = None,
    **scope: Any,
) -> Response:
    """One request; `body` is read as the application asks; `leave`: the client goes away.

    Further keywords replace parts of the ASGI scope.
    """
    response = Response()
    chunks = iter(body)
    sent_all = False

    async def receive() -> Message:
        nonlocal sent_all
        if not sent_all:
            chunk = next(chunks, None)
            sent_all = chunk is None
            return {"type": "http.request", "body": chunk or b"", "more_body": not sent_all}
        await (leave or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            assert not response.status, "a second start"
            response.status = message["status"]
            response.headers = [(k.decode(), v.decode("latin-1")) for k, v in message["headers"]]
        else:
            assert response.status, "a body before the start"
            assert not response.complete, "a body after the end"
            response.chunks.append(message.get("body", b""))
            response.complete = not message.get("more_body", False)
            if on_chunk:
                await on_chunk(response)

    await app(make_scope(method, target, headers or []) | scope, receive, send)
    return response


def make_scope(
    method: str, target: str, headers: dict[str, str] | list[tuple[str, str]]
) -> dict[str, Any]:
    path, _, query = target.partition("?")
    raw = quote(path, safe="/%:@!$&'()*+,;=~\\")
    pairs = list(headers.items()) if isinstance(headers, dict) else headers
    if not any(name == "Host" for name, _ in pairs):
        pairs = [("Host", "testserver"), *pairs]
    return {
        "type": "http",
        "method": method,
        "scheme": "http",
        "http_version": "1.1",
        "path": unquote(raw),
        "raw_path": raw.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in pairs],
        "server": ("testserver", "80"),
        "client": ("192.0.2.7", "4711"),
    }


def ask(app: ASGIApp, method: str, target: str, *args: Any, **kwargs: Any) -> Response:
    return asyncio.run(request(app, method, target, *args, **kwargs))
