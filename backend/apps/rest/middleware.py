"""CORS for the public API alone; every other path goes past it."""

from typing import Any

from corsheaders.middleware import CorsMiddleware as AnywhereCorsMiddleware
from django.http import HttpRequest

PREFIX = "/api/v1/"


class CorsMiddleware(AnywhereCorsMiddleware):
    lane_safe = True  # feature: spa

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(PREFIX):
            return super().__call__(request)
        return self.get_response(request)
