"""What the views of editing share: who asks, in which draft, and how they are refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from apps.core.problems import TooManyRequests
from apps.wiki import trust
from longhouse.versioning.models import Branch

View = Callable[..., HttpResponse]
DRAFT = "wiki_draft"  # in the session: the name of the draft that one works on


def methods(*names: str) -> Callable[[View], View]:
    """Answer these methods only; the list of routes in the tests of access reads them."""

    def limited(view: View) -> View:
        answer: Any = require_http_methods(names)(view)
        answer.methods = names
        return answer

    return limited


def signed_in(view: View) -> View:
    """For people with an account. What they may not do is told on a page of the wiki."""

    @login_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as error:
            return refuse(request, 403, str(error) or "You may not do this.")
        except TooManyRequests as error:
            response = refuse(request, 429, error.detail)
            for name, value in error.headers.items():
                response[name] = value
            return response

    return answer


def refuse(request: HttpRequest, status: int, why: str) -> HttpResponse:
    """A page that says why not."""
    return render(request, "wiki/editing/refused.html", {"why": why}, status=status)


def see_other(request: HttpRequest, to: str, said: str = "") -> HttpResponse:
    """After a form: go on there, and be told there what was done."""
    if said:
        messages.success(request, said)
    response = HttpResponseRedirect(to)
    response.status_code = 303
    return response


def attempt(request: HttpRequest, do: Callable[[], Any], *, to: str, said: str) -> HttpResponse:
    """Do what one button says; what makes no sense is told where it leads."""
    try:
        do()
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return see_other(request, to)
    return see_other(request, to, said)


def current_draft(request: HttpRequest) -> Branch | None:
    """The draft that is edited: the one that is previewed, else the one of this session."""
    previewed: Branch | None = getattr(request, "branch", None)
    if previewed is not None:
        if not trust.may_write(request.user, previewed):
            raise PermissionDenied(
                "You are looking at a proposal of somebody else. Leave the preview to edit."
            )
        return previewed
    name = request.session.get(DRAFT)
    if not name:
        return None
    found = Branch.objects.filter(name=name, owner=request.user.pk).first()
    return found if found is not None and trust.may_write(request.user, found) else None


def work_on(request: HttpRequest, draft: Branch | None) -> None:
    """From now on the session edits this draft; None: the next change begins a new one."""
    if draft is None:
        request.session.pop(DRAFT, None)
    else:
        request.session[DRAFT] = draft.name


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of the page."""
    return "HX-Request" in request.headers
