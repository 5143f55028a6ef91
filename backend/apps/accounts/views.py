"""Pages under /accounts/ beside allauth's: the person's own data, and the way out."""

from allauth.account.decorators import reauthentication_required
from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts import personal_data
from apps.core.problems import Conflict
from apps.users.models import User


@require_GET
@login_required(login_url="account_login")
def data(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/data.html")


@require_GET
@reauthentication_required
def export(request: HttpRequest) -> HttpResponse:
    """All that the site holds of the person, as a file."""
    if personal_data.export_limit.hit(request):
        return respond_429(request)
    answer = JsonResponse(personal_data.export(user=_person(request)))
    answer["Content-Disposition"] = personal_data.as_download()
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "POST"])
@reauthentication_required
def delete(request: HttpRequest) -> HttpResponse:
    """Asks once more, then deletes the account."""
    if request.method == "GET":
        return render(request, "accounts/delete.html")
    try:
        personal_data.delete_account(user=_person(request))
    except Conflict as problem:
        messages.error(request, str(problem))
        return redirect("account_data")
    logout(request)
    messages.success(request, "Your account is deleted.")
    return redirect("account_login")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - what stands before lets nobody else in
    return request.user
