"""Pages on which proposals are read, discussed, decided and taken back."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from apps.users.models import User
from apps.wiki import trust
from apps.wiki.changes import shown
from apps.wiki.editing import visible
from apps.wiki.forms import (
    CommentForm,
    DescribeForm,
    FilterForm,
    ReviewForm,
    UndoForm,
    decision_form,
)
from apps.wiki.people import DRAFT, attempt, methods, refuse, see_other, signed_in, work_on
from apps.wiki.services import proposals, undoing
from apps.wiki.throttling import count_edit
from longhouse.versioning import reviews
from longhouse.versioning.branches import branch_context
from longhouse.versioning.conflicts import MergeConflict
from longhouse.versioning.diff import commit_diff, diff
from longhouse.versioning.merge import find_conflicts
from longhouse.versioning.models import Branch, Commit, Conflict

PER_PAGE = 25
CHANGES = 50  # on one page of a proposal
Status = Branch.Status


@methods("GET")
def proposals_list(request: HttpRequest) -> HttpResponse:
    """What was proposed, the newest first."""
    form = FilterForm(request.GET)
    found = Branch.objects.filter(base=None).exclude(status=Status.DRAFT).select_related("owner")
    if form.is_valid():
        if form.cleaned_data["status"]:
            found = found.filter(status=form.cleaned_data["status"])
        if form.cleaned_data["mine"]:
            found = found.filter(owner=request.user.pk)
    page = Paginator(found.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "wiki/proposals/list.html", {"form": form, "page": page})


@methods("GET")
def proposal(request: HttpRequest, name: str) -> HttpResponse:
    """One proposal, or a draft of one's own: what it changes, and what is said of it."""
    return _page(request, visible(request, name))


def _page(request: HttpRequest, branch: Branch, *, status: int = 200, **forms: Any) -> HttpResponse:
    user: Any = request.user
    comments = list(branch.comments.select_related("author"))
    merge = branch.merges.filter(branch=None).select_related("author").order_by("-pk").first()
    after = request.GET.get("after", "")
    try:
        if branch.status == Status.MERGED and merge is not None:
            changes = commit_diff(merge, limit=CHANGES, after=after)
        else:
            changes = diff(branch, limit=CHANGES, after=after)
    except ValidationError:
        raise Http404 from None
    is_open = branch.status == Status.OPEN
    may_review = is_open and reviews.may(user, "review", branch) and user.pk != branch.owner_id
    head = reviews.head(branch) if is_open else ""
    missing = reviews.missing(branch) if is_open else []
    context = {
        "branch": branch,
        "changes": shown(changes.changes, branch=branch, comments=comments),
        "next": changes.next,
        "is_split": request.GET.get("view") == "split",
        "comments": [one for one in comments if not one.model],
        "reviews": [(one, one.head == head) for one in branch.reviews.select_related("reviewer")],
        "merge": merge,
        "missing": missing,
        "conflicts": 0 if branch.is_over else branch.conflicts.filter(choice="").count(),
        "may_write": trust.may_write(user, branch),
        "may_review": may_review,
        "may_merge": is_open and not missing and reviews.may(user, "merge", branch),
        "may_close": not branch.is_over
        and (trust.may_write(user, branch) or reviews.may(user, "merge", branch)),
        "may_revert_at_once": user.has_perm(trust.MODERATE),
        "is_owner": user.pk == branch.owner_id,
        "describe": DescribeForm(
            initial={"title": branch.title, "description": branch.description}
        ),
        "comment": CommentForm(auto_id="comment_%s"),
        "review": ReviewForm(initial={"head": head}, auto_id="review_%s"),
        **forms,
    }
    return render(request, "wiki/proposals/detail.html", context, status=status)


@methods("POST")
@signed_in
def submit(request: HttpRequest, name: str) -> HttpResponse:
    """Propose a draft to the others."""
    branch = visible(request, name)
    form = DescribeForm(request.POST)
    if not form.is_valid():
        return _page(request, branch, status=422, describe=form)
    try:
        proposals.submit(branch, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _page(request, branch, status=422, describe=form)
    if request.session.get(DRAFT) == branch.name:
        work_on(request, None)
    return _back(request, branch, "It is proposed. Others look at it now.")


@methods("POST")
@signed_in
def act(request: HttpRequest, name: str, action: str) -> HttpResponse:
    """Withdraw, close or reopen a proposal."""
    branch = visible(request, name)
    do = {
        "withdraw": proposals.withdraw,
        "close": proposals.close,
        "reopen": proposals.reopen,
    }[action]
    return attempt(
        request,
        lambda: do(branch, by=request.user),
        to=_address(branch),
        said={"withdraw": "It is a draft again.", "close": "It is closed."}.get(
            action, "It is open for changes again."
        ),
    )


@methods("POST")
@signed_in
def comment(request: HttpRequest, name: str) -> HttpResponse:
    """Say something of a proposal, or of one change."""
    branch = visible(request, name)
    form = CommentForm(request.POST, auto_id="comment_%s")
    if not form.is_valid():
        return _page(request, branch, status=422, comment=form)
    count_edit(request)
    proposals.comment(branch, by=request.user, **form.cleaned_data)
    anchor = form.cleaned_data["object_pk"]
    return see_other(request, _address(branch) + (f"#change-{anchor}" if anchor else "#discussion"))


@methods("POST")
@signed_in
def review(request: HttpRequest, name: str) -> HttpResponse:
    """Approve, or request changes of, what was on the page."""
    branch = visible(request, name)
    form = ReviewForm(request.POST, auto_id="review_%s")
    if form.is_valid():
        try:
            proposals.review(branch, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
            form.data = {**request.POST.dict(), "head": reviews.head(branch)}
        else:
            return _back(request, branch, "Thank you for looking at it.")
    return _page(request, branch, status=422, review=form)


@methods("POST")
@signed_in
def merge(request: HttpRequest, name: str) -> HttpResponse:
    """Bring an approved proposal into the wiki."""
    branch = visible(request, name)
    try:
        proposals.merge(branch, by=request.user)
    except MergeConflict:
        return see_other(
            request,
            reverse("wiki:conflicts", args=[name]),
            "The wiki has changed meanwhile: decide what is right.",
        )
    except (reviews.NotApproved, ValidationError) as error:
        why = error.missing if isinstance(error, reviews.NotApproved) else error.messages
        return refuse(request, 409, " ".join(why))
    return _back(request, branch, "It is part of the wiki now.")


# Conflicts ----------------------------------------------------------------------------------------


@methods("GET", "POST")
@signed_in
def conflicts(request: HttpRequest, name: str, pk: int = 0) -> HttpResponse:
    """What the proposal and the wiki have changed both; each decision is kept."""
    branch = visible(request, name)
    may_decide = trust.may_write(request.user, branch)
    if request.method == "GET":
        find_conflicts(branch)
    found = list(branch.conflicts.all())
    forms: dict[int, Any] = {}
    if request.method == "POST":
        conflict = get_object_or_404(Conflict, branch=branch, pk=pk)
        form = decision_form(conflict, apps.get_model(conflict.model))(
            request.POST, auto_id=f"conflict_{pk}_%s"
        )
        if form.is_valid():
            try:
                proposals.decide(
                    conflict,
                    by=request.user,
                    choice=form.cleaned_data["choice"],
                    value=form.cleaned_data.get("value"),
                )
            except ValidationError as error:
                form.add_error("value" if "value" in form.fields else None, error.messages)
            else:
                return see_other(request, reverse("wiki:conflicts", args=[name]), "Decided.")
        forms[pk] = form
    context = {
        "branch": branch,
        "conflicts": [_shown_conflict(one, forms.get(one.pk), branch) for one in found],
        "open": sum(not one.choice for one in found),
        "may_decide": may_decide,
    }
    status = 422 if forms else 200
    return render(request, "wiki/proposals/conflicts.html", context, status=status)


def _shown_conflict(conflict: Conflict, form: Any, branch: Branch) -> dict[str, Any]:
    model: Any = apps.get_model(conflict.model)
    with branch_context(branch):
        row = model._base_manager.filter(pk=conflict.object_pk).first()
    if row is None:
        row = model._base_manager.filter(pk=conflict.object_pk).first()
    name = conflict.field.split(",")[-1]
    field = model._meta.get_field(name) if name else None
    if form is None:
        chosen = {"choice": conflict.choice or None}
        chosen["value"] = conflict.value if conflict.choice == "value" else conflict.theirs
        form = decision_form(conflict, model)(initial=chosen, auto_id=f"conflict_{conflict.pk}_%s")
    return {
        "conflict": conflict,
        "row": row,
        "field": str(field.verbose_name).capitalize() if field is not None else "",
        "is_field": conflict.kind == Conflict.Kind.FIELD,
        "sides": [
            ("Before", _told(field, conflict.base)),
            ("In the wiki now", _told(field, conflict.ours)),
            ("In the proposal", _told(field, conflict.theirs)),
        ],
        "form": form,
    }


def _told(field: Any, value: Any) -> str:
    if value in (None, ""):
        return "—"
    if field is not None and field.is_relation:
        return str(field.related_model._base_manager.filter(pk=value).first() or value)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)


# Taking back --------------------------------------------------------------------------------------


@methods("GET")
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """What one commit to the wiki has changed."""
    found = get_object_or_404(
        Commit.objects.select_related("author", "merged", "merged__owner", "reverts"),
        pk=pk,
        branch=None,
    )
    try:
        changes = commit_diff(found, limit=CHANGES, after=request.GET.get("after", ""))
    except ValidationError:
        raise Http404 from None
    user: Any = request.user
    seen = shown(changes.changes)
    if not seen and found.merged is None and found.reverts is None:
        raise Http404  # what somebody wrote of their own
    context = {
        "commit": found,
        "changes": seen,
        "may_revert": found.merged is not None or found.reverts is not None,
        "next": changes.next,
        "is_split": request.GET.get("view") == "split",
        "may_revert_at_once": user.has_perm(trust.MODERATE),
    }
    return render(request, "wiki/proposals/commit.html", context)


@methods("POST")
@signed_in
def revert(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a commit back: propose it, or at once."""
    found = get_object_or_404(Commit, pk=pk, branch=None)
    count_edit(request)
    made: Any
    try:
        if "at_once" in request.POST:
            made = undoing.revert_vandalism(found, by=request.user)
        else:
            made = undoing.propose_revert(found, by=request.user)
    except ValidationError as error:
        return refuse(request, 409, " ".join(error.messages))
    if made is None:
        return see_other(
            request, reverse("wiki:commit", args=[pk]), "Nothing is left of it to take back."
        )
    if isinstance(made, Commit):
        return see_other(request, reverse("wiki:commit", args=[made.pk]), "It is taken back.")
    return _back(request, made, "The revert is proposed.")


@methods("GET")
def contributor(request: HttpRequest, pk: Any) -> HttpResponse:
    """What somebody has brought to the wiki."""
    return _contributor(request, get_object_or_404(User, pk=pk))


def _contributor(
    request: HttpRequest, person: User, form: UndoForm | None = None, status: int = 200
) -> HttpResponse:
    page = Paginator(undoing.changes_of(person), PER_PAGE).get_page(request.GET.get("page"))
    user: Any = request.user
    now = timezone.localtime()
    context = {
        "person": person,
        "level": trust.level(person),
        "merged": trust.merged_of(person),
        "page": page,
        "may_undo": user.has_perm(trust.MODERATE) and user != person,
        "form": form or UndoForm(initial={"since": now - timedelta(days=1)}),
    }
    return render(request, "wiki/proposals/contributor.html", context, status=status)


@methods("POST")
@signed_in
def undo(request: HttpRequest, pk: Any) -> HttpResponse:
    """Take back all that somebody has changed since a moment."""
    person = get_object_or_404(User, pk=pk)
    form = UndoForm(request.POST)
    if not request.user.has_perm(trust.MODERATE):
        raise PermissionDenied("Moderators take back what somebody has done.")
    if not form.is_valid():
        return _contributor(request, person, form, status=422)
    count_edit(request)
    try:
        undone = undoing.undo_all(person, form.cleaned_data["since"], by=request.user)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _contributor(request, person, form, status=422)
    said = f"Taken back: {len(undone.reverted)}. Closed proposals: {undone.closed}."
    if undone.disputed:
        said += f" {len(undone.disputed)} have conflicts with later changes: see the proposals."
    return see_other(request, reverse("wiki:contributor", args=[pk]), said)


def _address(branch: Branch) -> str:
    return reverse("wiki:proposal", args=[branch.name])


def _back(request: HttpRequest, branch: Branch, said: str) -> HttpResponse:
    return see_other(request, _address(branch), said)
