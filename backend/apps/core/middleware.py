"""One id per request: the caller's if sane; in the answer and in every line of the log."""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.contrib.messages.middleware import MessageMiddleware as DjangoMessageMiddleware
from django.http import HttpRequest, HttpResponse
from uuid_utils import uuid7

HEADER = "X-Request-ID"
META_KEY = "HTTP_X_REQUEST_ID"  # request.headers would read all of them
SANE_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="-")


class request_id:
    """The id of a request that came with `given` in its header, current as long as it lasts."""

    # A class, because a generator's context manager takes thrice as long.

    def __init__(self, given: str) -> None:
        self.chosen = given if SANE_ID.fullmatch(given) else str(uuid7())

    def __enter__(self) -> str:
        self.token = current_request_id.set(self.chosen)
        return self.chosen

    def __exit__(self, *_: object) -> None:
        current_request_id.reset(self.token)


class RequestIDMiddleware:
    lane_safe = True  # feature: spa

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with request_id(request.META.get(META_KEY, "")) as chosen:
            request.request_id = chosen  # type: ignore[attr-defined]
            response = self.get_response(request)
        response[HEADER] = chosen
        return response


class MessageMiddleware(DjangoMessageMiddleware):
    """Messages are for the next page: calls of an API go past it."""

    lane_safe = True  # feature: spa

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith("/api/"):
            return self.get_response(request)
        return super().__call__(request)


class RequestIDFilter(logging.Filter):
    """Gives each log record the `request_id` that the log format names."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True
