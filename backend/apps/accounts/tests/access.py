"""django-allauth's routes: what is for those who signed in, by where it lies."""

from tests.access.cases import (
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
    Case("GET api/profile/export", SIGNED_IN),  # feature: spa
]
_ours = {
    route for route in routes() if route.partition(" ")[2].startswith(("_allauth/", "accounts/"))
}
GUARDED = {
    route for route in _ours if route.partition(" ")[2].startswith(FOR_PEOPLE) and "(" not in route
}
OPEN = _ours - GUARDED
OPEN |= {"POST api/session/provider"}  # a way to sign in  # feature: spa
# Whoever signed in, once they have said again who they are (test_personal_data.py).
GUARDED |= {"DELETE api/profile"}  # feature: spa
