"""Clients of event streams, on raw sockets: they read when they are told to."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from longhouse.realtime.tests.house import Message, Server, parse

#: Those of the running test, to be closed at its end; `run` does.
opened: set[Any] = set()


def run(test: Callable[[], Awaitable[None]], *, within: float = 90) -> None:
    """Run a test on an event loop of its own."""

    async def limited() -> None:
        try:
            async with asyncio.timeout(within):
                await test()
        finally:
            for client in list(opened):
                await client.drop()

    asyncio.run(limited())


async def emit(server: Server, **query: Any) -> None:
    reply = await asyncio.to_thread(server.get, "/emit", **query)
    assert reply.status == 200, reply.body


class Client:
    """What a browser's EventSource does, but under control."""

    def __init__(self, server: Server, *, slow: bool = False, **query: Any) -> None:
        self.server = server
        self.query = query
        self.slow = slow  # a small window: what is not read soon holds up the sender
        self.last_id = ""
        self.messages: list[Message] = []
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None
        self.buffer = ""

    async def connect(self, server: Server | None = None) -> "Client":
        """Open the stream and wait until it is ready."""
        server = self.server = server or self.server
        if self in opened:
            await self.drop()
        raw = socket.socket()
        if self.slow:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.setblocking(False)
        await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", server.port))
        self.reader, self.writer = await asyncio.open_connection(sock=raw, limit=4096)
        opened.add(self)
        headers = {"Host": "127.0.0.1", **server.as_header()}
        if self.last_id:
            headers["Last-Event-ID"] = self.last_id
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        target = f"/events/?{urlencode(self.query, doseq=True)}"
        self.writer.write(f"GET {target} HTTP/1.1\r\n{lines}\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        assert " 200 " in head.splitlines()[0], head
        self.buffer = ""
        ready = await self.next()
        assert ready is not None
        assert ready.type == "ready"
        return self

    async def next(self) -> Message | None:
        """The next event; None when the stream ended."""
        assert self.reader is not None
        while True:
            block, end, rest = self.buffer.partition("\n\n")
            if end:
                self.buffer = rest
                message = parse(block)
                self.last_id = message.id or self.last_id
                if message.text:
                    if message.type != "ready":
                        self.messages.append(message)
                    return message
                continue
            try:
                size = int(await self.reader.readline() or b"0", 16)  # chunked
                if not size:
                    return None
                self.buffer += (await self.reader.readexactly(size)).decode()
                await self.reader.readexactly(2)
            except (OSError, asyncio.IncompleteReadError):
                return None

    async def until(self, count: int) -> None:
        """Read until there are so many events."""
        while len(self.messages) < count:
            assert await self.next(), "the stream ended"

    async def until_type(self, type: str) -> Message:
        while message := await self.next():
            if message.type == type:
                return message
        raise AssertionError(f"the stream ended without {type}")

    def numbers(self) -> list[int]:
        return [message.data["data"]["n"] for message in self.messages if message.type == "tick"]  # type: ignore[index]

    async def drop(self) -> None:
        """Be cut off, as by a dead network."""
        opened.discard(self)
        assert self.writer is not None
        self.writer.transport.abort()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()
