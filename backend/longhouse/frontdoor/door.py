"""The front door: one ASGI application for everything that comes in by one port.

In this order: handlers of the event loop (events, WebSockets, fast reads), uploads, files;
the rest is Django.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from longhouse.frontdoor import conf, problem
from longhouse.frontdoor.body import ClientGone, TooLarge, TooSlow, read_body
from longhouse.frontdoor.built import BuiltSite  # feature: spa
from longhouse.frontdoor.client import Client
from longhouse.frontdoor.files import send_content, send_upload
from longhouse.frontdoor.pool import Full, Pool
from longhouse.frontdoor.protocol import (
    Answer,
    BadRequest,
    Handler,
    HeaderList,
    Headers,
    Receive,
    Response,
    Scope,
    Send,
    Target,
    collect_headers,
    target_of,
)
from longhouse.frontdoor.security import SecurityHeaders
from longhouse.frontdoor.table import load_static
from longhouse.frontdoor.wsgi import WSGI, build_environ

logger = logging.getLogger(__name__)


class FrontDoor:
    """ASGI application around Django's WSGI application.

    `handlers` are asked first, in their order, for http and websocket scopes; one that has no
    answer returns None. Settings and collected files are read once, here.
    """

    def __init__(self, wsgi: Callable[..., Any], handlers: Sequence[Handler] = ()) -> None:
        self.conf = conf.load()
        self.handlers = list(handlers)
        self.pool = Pool(self.conf.threads, self.conf.queue)
        self.django = WSGI(wsgi, self.pool, streams=self.conf.streams)
        self.security = SecurityHeaders(self.conf)
        self.static = load_static(self.conf)
        self.built = BuiltSite(self.conf)  # feature: spa

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = collect_headers(scope)
        secure = self.security.is_secure(scope, headers)
        secured = self.security.wrap(send, secure)
        client = Client(receive, secured, timeout=self.conf.send_timeout)
        try:
            answer = await self._handled(scope, headers)
            if isinstance(answer, Response):
                complete = self.security.complete(answer.headers, secure)
                client.started = True
                await send(
                    {"type": "http.response.start", "status": answer.status, "headers": complete}
                )
                await send({"type": "http.response.body", "body": answer.body})
            elif answer:
                await answer(scope, receive, secured)
            else:
                await self._answer(scope, headers, secure, receive, client)
        except ClientGone:
            logger.info("The client left: %s %r", scope["method"], scope["path"])
        except BadRequest as error:
            await _refuse(client, 400, str(error))
        except TooLarge:
            detail = f"The request is larger than {self.conf.max_body} bytes."
            await _refuse(client, 413, detail, slug="too-large")
        except TooSlow:
            await _refuse(client, 408, "The request did not arrive in time.")
        except Full:
            detail = "The server is busy. Try again in a moment."
            await _refuse(client, 503, detail, extra=[(b"retry-after", b"2")])
        except Exception:  # the last resort: one request must not end in silence
            logger.exception("%s %r failed", scope["method"], scope["path"])
            if client.started:
                raise
            await _refuse(client, 500, "The server failed.")
        finally:
            client.close()

    async def _handled(self, scope: Scope, headers: Headers) -> Answer | None:
        """What the first handler that has an answer gives."""
        for handler in self.handlers:
            found = handler(scope, headers)
            if found is None or isinstance(found, Response):  # to ask an abstract class takes long
                answer: Answer | None = found
            else:
                answer = await found if isinstance(found, Awaitable) else found
            if answer:
                return answer
        return None

    async def _answer(
        self, scope: Scope, headers: Headers, secure: bool, receive: Receive, client: Client
    ) -> None:
        method = scope["method"]
        target = target_of(scope)
        # Over plain HTTP, Django's SecurityMiddleware is the one that redirects.
        from_files = method in {"GET", "HEAD"} and (secure or not self.conf.ssl_redirect)
        if from_files and await self._answer_file(method, target, headers, client):
            return
        body, length = await read_body(
            scope, headers, receive, limit=self.conf.max_body, patience=self.conf.body_timeout
        )
        environ = build_environ(scope, headers, target.root, target.raw, body, length)
        environ |= scope.get("environ", {})
        await self.django(environ, client)

    async def _answer_file(
        self, method: str, target: Target, headers: Headers, client: Client
    ) -> bool:
        path = target.path
        media = self.conf.media_url
        if media and path.startswith(media) and isinstance(self.conf.media_root, Path):
            uploads = self.conf.media_root
            return await send_upload(uploads, path[len(media) :], method, headers, client)
        if file := self.static.get(path):
            content = file.choose(headers.get(b"accept-encoding", b""))
            await send_content(content, method, headers, client)
            return True
        return await self.built.answer(method, target, headers, client)  # feature: spa
        # without spa: return False

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = await self._handled(scope, collect_headers(scope))
        if app and not isinstance(app, Response):
            await app(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 1000})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await asyncio.to_thread(self.pool.close)
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _refuse(
    client: Client,
    status: int,
    detail: str,
    *,
    slug: str = "",
    extra: HeaderList | None = None,
) -> None:
    """Answer with a problem; what is left of the request is not read."""
    request_id = uuid4().hex
    logger.warning("Refused with %d: %s (request %s)", status, detail, request_id)
    body = problem.problem(status, detail, slug=slug, request_id=request_id)
    headers = [
        (b"content-type", problem.CONTENT_TYPE.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", b"default-src 'none'"),
        (b"x-request-id", request_id.encode()),
        *(extra or []),
    ]
    if status in {400, 408, 413}:
        headers.append((b"connection", b"close"))
    await client.start(status, headers)
    await client.finish(body)
