"""A WebSocket client that can break every rule, on a raw socket (RFC 6455)."""

import asyncio
import base64
import json
import os
import socket
import struct
from typing import Any

from longhouse.realtime.tests.clients import opened
from longhouse.realtime.tests.house import Server

PROTOCOL = "actioncable-v1-json"


class WebSocket:
    def __init__(
        self, server: Server, headers: dict[str, str] | None = None, *, slow: bool = False
    ) -> None:
        self.server = server
        self.slow = slow
        self.headers = headers or {}
        self.status = 0
        self.messages: list[Any] = []

    async def connect(self, path: str = "/cable", *, protocol: str = PROTOCOL) -> "WebSocket":
        raw = socket.socket()
        if self.slow:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.setblocking(False)
        await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", self.server.port))
        self.reader, self.writer = await asyncio.open_connection(sock=raw, limit=4096)
        opened.add(self)
        headers = {
            "Host": f"127.0.0.1:{self.server.port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Protocol": protocol,
            **self.server.as_header(),
            **self.headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.writer.write(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        self.status = int(head.split()[1])
        return self

    async def drop(self) -> None:
        opened.discard(self)
        self.writer.transport.abort()
        await asyncio.sleep(0)

    def send(self, message: object) -> None:
        self.send_frame(json.dumps(message).encode())

    def send_frame(self, payload: bytes, *, opcode: int = 1) -> None:
        mask = os.urandom(4)
        size = len(payload)
        if size < 126:
            length = struct.pack(">B", 0x80 | size)
        elif size < 2**16:
            length = struct.pack(">BH", 0x80 | 126, size)
        else:
            length = struct.pack(">BQ", 0x80 | 127, size)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self.writer.write(bytes([0x80 | opcode]) + length + mask + masked)

    def subscribe(self, channel: str, **params: Any) -> str:
        identifier = json.dumps({"channel": channel, **params})
        self.send({"command": "subscribe", "identifier": identifier})
        return identifier

    async def next(self) -> Any:
        """The next message but pings; None when the connection is closed."""
        while True:
            try:
                first, second = await self.reader.readexactly(2)
                size = second & 0x7F
                if size == 126:
                    size = int.from_bytes(await self.reader.readexactly(2))
                elif size == 127:
                    size = int.from_bytes(await self.reader.readexactly(8))
                payload = await self.reader.readexactly(size)
            except (asyncio.IncompleteReadError, OSError):
                return None
            if first & 0x0F == 8:
                return None
            if first & 0x0F != 1:
                continue
            message = json.loads(payload)
            if message.get("type") != "ping":
                self.messages.append(message)
                return message

    async def until(self, type: str) -> Any:
        while (message := await self.next()) is not None:
            if message.get("type") == type:
                return message
        raise AssertionError(f"closed without {type}: {self.messages[-3:]}")

    async def numbers(self, count: int) -> list[int]:
        """Of the next events."""
        found: list[int] = []
        while len(found) < count:
            message = await self.next()
            assert message is not None, "closed"
            if "message" in message:
                found.append(message["message"]["data"]["n"])
        return found
