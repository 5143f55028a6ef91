"""The ASGI side: two paths, answered on the event loop.

realtime = Realtime()
application = realtime.before(get_asgi_application())
"""

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from longhouse.realtime import conf
from longhouse.realtime.access import Gate
from longhouse.realtime.asgi import ASGIApp, Receive, Scope, Send
from longhouse.realtime.cable import Cable
from longhouse.realtime.hub import Hub
from longhouse.realtime.sse import EventStreams

logger = logging.getLogger(__name__)

EVENTS = "/events/"
CABLE = "/cable"


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

    def stop(self) -> None:
        """Ask all clients to come again later, and let nobody in."""
        self.gate.stopping = True
        self._cable.stop()
        for subscription in list(self.hub.subscriptions):
            subscription.end("shutdown")


def _on_stop(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """Call `stop` when the process is told to end.

    A server waits for its open responses before it tells the application, and streams never end
    by themselves. So we hear the signal too, before whoever listened already.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before: Any = signal.getsignal(number)

        def handle(received: int, frame: FrameType | None, before: Any = before) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(stop)
            if callable(before):
                before(received, frame)

        signal.signal(number, handle)
        signal.siginterrupt(number, False)
