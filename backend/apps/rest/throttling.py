"""Rate limits as DRF asks for them."""

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.utils.mediatypes import media_type_matches
from rest_framework.views import APIView

from apps.core.throttling import RateLimit
from apps.users.throttling import sign_in_limit


class AddressThrottle(BaseThrottle):
    """Asks `limit`, which a subclass names. DRF makes one of these for each request."""

    limit: RateLimit
    seconds = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.seconds = self.limit.hit(request)
        return not self.seconds

    def wait(self) -> float:
        return self.seconds


class SignInThrottle(AddressThrottle):
    """Counts what could sign somebody in, and nothing that a page of another origin can send.

    Otherwise any page could lock its visitors out, with pictures and forms that point here.
    """

    limit = sign_in_limit

    def allow_request(self, request: Request, view: APIView) -> bool:
        can_be_read = any(
            media_type_matches(parser.media_type, request.content_type)
            for parser in view.get_parsers()
        )
        if request.method == "POST" and can_be_read:
            return super().allow_request(request, view)
        return True
