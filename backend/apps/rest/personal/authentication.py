from typing import Any

from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication

from apps.rest.personal import scopes, secret, services


class PersonalTokenAuthentication(JWTAuthentication):
    """`Authorization: Bearer lh_pat_…`; what else is a bearer token goes on to the next class.

    The scopes are asked here and not by a permission class, which a viewset that names its own
    would leave out.
    """

    def authenticate(self, request: Request) -> Any:
        header = self.get_header(request)
        text = (header and self.get_raw_token(header)) or b""
        if not text.startswith(secret.PREFIX.encode()):
            return None
        token = services.use(text=text.decode("latin-1"), request=request._request)
        if token is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        # Views that are no viewsets have no name: they want a scope for everything.
        basename = getattr(request.parser_context["view"], "basename", None)
        needed = scopes.needed(method=request.method or "", basename=basename)
        if needed.isdisjoint(token.scopes):
            wanted = " or ".join(sorted(needed))
            raise PermissionDenied(f"This token needs one of the scopes {wanted}.")
        return token.user, token
