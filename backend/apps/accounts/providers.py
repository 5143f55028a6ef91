"""Other providers, where allauth's own ways end in an error page."""

import logging
from http import HTTPStatus
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from requests import RequestException

from apps.core.problems import Problem, respond

logger = logging.getLogger(__name__)


class ProviderUnavailable(Problem, ImmediateHttpResponse):
    """The same problem from our own API and from allauth's."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    slug = "provider-unavailable"
    title = "The provider does not answer"

    @property
    def response(self) -> HttpResponse:
        return respond(self)


class OpenIDConnect(OpenIDConnectProvider):
    """One that says itself where people sign in, if it answers."""

    package = OpenIDConnectProvider.get_package()  # where allauth finds its URLs

    def redirect(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().redirect(request, *args, **kwargs)
        except (RequestException, KeyError) as error:
            logger.warning("%s does not answer as a provider does: %r", self.server_url, error)
            raise ProviderUnavailable(
                f"{self.name} does not answer now. Try again later, or choose another way."
            ) from error
        return answer

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Some say the text "false" when they mean it; allauth would take that for a yes."""
        addresses: list[EmailAddress] = super().extract_email_addresses(data)
        for address in addresses:
            address.verified = address.verified in (True, "true")
        return addresses

    def redirect_from_request(self, request: HttpRequest) -> HttpResponse:
        """From the pages under /accounts/: back to one, which says so."""
        try:
            answer: HttpResponse = super().redirect_from_request(request)
        except ProviderUnavailable as problem:
            messages.error(request, problem.detail)
            connecting = request.GET.get("process") == AuthProcess.CONNECT
            return redirect("socialaccount_connections" if connecting else "account_login")
        return answer
