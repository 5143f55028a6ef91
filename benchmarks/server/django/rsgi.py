"""The front door's ordinary path spoken through RSGI: only to measure what that would save."""

from io import BytesIO
from typing import Any

from longhouse.frontdoor import conf
from longhouse.frontdoor.pool import Pool
from longhouse.frontdoor.table import load_static
from longhouse.frontdoor.wsgi import WSGI, Reply, build_environ


class RSGIDoor:
    def __init__(self, wsgi: Any) -> None:
        self.conf = conf.load()
        self.pool = Pool(self.conf.threads, self.conf.queue)
        self.django = WSGI(wsgi, self.pool, streams=1)
        self.extra = conf.security_headers()[0]
        self.static = load_static(self.conf)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        headers = {k.encode(): v.encode() for k, v in scope.headers.items() if "_" not in k}
        file = self.static.get(scope.path)
        if file is not None:
            content = file.choose(headers.get(b"accept-encoding", b""))
            fixed = [(k.decode(), v.decode()) for k, v in content.headers]
            etag = ("etag", content.etag.decode())
            protocol.response_bytes(200, [*fixed, etag, *self.extra], content.body)
            return
        host, _, port = scope.client.rpartition(":")
        environ = build_environ(
            {
                "method": scope.method,
                "query_string": scope.query_string.encode(),
                "scheme": scope.scheme,
                "client": (host, port),
                "server": tuple(scope.server.rsplit(":", 1)),
                "http_version": scope.http_version,
            },
            headers,
            "",
            scope.path,
            BytesIO(),
            0,
        )

        def call(resolve: Any) -> None:
            self.django._call(environ, resolve)

        reply: Reply = await self.pool.run(call)
        answer = [(k.decode(), v.decode()) for k, v in reply.headers]
        present = {name for name, _ in answer}
        protocol.response_bytes(
            reply.status, [*answer, *(h for h in self.extra if h[0] not in present)], reply.body
        )
