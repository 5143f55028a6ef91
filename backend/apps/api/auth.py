"""Who calls. Every mutating call must carry the CSRF token, sign-in too.

An operation without `auth` would be exempt from the CSRF check, and JSON can be sent across origins
as text/plain: that is how a stranger signs your browser into their account.
"""

# feature: accounts
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate

# end feature: accounts
from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.security import SessionAuth as NinjaSessionAuth

from apps.core.problems import (
    NotAllowed,  # feature: accounts
    NotSignedIn,
)
from apps.users.models import User

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}  # RFC 9110 section 9.2.1


class SessionAuth(NinjaSessionAuth):
    """Somebody signed in, with a valid CSRF token for every call that may change something."""

    def _get_key(self, request: HttpRequest) -> str | None:
        if request.method in SAFE:  # as CsrfViewMiddleware has it
            return request.COOKIES.get(self.param_name)
        return super()._get_key(request)


class CsrfOnly(APIKeyCookie):
    """Anybody, signed in or not, with a valid CSRF token."""

    param_name = settings.CSRF_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> bool:
        return True


csrf_only = CsrfOnly(csrf=True)
signed_in = SessionAuth(csrf=True)


# feature: accounts
class ReauthenticationNeeded(NotAllowed):
    slug = "reauthentication-needed"
    title = "Please confirm that it is you"


def require_confirmation(request: HttpRequest) -> None:
    """Raise ReauthenticationNeeded unless the person has just said again who they are.

    They do by `/_allauth/browser/v1/auth/reauthenticate` or `.../auth/2fa/reauthenticate`.
    """
    if not did_recently_reauthenticate(request):
        raise ReauthenticationNeeded("Enter your password or a code, then try again.")


# end feature: accounts
def user_of(request: HttpRequest) -> User:
    """The signed-in person; raises NotSignedIn when there is none."""
    if not request.user.is_authenticated:
        raise NotSignedIn()
    return request.user
