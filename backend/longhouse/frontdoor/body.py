"""Reading a request body before a thread is taken: limited, timed, on disk when it is large."""

import asyncio
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

from longhouse.frontdoor.protocol import BadRequest, Headers, Receive, Scope

IN_MEMORY = 1024 * 1024  # bytes


class TooLarge(Exception):
    """The body is, or says it is, larger than allowed."""


class TooSlow(Exception):
    """No byte arrived for the time allowed."""


class ClientGone(Exception):
    """The client left before its request was complete."""


async def read_body(
    scope: Scope, headers: Headers, receive: Receive, *, limit: int, patience: float
) -> tuple[IO[bytes], int]:
    """The whole body, at its start, and its length in bytes; over 1 MiB it is a temporary file.

    `limit` in bytes; `patience` is how many seconds may pass without a byte.

    Raises BadRequest, TooLarge (at once when Content-Length says so), TooSlow, ClientGone.
    """
    declared = headers.get(b"content-length")
    if declared is not None:
        if not (declared.isdigit() and len(declared) <= 18):
            raise BadRequest("Content-Length is not a number.")
        if int(declared) > limit:
            raise TooLarge
    elif scope["method"] in {"GET", "HEAD"} and b"transfer-encoding" not in headers:
        return BytesIO(), 0
    buffer = bytearray()
    spool: IO[bytes] | None = None
    size = 0
    try:
        more = True
        while more:
            try:
                async with asyncio.timeout(patience):
                    message = await receive()
            except TimeoutError:
                raise TooSlow from None
            if message["type"] == "http.disconnect":
                raise ClientGone
            chunk = message.get("body", b"")
            more = message.get("more_body", False)
            size += len(chunk)
            if size > limit:
                raise TooLarge
            buffer += chunk
            if len(buffer) > IN_MEMORY:
                if spool is None:
                    spool = await asyncio.to_thread(TemporaryFile)
                await asyncio.to_thread(spool.write, buffer)
                buffer = bytearray()
        if declared is not None and size != int(declared):
            raise ClientGone
        if spool is None:
            return BytesIO(buffer), size
        await asyncio.to_thread(_finish, spool, buffer)
        complete, spool = spool, None
        return complete, size
    finally:
        if spool is not None:
            spool.close()


def _finish(spool: IO[bytes], rest: bytearray) -> None:
    spool.write(rest)
    spool.seek(0)
