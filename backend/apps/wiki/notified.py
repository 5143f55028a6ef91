"""What people are told, on pages of the wiki: the bell, the list, what they want to be told."""

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from apps.wiki.people import attempt, methods, see_other, signed_in
from longhouse.notifications import services
from longhouse.notifications.kinds import Mail

PER_PAGE = 25


@methods("GET")
@signed_in
def notifications(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    page = Paginator(services.notifications_of(request.user), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "choices": services.choices_of(request.user), "mails": Mail.choices}
    return render(request, "wiki/notifications.html", context)


@methods("GET")
@signed_in
def bell(request: HttpRequest) -> HttpResponse:
    """For htmx: the bell with what is unread by now."""
    return render(request, "wiki/parts/bell.html")


@methods("POST")
@signed_in
def read(request: HttpRequest) -> HttpResponse:
    """Mark what was on the page, and all before it, as read; what came meanwhile stays unread."""
    try:
        up_to = uuid.UUID(request.POST.get("up_to", ""))
    except ValueError:
        raise Http404 from None
    services.mark_all_read(request.user, up_to=up_to)
    return see_other(request, reverse("wiki:notifications"))


@methods("POST")
@signed_in
def choose(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep how somebody wants to be told of one kind."""
    mail = request.POST.get("mail", "")
    if mail not in Mail.values:
        raise Http404
    return attempt(
        request,
        lambda: services.choose(
            user=request.user, kind=kind, in_app="in_app" in request.POST, mail=Mail(mail)
        ),
        to=reverse("wiki:notifications"),
        said="Your choice is kept.",
    )


@methods("POST")
@signed_in
def open_one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Go to what a notification is about; that is to read it."""
    told = get_object_or_404(services.notifications_of(request.user), pk=pk)
    services.mark(request.user, [pk])
    return see_other(request, told.url or reverse("wiki:notifications"))
