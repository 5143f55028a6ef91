from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request

from apps.core.throttling import RateLimit
from apps.rest.personal.models import PersonalToken
from apps.rest.throttling import Throttle

if TYPE_CHECKING:
    from rest_framework.views import APIView


class PersonalTokenThrottle(Throttle):
    """Counts the calls of each token, so that one program leaves room for the person's others."""

    limit = RateLimit("api-token", settings.API_TOKEN_RATE)

    def client(self, request: Request, view: "APIView") -> str | None:
        return str(request.auth.pk) if isinstance(request.auth, PersonalToken) else None
