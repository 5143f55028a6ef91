"""Requests, counted before everything else that answers them."""

from time import perf_counter
from typing import Any

from prometheus_client import Histogram

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
SECONDS = Histogram(
    "http_request_seconds",
    "From a request to the begin of its answer.",
    ("method", "status"),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Measured:
    """An ASGI application whose HTTP requests are counted."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        began = perf_counter()
        method = scope["method"] if scope["method"] in METHODS else "other"

        async def counting(message: Any) -> None:
            if message["type"] == "http.response.start":
                SECONDS.labels(method, message["status"]).observe(perf_counter() - began)
            await send(message)

        await self.application(scope, receive, counting)
