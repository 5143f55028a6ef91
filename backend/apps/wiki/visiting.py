"""Pages for what visitors write for themselves: reviews of rides, lists."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from apps.wiki import trust
from apps.wiki.forms import ListForm, ModerationForm, VisitForm
from apps.wiki.models import List, ListEntry, Park, Review, Ride
from apps.wiki.people import attempt, methods, see_other, signed_in
from apps.wiki.services import visitors
from apps.wiki.throttling import count_edit
from longhouse.versioning.branches import branch_context

PER_PAGE = 25


@methods("GET", "POST")
@signed_in
def write_review(request: HttpRequest, ride: Any) -> HttpResponse:
    """Say how a ride was."""
    with branch_context(None):
        found = get_object_or_404(Ride.objects.select_related("park"), pk=ride)
        mine = Review.objects.filter(ride=found, author=request.user.pk).first()
        form = VisitForm(request.POST or None, instance=mine or Review(ride=found))
        if request.method == "POST" and form.is_valid():
            count_edit(request)
            made = visitors.write_review(found, by=request.user, **form.cleaned_data)
            waits = made.state == Review.State.WAITING
            said = "Thank you. A moderator looks at it first." if waits else "Thank you."
            return see_other(request, found.get_absolute_url(), said)
        context = {"form": form, "ride": found, "mine": mine}
        status = 422 if form.is_bound else 200
        return render(request, "wiki/editing/review.html", context, status=status)


@methods("POST")
@signed_in
def delete_review(request: HttpRequest, pk: Any) -> HttpResponse:
    """Take one's own review away."""
    with branch_context(None):
        review = get_object_or_404(Review.objects.select_related("ride__park"), pk=pk)
        ride = review.ride.get_absolute_url()
        visitors.delete_review(review, by=request.user)
    return see_other(request, ride, "Your review is gone.")


@methods("GET")
@signed_in
def moderation(request: HttpRequest) -> HttpResponse:
    """Reviews that wait for a moderator, the oldest first."""
    if not request.user.has_perm(trust.MODERATE):
        raise PermissionDenied("Moderators decide about reviews.")
    with branch_context(None):
        waiting = Review.objects.filter(state=Review.State.WAITING)
        rows = waiting.select_related("ride__park", "author").order_by("created_at", "pk")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "wiki/editing/moderation.html", {"page": page})


@methods("POST")
@signed_in
def moderate(request: HttpRequest, pk: Any) -> HttpResponse:
    """Show or hide one review."""
    with branch_context(None):
        review = get_object_or_404(Review, pk=pk)
        form = ModerationForm(request.POST)

        def decide() -> None:
            if not form.is_valid():
                raise ValidationError("Show it, or hide it and say why in 300 characters.")
            visitors.moderate(review, by=request.user, **form.cleaned_data)

        return attempt(request, decide, to=reverse("wiki:moderation"), said="Decided.")


@methods("GET", "POST")
@signed_in
def edit_list(request: HttpRequest, pk: Any = None) -> HttpResponse:
    """Make a list, or change one's own."""
    with branch_context(None):
        found = get_object_or_404(List, pk=pk, owner=request.user.pk) if pk else None
        form = ListForm(request.POST or None, instance=found)
        if request.method == "POST" and form.is_valid():
            count_edit(request)
            try:
                found = visitors.save_list(found, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                return see_other(request, reverse("wiki:edit-list", args=[found.pk]), "Saved.")
        entries = (
            ListEntry.objects.filter(list=found)
            .select_related("ride__park", "park")
            .order_by("position", "pk")
            if found is not None
            else []
        )
        context = {"form": form, "list": found, "entries": entries}
        status = 422 if form.is_bound else 200
        return render(request, "wiki/editing/list.html", context, status=status)


@methods("POST")
@signed_in
def delete_list(request: HttpRequest, pk: Any) -> HttpResponse:
    """Delete one's own list."""
    with branch_context(None):
        visitors.delete_list(get_object_or_404(List, pk=pk), by=request.user)
    return see_other(request, reverse("wiki:my-lists"), "The list is gone.")


@methods("GET")
@signed_in
def my_lists(request: HttpRequest) -> HttpResponse:
    """One's own lists; there are few of them."""
    with branch_context(None):
        mine = List.objects.filter(owner=request.user.pk).order_by("name")
        return render(request, "wiki/editing/lists.html", {"lists": mine})


@methods("GET", "POST")
@signed_in
def add_to_list(request: HttpRequest, kind: str, pk: Any) -> HttpResponse:
    """Choose the list that a ride or a park goes into."""
    with branch_context(None):
        model = {"ride": Ride, "park": Park}[kind]
        row: Any = get_object_or_404(model, pk=pk)
        mine = List.objects.filter(owner=request.user.pk).order_by("name")
        if request.method == "GET":
            return render(request, "wiki/editing/add_to_list.html", {"row": row, "lists": mine})
        found = get_object_or_404(mine, pk=_uuid(request.POST.get("list")))
        return attempt(
            request,
            lambda: visitors.add_to_list(found, by=request.user, **{kind: row}),
            to=row.get_absolute_url(),
            said=f"It is in “{found.name}”.",
        )


@methods("POST")
@signed_in
def remove_from_list(request: HttpRequest, pk: Any) -> HttpResponse:
    """Take an entry out of one's own list."""
    with branch_context(None):
        entry = get_object_or_404(ListEntry.objects.select_related("list"), pk=pk)
        visitors.remove_from_list(entry, by=request.user)
    return see_other(request, reverse("wiki:edit-list", args=[entry.list_id]))


def _uuid(text: str | None) -> Any:
    try:
        return List._meta.pk.to_python(text)
    except ValidationError:
        return None
