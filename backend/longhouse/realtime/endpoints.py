"""The ASGI side: two paths, answered on the event loop.

realtime = Realtime()
application = realtime.before(get_asgi_application())
"""

import asyncio
import contextlib
import os
import signal
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from longhouse.realtime import conf
from longhouse.realtime.access import Gate
from longhouse.realtime.asgi import ASGIApp, Receive, Scope, Send
from longhouse.realtime.cable import Cable
from longhouse.realtime.hub import Hub
from longhouse.realtime.sse import EventStreams

EVENTS = "/events/"
CABLE = "/cable"
PATIENCE = 3.0  # seconds in which all clients are told that the server stops


class Realtime:
    """The endpoints of one process. Made once, where the ASGI application is."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.gate = Gate(conf.load())
        self._events = EventStreams(self.hub, self.gate)
        self._cable = Cable(self.hub, self.gate)
        self._watching = False

    def __call__(self, scope: Scope, _headers: object = None) -> ASGIApp | None:
        """The application for a scope that is ours, else None."""
        if scope["type"] == "http" and scope["path"] == EVENTS:
            app: ASGIApp = self._events
        elif scope["type"] == "websocket" and scope["path"] == CABLE:
            app = self._cable
        else:
            return None
        if not self._watching:
            self._watching = True
            _on_stop(asyncio.get_running_loop(), self.stop)
        return app

    def before(self, application: Any) -> ASGIApp:
        """`application`, with our paths in front of it."""

        async def with_realtime(scope: Scope, receive: Receive, send: Send) -> None:
            ours = self(scope) if scope["type"] in {"http", "websocket"} else None
            await (ours or application)(scope, receive, send)

        return with_realtime

    async def stop(self) -> None:
        """Ask all clients to come again later, let nobody in, return when they are told."""
        self.gate.stopping = True
        self._cable.stop()
        for subscription in list(self.hub.subscriptions):
            subscription.end("shutdown")
        while self.hub.subscriptions or self._cable.sockets:  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # a few times, once in a process's life


def _on_stop(loop: asyncio.AbstractEventLoop, stop: Callable[[], Awaitable[None]]) -> None:
    """Call `stop` when the process is told to end, before the server hears of it.

    A server that is told waits for its open responses, which streams never end by themselves, and
    may cut WebSockets off without a word. Loops hear of signals through a file descriptor into
    which Python writes their numbers: ours is put before theirs, and hands on.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    reading, writing = socket.socketpair()
    for end in (reading, writing):
        end.setblocking(False)
    theirs = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    telling: set[asyncio.Task[None]] = set()

    def hear() -> None:
        for number in reading.recv(4096):
            if number in {signal.SIGTERM, signal.SIGINT}:
                telling.add(loop.create_task(tell(number)))
            else:
                hand_on(number)

    async def tell(number: int) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await stop()
        hand_on(number)

    def hand_on(number: int) -> None:
        if theirs != -1:
            os.write(theirs, bytes([number]))

    loop.add_reader(reading, hear)
    _kept.append(writing)


_kept: list[socket.socket] = []  # the signals' ends, which must stay open
