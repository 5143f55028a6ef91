"""Pages on which people edit, in drafts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from apps.wiki import trust
from apps.wiki.forms import EditForm, NewPhotoForm, edit_form
from apps.wiki.models import Area, Company, Park, Photo, Ride, RideEvent
from apps.wiki.people import attempt, current_draft, is_part, methods, see_other, signed_in, work_on
from apps.wiki.services import drafts
from apps.wiki.throttling import count_edit
from longhouse.versioning.branches import branch_context
from longhouse.versioning.middleware import select_branch
from longhouse.versioning.models import Branch, Commit

KINDS: dict[str, type[models.Model]] = {
    "park": Park,
    "ride": Ride,
    "company": Company,
    "area": Area,
    "event": RideEvent,
    "photo": Photo,
}
# What a new row of a kind is part of: one of these.
PARTS: dict[str, dict[str, type[models.Model]]] = {
    "ride": {"park": Park},
    "area": {"park": Park},
    "event": {"ride": Ride},
    "photo": {"park": Park, "ride": Ride},
}


@methods("GET")
def edit_park(request: HttpRequest, park: str) -> HttpResponse:
    return _by_slug(request, "park", slug=park)


@methods("GET")
def edit_ride(request: HttpRequest, park: str, ride: str) -> HttpResponse:
    return _by_slug(request, "ride", park__slug=park, slug=ride)


@methods("GET")
def edit_company(request: HttpRequest, company: str) -> HttpResponse:
    return _by_slug(request, "company", slug=company)


@signed_in
def _by_slug(request: HttpRequest, kind: str, **which: Any) -> HttpResponse:
    """To the address that stays the same while the slug is edited."""
    with branch_context(current_draft(request)):
        row = get_object_or_404(_model(kind), **which)
    return see_other(request, reverse("wiki:edit", args=[kind, row.pk]))


@methods("GET", "POST")
@signed_in
def edit(request: HttpRequest, kind: str, pk: Any) -> HttpResponse:
    """The form of one row. htmx sends it while somebody types, and gets what has become of it."""
    model = _model(kind)
    draft = current_draft(request)
    with branch_context(draft):
        row = get_object_or_404(model, pk=pk)
        shown: dict[str, Any] = {"kind": kind, "row": row, "title": str(row), "draft": draft}
        if request.method == "GET":
            return _form_page(request, _form(model, row), shown)
        form = _form(model, row, request.POST)
        if not form.is_valid():
            return _form_page(request, form, shown, status=422)
    if not form.has_changed():
        return _saved(request, shown, row)
    count_edit(request)
    try:
        with transaction.atomic():
            if draft is None:
                draft = drafts.start(by=request.user, title=shown["title"])
            saved = drafts.edit(
                draft,
                model,
                pk,
                by=request.user,
                seen=form.cleaned_data["seen"] or 0,
                values=form.values(),
            )
    except drafts.StaleFields as error:
        with branch_context(draft):
            return _form_page(request, _stale(form, error), shown, status=409)
    except ValidationError as error:
        form.add_error(None, error)
        with branch_context(draft):
            return _form_page(request, form, shown, status=422)
    work_on(request, draft)
    return _saved(request, {**shown, "draft": draft}, saved)


@methods("GET", "POST")
@signed_in
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of a row that is not there yet."""
    model = _model(kind)
    draft = current_draft(request)
    if request.FILES:
        count_edit(request)  # to decode it costs, whatever becomes of it
    with branch_context(draft):
        row: Any = model()
        part_of = _set_part(request, kind, row)
        shown = {"kind": kind, "row": row, "is_new": True, "part_of": part_of, "draft": draft}
        shown["title"] = f"New {model._meta.verbose_name}"
        form = _form(model, row, request.POST or None, request.FILES or None)
        if request.method == "GET":
            return _form_page(request, form, shown)
        if not form.is_valid():
            return _form_page(request, form, shown, status=422)
    if not request.FILES:
        count_edit(request)
    try:
        with transaction.atomic():
            draft = draft or drafts.start(by=request.user, title=f"Add {form.instance}")
            drafts.create(draft, form.instance, by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        with branch_context(draft):
            return _form_page(request, form, shown, status=422)
    work_on(request, draft)
    return _saved(request, {**shown, "draft": draft}, form.instance)


@methods("GET", "POST")
@signed_in
def delete(request: HttpRequest, kind: str, pk: Any) -> HttpResponse:
    """Ask, then delete a row in a draft: a proposal to delete it."""
    model = _model(kind)
    draft = current_draft(request)
    with branch_context(draft):
        row = get_object_or_404(model, pk=pk)
        if request.method == "GET":
            shown = {"kind": kind, "row": row, "draft": draft}
            return render(request, "wiki/editing/delete.html", shown)
    count_edit(request)
    with transaction.atomic():
        draft = draft or drafts.start(by=request.user, title=f"Delete {row}")
        back = reverse("wiki:proposal", args=[draft.name])
        try:
            with transaction.atomic():
                drafts.delete(draft, model, pk, by=request.user)
        except ValidationError as error:
            with branch_context(draft):
                shown = {"kind": kind, "row": row, "error": " ".join(error.messages)}
                answer = render(request, "wiki/editing/delete.html", shown, status=422)
            transaction.set_rollback(True)
            return answer
    work_on(request, draft)
    return see_other(request, back, "It is deleted in your draft. Propose it to the others.")


@methods("POST")
@signed_in
def restore(request: HttpRequest, kind: str, pk: Any, commit: int) -> HttpResponse:
    """Make a row in a draft what it was after a commit."""
    model = _model(kind)
    then = get_object_or_404(Commit, pk=commit, branch=None)
    count_edit(request)
    draft = current_draft(request)
    with transaction.atomic():
        draft = draft or drafts.start(by=request.user, title=f"Restore an earlier {kind}")
        drafts.restore(draft, model, pk, by=request.user, to=then)
    work_on(request, draft)
    return see_other(
        request, reverse("wiki:proposal", args=[draft.name]), "It is restored in your draft."
    )


# Drafts -------------------------------------------------------------------------------------------


@methods("GET")
@signed_in
def my_drafts(request: HttpRequest) -> HttpResponse:
    """What somebody has begun and not proposed."""
    mine = Branch.objects.filter(
        owner=request.user.pk, status=Branch.Status.DRAFT, is_archived=False
    ).order_by("-pk")[:100]
    return render(
        request, "wiki/editing/drafts.html", {"drafts": mine, "draft": current_draft(request)}
    )


@methods("POST")
@signed_in
def choose_draft(request: HttpRequest, name: str = "") -> HttpResponse:
    """Go on with a draft, or with none: then the next change begins a new one."""
    if name:
        draft = get_object_or_404(Branch, name=name, owner=request.user.pk)
        work_on(request, draft)
        return see_other(request, reverse("wiki:proposal", args=[name]), "You go on with this.")
    work_on(request, None)
    select_branch(request, None)
    return see_other(request, reverse("wiki:drafts"), "Your next change begins a new draft.")


@methods("POST")
@signed_in
def throw_away(request: HttpRequest, name: str) -> HttpResponse:
    """Delete a draft."""
    draft = visible(request, name)
    if getattr(request, "branch", None) == draft:
        select_branch(request, None)
    return attempt(
        request,
        lambda: drafts.throw_away(draft, by=request.user),
        to=reverse("wiki:drafts"),
        said="The draft is gone.",
    )


@methods("POST")
@signed_in
def take_back(request: HttpRequest, name: str) -> HttpResponse:
    """Forget what a draft has changed of one row."""
    draft = visible(request, name)
    kind = {model._meta.label_lower: model for model in KINDS.values()}
    model = kind.get(request.POST.get("model", ""))
    if model is None:
        raise Http404
    return attempt(
        request,
        lambda: drafts.take_back(
            draft, model, model._meta.pk.to_python(request.POST.get("pk")), by=request.user
        ),
        to=reverse("wiki:proposal", args=[name]),
        said="It is again what the wiki has.",
    )


@methods("POST")
@signed_in
def preview(request: HttpRequest, name: str) -> HttpResponse:
    """See the whole wiki as a draft or a proposal makes it."""
    select_branch(request, visible(request, name))
    return see_other(request, reverse("wiki:home"))


@methods("POST")
def leave_preview(request: HttpRequest) -> HttpResponse:
    """See the wiki as it is."""
    previewed = getattr(request, "branch", None)
    select_branch(request, None)
    if previewed is None:
        return see_other(request, reverse("wiki:home"))
    return see_other(request, reverse("wiki:proposal", args=[previewed.name]))


def visible(request: HttpRequest, name: str) -> Branch:
    """The branch, if whoever asks may see it. Raises Http404."""
    branch: Branch = get_object_or_404(Branch.objects.select_related("owner"), name=name)
    if not trust.may_see(request.user, branch):
        raise Http404
    return branch


def _model(kind: str) -> type[models.Model]:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _set_part(request: HttpRequest, kind: str, row: Any) -> Any:
    """Make a new row part of what the address names; that, or None. Raises Http404."""
    for name, model in PARTS.get(kind, {}).items():
        if name in request.GET:
            parent = get_object_or_404(model, pk=_key(request, name))
            setattr(row, name, parent)
            return parent
    if kind in PARTS:
        raise Http404
    return None


def _key(request: HttpRequest, name: str) -> Any:
    try:
        return models.UUIDField().to_python(request.GET.get(name))
    except ValidationError:
        raise Http404 from None


def _form(model: type[models.Model], row: Any, data: Any = None, files: Any = None) -> EditForm:
    is_upload = model is Photo and row._state.adding
    made = NewPhotoForm if is_upload else edit_form(model)
    form = made(data, files, instance=row)
    if "area" in form.fields:
        choices: Any = form.fields["area"]
        choices.queryset = Area.objects.filter(park=row.park_id)
    return form


def _stale(form: EditForm, error: drafts.StaleFields) -> EditForm:
    """The same form, about the version that there is now."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data["seen"] = str(error.rev)
    again = type(form)(data, instance=form.instance)
    again.is_valid()
    for name, value in error.now.items():
        again.add_error(
            name,
            f"Somebody has changed this meanwhile, to “{value or 'nothing'}”. "
            "Send yours again to replace it.",
        )
    return again


def _form_page(
    request: HttpRequest, form: EditForm, shown: dict[str, Any], status: int = 200
) -> HttpResponse:
    name = "wiki/editing/_saved.html" if is_part(request) else "wiki/editing/edit.html"
    response = render(request, name, {**shown, "form": form}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _saved(request: HttpRequest, shown: dict[str, Any], row: Any) -> HttpResponse:
    draft = shown["draft"]
    if is_part(request):
        response = render(request, "wiki/editing/_saved.html", {**shown, "saved": row})
        patch_vary_headers(response, ["HX-Request"])
        return response
    if draft is None:
        return see_other(request, reverse("wiki:edit", args=[shown["kind"], row.pk]))
    if "propose" in request.POST:
        return see_other(request, reverse("wiki:proposal", args=[draft.name]), "Saved.")
    return see_other(
        request, reverse("wiki:edit", args=[shown["kind"], row.pk]), "Saved in your draft."
    )
