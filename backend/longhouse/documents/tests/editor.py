"""Somebody who writes: a Yjs client on a WebSocket that can break every rule."""

import base64
import json
from random import Random
from typing import Any

from pycrdt import Doc, Text

from longhouse.realtime.tests.house import Server
from longhouse.realtime.tests.sockets import WebSocket

LETTERS = "abc é€😀\n"


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Editor:
    """Edits `doc` whether it is connected or not; `connect` merges."""

    def __init__(self, name: str = "pad:1", *, seed: int = 0) -> None:
        self.name = name
        self.random = Random(seed)
        self.doc: Doc[Any] = Doc()
        self.text = self.doc.get("text", type=Text)
        self.sent = 0
        self.saved: set[int] = set()
        self.acknowledged: list[bytes] = []  # states that the server has said to be stored
        self.heard: list[Any] = []

    async def connect(self, server: Server) -> dict[str, Any]:
        """Subscribe and synchronise, both ways; returns the server's answer."""
        self.socket = await WebSocket(server).connect()
        self.identifier = self.socket.subscribe("DocumentChannel", name=self.name)
        while (said := await self.socket.next())["type"] != "confirm_subscription":
            assert said["type"] == "welcome", said
        self.perform("sync", state=encoded(self.doc.get_state()))
        data: dict[str, Any] = (await self.until("document.sync"))["data"]
        self.doc.apply_update(base64.b64decode(data["update"]))
        lacking = self.doc.get_update(base64.b64decode(data["state"]))
        if lacking != b"\0\0" and data["writable"]:
            await self.save(lacking)
        return data

    async def drop(self) -> None:
        await self.socket.drop()

    def perform(self, action: str, **data: Any) -> None:
        content = json.dumps({"action": action, **data})
        command = {"command": "message", "identifier": self.identifier, "data": content}
        self.socket.send(command)

    def edit(self) -> bytes:
        """A random change; the update that says it."""
        before = self.doc.get_state()
        text = str(self.text)
        # Whole letters: positions in pycrdt count bytes.
        ends = [len(text[:at].encode()) for at in range(len(text) + 1)]
        at = self.random.randrange(len(ends))
        if self.random.random() < 0.35 and at + 1 < len(ends):
            until = min(len(ends) - 1, at + self.random.randint(1, 4))
            del self.text[ends[at] : ends[until]]
        else:
            letters = "".join(self.random.choices(LETTERS, k=self.random.randint(1, 6)))
            self.text.insert(ends[at], letters)
        return self.doc.get_update(before)

    def send(self, update: bytes) -> int:
        self.sent += 1
        self.perform("update", id=self.sent, update=encoded(update))
        return self.sent

    async def save(self, update: bytes) -> None:
        """Send, and wait until it is stored."""
        number = self.send(update)
        while number not in self.saved:
            await self.hear()
        self.acknowledged.append(update)

    async def hear(self) -> Any:
        """The next message of the channel's, after doing what it says; None: cut off."""
        message = await self.socket.next()
        if message is None:
            raise ConnectionError("cut off")
        content = message.get("message")
        if content is None:
            raise ConnectionError(str(message))
        if content["type"] == "document.update":
            self.doc.apply_update(base64.b64decode(content["data"]["update"]))
        elif content["type"] == "document.saved":
            self.saved.add(content["data"]["id"])
        self.heard.append(content)
        return content

    async def until(self, type: str) -> Any:
        while (content := await self.hear())["type"] != type:
            pass
        return content

    async def until_text(self, expected: str) -> None:
        while str(self.text) != expected:
            await self.hear()
