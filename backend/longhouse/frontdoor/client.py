"""The client's side of one request: send with back-pressure, notice when it has left."""

import asyncio

from longhouse.frontdoor.body import ClientGone
from longhouse.frontdoor.protocol import HeaderList, Receive, Send


class Client:
    """Wraps ASGI's `receive` and `send` for one answer."""

    def __init__(self, receive: Receive, send: Send, *, timeout: float) -> None:
        self._receive = receive
        self._send = send
        self._timeout = timeout  # seconds for one chunk
        self._gone: asyncio.Task[None] | None = None
        self.started = False

    async def start(self, status: int, headers: HeaderList) -> None:
        self.started = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def send(self, chunk: bytes) -> None:
        """Send one chunk of many; returns when the connection took it.

        Raises ClientGone when the client left or takes nothing for the time allowed.
        """
        if self._gone is None:
            self._gone = asyncio.create_task(self._left())
        message = {"type": "http.response.body", "body": chunk, "more_body": True}
        sending = asyncio.ensure_future(self._send(message))
        await asyncio.wait(
            {sending, self._gone}, timeout=self._timeout, return_when=asyncio.FIRST_COMPLETED
        )
        if sending.done() and not self._gone.done():
            return sending.result()
        sending.cancel()
        raise ClientGone

    async def finish(self, body: bytes = b"") -> None:
        """Send the last chunk, or the only one.

        An answer that ends without it is cut off, and the client can see that it is.
        """
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    async def _left(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def close(self) -> None:
        """Stop watching; called when the request is over in any way."""
        if self._gone is not None:
            self._gone.cancel()
