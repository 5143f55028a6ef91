"""Branches in the first-party API: what is proposed, what it changes, what others say of it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from apps.api.api import api
from apps.api.auth import signed_in, user_of
from apps.api.pagination import paginate
from apps.api.schemas import Page
from apps.core.problems import respond
from apps.versions import schemas, selectors
from apps.versions.problems import REFUSALS, from_engine
from longhouse.versioning import diff, reviews
from longhouse.versioning.models import Branch

router = Router(tags=["branches"], auth=signed_in)


def on_refusal(request: HttpRequest, error: Exception) -> HttpResponse:
    problem = from_engine(error)
    assert problem is not None  # noqa: S101 - the loop below registers nothing else
    return respond(problem)


for kind in REFUSALS:
    api.exception_handler(kind)(on_refusal)


def _branch(request: HttpRequest, branch_id: int) -> Branch:
    return get_object_or_404(selectors.branches(user_of(request)), pk=branch_id)


def _standing(request: HttpRequest, branch_id: int) -> Branch:
    """As it is now, whatever the request has changed."""
    return selectors.tell_standing(user_of(request), _branch(request, branch_id))


@router.get("/branches", response=Page[schemas.BranchCard])
def list_branches(request: HttpRequest, query: Query[schemas.BranchQuery]) -> dict[str, Any]:
    """Your own, and those that you may read; newest first."""
    user = user_of(request)
    found = selectors.branches(user).order_by("-pk")
    if query.status:
        found = found.filter(status=query.status)
    if query.mine:
        found = found.filter(owner=user)
    return paginate(found, query)


@router.get("/branches/{int:branch_id}", response=schemas.BranchOut)
def get_branch(request: HttpRequest, branch_id: int) -> Branch:
    return _standing(request, branch_id)


@router.get("/branches/{int:branch_id}/changes", response=schemas.ChangePage)
def list_branch_changes(
    request: HttpRequest, branch_id: int, query: Query[schemas.ChangeQuery]
) -> dict[str, Any]:
    """What a merge of the branch would bring."""
    return selectors.changes(diff.diff(_branch(request, branch_id), after=query.after))


def _move(request: HttpRequest, branch_id: int, move: Callable[..., None]) -> Branch:
    move(_branch(request, branch_id), by=user_of(request))
    return _standing(request, branch_id)


@router.post("/branches/{int:branch_id}/submit", response=schemas.BranchOut)
def submit_branch(request: HttpRequest, branch_id: int) -> Branch:
    """Ask for reviews."""
    return _move(request, branch_id, reviews.submit)


@router.post("/branches/{int:branch_id}/withdraw", response=schemas.BranchOut)
def withdraw_branch(request: HttpRequest, branch_id: int) -> Branch:
    """Ask for no reviews any more."""
    return _move(request, branch_id, reviews.withdraw)


@router.post("/branches/{int:branch_id}/close", response=schemas.BranchOut)
def close_branch(request: HttpRequest, branch_id: int) -> Branch:
    """End it without a merge."""
    return _move(request, branch_id, reviews.close)


@router.post("/branches/{int:branch_id}/reopen", response=schemas.BranchOut)
def reopen_branch(request: HttpRequest, branch_id: int) -> Branch:
    """Make a closed one a draft again."""
    return _move(request, branch_id, reviews.reopen)


@router.post("/branches/{int:branch_id}/merge", response=schemas.BranchOut)
def merge_branch(request: HttpRequest, branch_id: int) -> Branch:
    """Merge a submitted branch into its base."""
    reviews.merge_reviewed(_branch(request, branch_id), by=user_of(request))
    return _standing(request, branch_id)


@router.post("/branches/{int:branch_id}/reviews", response=schemas.BranchOut)
def review_branch(request: HttpRequest, branch_id: int, review: schemas.ReviewIn) -> Branch:
    """Approve what it would bring, or ask for changes; about the `head` that you have seen."""
    reviews.review(_branch(request, branch_id), by=user_of(request), **review.dict())
    return _standing(request, branch_id)


@router.post("/branches/{int:branch_id}/comments", response=schemas.BranchOut)
def comment_on_branch(request: HttpRequest, branch_id: int, comment: schemas.CommentIn) -> Branch:
    reviews.comment(_branch(request, branch_id), by=user_of(request), text=comment.text)
    return _standing(request, branch_id)
