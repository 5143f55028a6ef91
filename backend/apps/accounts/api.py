"""The person's own data in the first-party API: take it along, or leave.

These join the router of people, because Ninja lets one router alone have a path.
"""

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts import personal_data
from apps.api.auth import signed_in, user_of
from apps.api.throttling import AddressThrottle
from apps.core.problems import NotAllowed
from apps.core.throttling import RateLimit
from apps.users.api import router

# It asks every app for all that it has.
exports = AddressThrottle(RateLimit("personal-data", "10/h"), everybody=True)


class ReauthenticationNeeded(NotAllowed):
    slug = "reauthentication-needed"
    title = "Please confirm that it is you"


@router.get(
    "/profile/export",
    response=dict[str, object],
    auth=signed_in,
    throttle=[exports],
    tags=["profile"],
)
def export_personal_data(request: HttpRequest, response: HttpResponse) -> dict[str, object]:
    """All that the site holds of the person, as a file."""
    name = f"personal-data-{timezone.now():%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return personal_data.export(user=user_of(request))


@router.delete("/profile", response={204: None}, auth=signed_in, tags=["profile"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """Delete the account, once the person has confirmed by password or second factor who they are.

    Until then 403 `reauthentication-needed`: POST to `/_allauth/browser/v1/auth/reauthenticate` or
    `/_allauth/browser/v1/auth/2fa/reauthenticate`, then again.
    """
    user = user_of(request)
    if not did_recently_reauthenticate(request):
        raise ReauthenticationNeeded("Enter your password or a code, then try again.")
    personal_data.delete_account(user=user)
    logout(request)
    return HttpResponse(status=204)
