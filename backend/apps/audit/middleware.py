"""The request that is under way, and its events that wait for the end of a transaction."""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from apps.audit import services

_current: ContextVar[HttpRequest | None] = ContextVar("audited_request", default=None)


def current_request() -> HttpRequest | None:
    """For signals of models, which tell of no request."""
    return _current.get()


class SecurityEventsMiddleware:
    lane_safe = True  # feature: spa

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _current.set(request)
        try:
            with services.held(request):
                return self.get_response(request)
        finally:
            _current.reset(token)
