"""Accounts in the first-party API: the way to another provider, and the person's own data.

These join the router of people, because Ninja lets one router alone have a path.
"""

from typing import Literal

from allauth.headless.socialaccount.forms import RedirectToProviderForm
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from apps.accounts import personal_data
from apps.api.auth import csrf_only, require_confirmation, signed_in, user_of
from apps.api.schemas import In, Out
from apps.api.throttling import AddressThrottle
from apps.users.api import router
from apps.users.throttling import sign_in_limit


class ProviderChoice(In):
    provider: str
    process: Literal["login", "connect"]
    callback_url: str  # a path of this site


class ProviderAddress(Out):
    url: str


@router.post(
    "/session/provider",
    response=ProviderAddress,
    auth=csrf_only,
    throttle=[AddressThrottle(sign_in_limit, everybody=True)],
    tags=["session"],
)
def start_provider(request: HttpRequest, choice: ProviderChoice) -> dict[str, str]:
    """Where the browser has to go to sign in, or to connect an account, at another provider.

    allauth's own operation answers a form with a redirect, which `form-action 'self'` forbids.
    """
    form = RedirectToProviderForm(choice.model_dump())
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    cleaned = form.cleaned_data
    answer = cleaned["provider"].redirect(
        request, cleaned["process"], next_url=cleaned["callback_url"], headless=True
    )
    return {"url": answer["Location"]}


@router.get(
    "/profile/export",
    response=dict[str, object],
    auth=signed_in,
    throttle=[AddressThrottle(personal_data.export_limit, everybody=True)],
    tags=["profile"],
)
def export_personal_data(request: HttpRequest, response: HttpResponse) -> dict[str, object]:
    """All that the site holds of the person, as a file."""
    response["Content-Disposition"] = personal_data.as_download()
    return personal_data.export(user=user_of(request))


@router.delete("/profile", response={204: None}, auth=signed_in, tags=["profile"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """Delete the account, once the person has confirmed by password or second factor who they are.

    Until then 403 `reauthentication-needed`: POST to `/_allauth/browser/v1/auth/reauthenticate` or
    `/_allauth/browser/v1/auth/2fa/reauthenticate`, then again.
    """
    user = user_of(request)
    require_confirmation(request)
    personal_data.delete_account(user=user)
    logout(request)
    return HttpResponse(status=204)
