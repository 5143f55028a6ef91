"""Clients that follow a stream, over SSE or WebSocket, on raw sockets: they cost the least."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

HANDSHAKE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: bG9uZ2hvdXNlLWJlbmNobQ==\r\n"
)
TEXT = 1  # opcode of a WebSocket's frame


@dataclass
class Client:
    """What an EventSource does, or a WebSocket that comes again when it was cut off."""

    port: int
    path: str
    websocket: bool
    #: of every message in the order in which it came: its number, and seconds on the way
    got: list[tuple[int, float]] = field(default_factory=list)
    last_id: str = ""
    reading: "asyncio.Task[None] | None" = None  # while it is connected

    async def connect(self) -> None:
        """Returns when it listens. Raises ConnectionRefusedError when it is not let in."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        origin = f"127.0.0.1:{self.port}"
        lines = f"GET {self.path} HTTP/1.1\r\nHost: {origin}\r\nOrigin: http://{origin}\r\n"
        if self.websocket:
            lines += HANDSHAKE
        if self.last_id:
            lines += f"Last-Event-ID: {self.last_id}\r\n"
        self.writer.write(f"{lines}\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        if head.split()[1] not in ("101", "200"):
            raise ConnectionRefusedError(f"{self.path}: {head}")
        messages = self._frames() if self.websocket else self._events()
        if not self.websocket:
            await anext(messages)  # says that it listens
        self.reading = asyncio.create_task(self._read(messages))

    async def drop(self) -> None:
        """Be cut off, as by a dead network."""
        if self.reading is None:
            return
        self.reading.cancel()
        self.reading = None
        self.writer.transport.abort()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    async def _read(self, messages: AsyncIterator[str]) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            async for text in messages:
                if '"number"' in text:
                    message = json.loads(text)
                    message = message.get("data", message)
                    self.got.append((message["number"], time.monotonic() - message["sent"]))

    async def _events(self) -> AsyncIterator[str]:
        """Data of each server-sent event; empty text for those that have none."""
        text = ""
        while size := int(await self.reader.readline(), 16):
            text += (await self.reader.readexactly(size + 2))[:-2].decode()
            *blocks, text = text.split("\n\n")
            for block in blocks:
                lines = dict(line.partition(":")[::2] for line in block.splitlines())
                self.last_id = lines.get("id", self.last_id).strip()
                if "event" in lines or "data" in lines:
                    yield lines.get("data", "")

    async def _frames(self) -> AsyncIterator[str]:
        """Text of each frame; a server's frames are not masked (RFC 6455)."""
        while True:
            first, size = await self.reader.readexactly(2)
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2))
            content = await self.reader.readexactly(size)
            if first & 15 == TEXT:
                yield content.decode()


@dataclass(frozen=True)
class Tally:
    """What clients got of `due` messages each."""

    delivered: int
    lost: int
    doubled: int
    disordered: int
    seconds: list[float]  # on the way, sorted


def tally(clients: list[Client], numbers: range) -> Tally:
    lost = doubled = disordered = 0
    seconds: list[float] = []
    for client in clients:
        seen: set[int] = set()
        highest = -1
        for number, taken in client.got:
            if number in seen:
                doubled += 1
                continue
            disordered += number < highest
            highest = max(highest, number)
            seen.add(number)
            seconds.append(taken)
        lost += len(set(numbers) - seen)
    return Tally(len(seconds), lost, doubled, disordered, sorted(seconds))
