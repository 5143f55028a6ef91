"""Pages on which people watch others, and see which they watch."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from apps.wiki.models import Watch
from apps.wiki.people import attempt, methods, see_other, signed_in
from apps.wiki.services import watching
from apps.wiki.throttling import count_edit
from longhouse.versioning.branches import branch_context

PER_PAGE = 50


@methods("POST")
@signed_in
def watch(request: HttpRequest, kind: str, pk: Any) -> HttpResponse:
    """Watch a page from now on."""
    if kind not in watching.PAGES:
        raise Http404
    with branch_context(None):  # of what is in a draft alone, nothing can be told
        row: Any = get_object_or_404(watching.PAGES[kind], pk=pk)
        to = row.get_absolute_url()
    count_edit(request)
    return attempt(
        request, lambda: watching.watch(row, by=request.user), to=to, said="You watch this page."
    )


@methods("POST")
@signed_in
def unwatch(request: HttpRequest, kind: str, pk: Any) -> HttpResponse:
    """Watch a page no more."""
    watching.unwatch(kind, pk, by=request.user)
    with branch_context(None):
        model = watching.PAGES.get(kind)
        row: Any = model._base_manager.filter(pk=pk).first() if model else None
        from_list = row is None or "list" in request.POST
        to = reverse("wiki:watched") if from_list else row.get_absolute_url()
    return see_other(request, to, "You watch it no more.")


@methods("GET")
@signed_in
def watched(request: HttpRequest) -> HttpResponse:
    """What somebody watches, the newest first."""
    mine = Watch.objects.filter(user=request.user.pk)
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    with branch_context(None):
        rows = watching.rows_of(page)
        shown = [(one, rows.get(one.object_id)) for one in page]
        return render(request, "wiki/editing/watched.html", {"page": page, "watched": shown})
