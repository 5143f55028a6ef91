"""Rate limits as Ninja asks for them."""

from threading import local

from django.conf import settings
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from apps.core.throttling import RateLimit


class AddressThrottle(local, BaseThrottle):
    """Asks `limit`. People who are signed in are counted only with `everybody`.

    Ninja asks this one object for all requests, first whether and then how long to wait: each
    thread needs its own answer.
    """

    def __init__(self, limit: RateLimit, *, everybody: bool = False) -> None:
        self.limit = limit
        self.everybody = everybody
        self.seconds = 0

    def allow_request(self, request: HttpRequest) -> bool:
        if not self.everybody and request.user.is_authenticated:
            return True
        self.seconds = self.limit.hit(request)
        return not self.seconds

    def wait(self) -> float:
        return self.seconds


# Decoding a picture costs more than anything else here: one count for all that take one.
uploads = AddressThrottle(RateLimit("upload", settings.UPLOAD_RATE), everybody=True)
