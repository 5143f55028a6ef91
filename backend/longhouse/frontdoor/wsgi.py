"""Django's WSGI handler behind the event loop: environ, answer, streams."""

import asyncio
import contextvars
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from django.db import connections

from longhouse.frontdoor.body import ClientGone
from longhouse.frontdoor.client import Client
from longhouse.frontdoor.pool import Full, Pool
from longhouse.frontdoor.protocol import HeaderList, Headers, Scope

logger = logging.getLogger(__name__)

BLOCK = 64 * 1024  # bytes per chunk of a file


class FileBlocks:
    """`wsgi.file_wrapper`: a file as chunks of 64 KiB, where Django alone would give 4 KiB."""

    def __init__(self, file: IO[bytes], _block_size: int = 0) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._file.read(BLOCK), b"")

    def close(self) -> None:
        self._file.close()


@dataclass(slots=True)
class Reply:
    """What Django answered: a body, or a stream that is still to be read."""

    status: int
    headers: HeaderList
    body: bytes = b""
    stream: Any = None  # iterable of bytes with close()
    context: contextvars.Context = field(default_factory=contextvars.copy_context)


class WSGI:
    """Runs a WSGI application for requests of the loop, on a pool of threads.

    An ordinary answer is complete when it reaches the loop; its `close()`, which sends
    request_finished, runs in the same thread right after. A streaming one gets a thread of its
    own, so that a slow download never takes one from the pool.
    """

    def __init__(self, application: Callable[..., Any], pool: Pool, *, streams: int) -> None:
        self.application = application
        self.pool = pool
        self.free_streams = streams

    async def __call__(self, environ: dict[str, Any], client: Client) -> None:
        """Answer one request. Raises Full."""

        def call(resolve: Callable[[Reply], None]) -> None:
            self._call(environ, resolve)

        reply = await self.pool.run(call)
        head = environ["REQUEST_METHOD"] == "HEAD"
        if reply.stream is None:
            await client.start(reply.status, reply.headers)
            await client.finish(b"" if head else reply.body)
            return
        if self.free_streams <= 0:
            # Not in the pool, where the answer was made: closing may take as long as it likes.
            await asyncio.to_thread(_end, reply.stream)
            raise Full
        self.free_streams -= 1
        try:
            await client.start(reply.status, reply.headers)
            if head:
                await asyncio.to_thread(_end, reply.stream)
                await client.finish()
            else:
                await self._pump(reply, client)
        finally:
            self.free_streams += 1

    def _call(self, environ: dict[str, Any], resolve: Callable[[Reply], None]) -> None:
        head: list[Any] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: object = None
        ) -> None:
            head[:] = [int(status[:3]), headers]

        response: Any = None
        try:
            response = self.application(environ, start_response)
            headers = [
                (name.lower().encode("latin-1"), value.strip().encode("latin-1"))
                for name, value in head[1]
            ]
            reply = Reply(head[0], headers)
            if isinstance(response, FileBlocks) or getattr(response, "streaming", False):
                reply.stream = response
            else:
                reply.body = b"".join(response)
                if not any(name == b"content-length" for name, _ in headers):
                    headers.append((b"content-length", b"%d" % len(reply.body)))
        except Exception:  # the client must get an answer, whatever failed
            logger.exception("Django did not answer %r", environ["PATH_INFO"])
            reply = Reply(500, [(b"content-type", b"text/plain")], b"Internal Server Error")
        finally:
            environ["wsgi.input"].close()
        resolve(reply)
        if reply.stream is None and hasattr(response, "close"):
            response.close()

    async def _pump(self, reply: Reply, client: Client) -> None:
        """Send a stream at the pace of the client, from a thread that reads it chunk by chunk."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[bool] = loop.create_future()

        def produce() -> None:
            complete = False
            try:
                for chunk in reply.stream:
                    if chunk:
                        asyncio.run_coroutine_threadsafe(client.send(bytes(chunk)), loop).result()
                complete = True
            except ClientGone:
                pass
            except Exception:  # whatever the view's generator raises
                logger.exception("A streaming response broke off")
            finally:
                _end(reply.stream)
                loop.call_soon_threadsafe(_settle, done, complete)

        threading.Thread(
            target=reply.context.run, args=(produce,), name="stream", daemon=True
        ).start()
        if await done:
            await client.finish()


def _settle(future: "asyncio.Future[bool]", value: bool) -> None:
    if not future.done():
        future.set_result(value)


def _end(stream: Any) -> None:
    """Close a stream and the database connections that this thread opened for it."""
    try:
        stream.close()
    except Exception:  # a view's cleanup
        logger.exception("A streaming response could not be closed")
    connections.close_all()


def build_environ(
    scope: Scope, headers: Headers, root: str, path: str, body: IO[bytes], length: int
) -> dict[str, Any]:
    """The WSGI environ (PEP 3333): text is bytes read as latin-1.

    `path` is the percent-encoded path without `root`, the prefix under which we are mounted.
    """
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    version = scope.get("http_version", "1.1")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root.encode().decode("latin-1") if root else "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1") if "%" in path else path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": "HTTP/1.0" if version == "1" else f"HTTP/{version}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileBlocks,
    }
    for name, value in headers.items():
        if name != b"content-length":
            environ[_key(name)] = value.decode("latin-1")
    if length or b"content-length" in headers:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


@lru_cache(maxsize=1024)
def _key(header: bytes) -> str:
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name == "CONTENT_TYPE" else f"HTTP_{name}"
