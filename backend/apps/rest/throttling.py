"""Rate limits as DRF asks for them."""

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.utils.mediatypes import media_type_matches

from apps.core.throttling import RateLimit, client_address
from apps.users.throttling import sign_in_limit

if TYPE_CHECKING:  # REST framework imports these classes by its settings.
    from rest_framework.views import APIView


class Throttle(BaseThrottle):
    """Asks `limit` about the client of a call. DRF makes one of these for each request.

    What it says goes into the answer, in the headers of draft-ietf-httpapi-ratelimit-headers-10.
    """

    limit: RateLimit
    seconds = 0

    def client(self, request: Request, view: "APIView") -> str | None:
        """Whose calls are counted together; None when this call does not count."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: "APIView") -> bool:
        client = self.client(request, view)
        if client is not None:
            turn = self.limit.take(request, client=client)
            self.seconds = turn.wait
            name = f'"{self.limit.scope}"'
            _add(view, "RateLimit", f"{name};r={turn.remaining};t={turn.reset}")
            _add(view, "RateLimit-Policy", f"{name};q={self.limit.limit};w={self.limit.seconds}")
        return not self.seconds

    def wait(self) -> float:
        return self.seconds


def _add(view: "APIView", name: str, item: str) -> None:
    """To the headers of the answer to come, beside what another limit said."""
    view.headers[name] = ", ".join(filter(None, [view.headers.get(name), item]))


class UserThrottle(Throttle):
    """Counts the calls of each person, by whatever they signed in."""

    limit = RateLimit("api-user", settings.API_USER_RATE)

    def client(self, request: Request, view: "APIView") -> str | None:
        return str(request.user.pk) if request.user.is_authenticated else None


class AddressThrottle(Throttle):
    """Counts the calls of nobody in particular, by their address."""

    limit = RateLimit("api-address", settings.API_ADDRESS_RATE)

    def client(self, request: Request, view: "APIView") -> str | None:
        return None if request.user.is_authenticated else client_address(request)


class RefreshThrottle(Throttle):
    """Counts what could be a token, and nothing that a page of another origin can send.

    Otherwise any page could lock its visitors out, with pictures and forms that point here.
    """

    limit = AddressThrottle.limit

    def client(self, request: Request, view: "APIView") -> str | None:
        can_be_read = any(
            media_type_matches(parser.media_type, request.content_type)
            for parser in view.get_parsers()
        )
        return client_address(request) if request.method == "POST" and can_be_read else None


class SignInThrottle(RefreshThrottle):
    """The same for a password."""

    limit = sign_in_limit
