"""django-allauth's routes: what is for those who signed in, by where it lies."""

# feature: spa
from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.models import SocialApp

from apps.users.models import User

# end feature: spa
from tests.access.cases import (
    EVERYBODY,  # feature: spa
    SIGNED_IN,  # feature: spa
    Case,
)
from tests.access.routes import routes

FOR_PEOPLE = (
    *("_allauth/browser/v1/account/", "_allauth/browser/v1/auth/sessions"),
    *("accounts/2fa/recovery", "accounts/2fa/totp/", "accounts/2fa/webauthn/add/"),
    *("accounts/2fa/webauthn/keys/", "accounts/data/", "accounts/delete/", "accounts/email/"),
    *("accounts/password/change/", "accounts/password/set/", "accounts/reauthenticate/"),
    "accounts/sessions/",
)

CASES: list[Case] = [
    # feature: spa
    Case("GET api/profile/export", SIGNED_IN),
    Case("DELETE api/profile", SIGNED_IN, confirmed=True),
    Case(
        "POST api/session/provider",
        EVERYBODY,
        body={"provider": "github", "process": "login", "callback_url": "/sign-in/callback"},
    ),
    # end feature: spa
]
_ours = {
    route for route in routes() if route.partition(" ")[2].startswith(("_allauth/", "accounts/"))
}
GUARDED = {
    route for route in _ours if route.partition(" ")[2].startswith(FOR_PEOPLE) and "(" not in route
}
OPEN = _ours - GUARDED


# feature: spa
def things(owner: User) -> Mapping[str, Any]:
    # A provider that is set up; asking for the way there calls nobody.
    keys = {"client_id": "id", "secret": "secret"}
    SocialApp.objects.create(provider="github", name="GitHub", **keys)
    return {"owner": owner}


# end feature: spa
