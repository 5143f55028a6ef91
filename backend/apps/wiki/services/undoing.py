"""Taking back what was merged: as a proposal like any other, or at once when it is vandalism."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import QuerySet

from apps.wiki import trust
from longhouse.versioning import revert as reverting
from longhouse.versioning import reviews
from longhouse.versioning.conflicts import MergeConflict
from longhouse.versioning.models import Branch, Commit
from longhouse.versioning.reviews import unprotected

AT_ONCE = 200  # commits; more than that are taken back in several steps


@dataclass
class Undone:
    """What became of somebody's changes."""

    reverted: list[Commit] = field(default_factory=list)
    disputed: list[Branch] = field(default_factory=list)  # later changes are in the way
    closed: int = 0  # proposals that were open


def propose_revert(commit: Commit, *, by: Any) -> Branch:
    """A proposal of the opposite of a commit or a merge to main."""
    _of_main(commit)
    with transaction.atomic():
        branch = reverting.opposite(commit, author=by, using=DEFAULT_DB_ALIAS)
        branch.title = _title(commit)
        branch.save(update_fields=["title"])
        reviews.submit(branch, by=by)
        return branch


def revert_vandalism(commit: Commit, *, by: Any) -> Commit | Branch | None:
    """Take a commit back at once, without anybody's approval; moderators may.

    The commit that did it. Where later changes are in the way, a proposal that has conflicts; None
    when nothing is left of it.
    """
    _moderates(by)
    _of_main(commit)
    with transaction.atomic():
        return _revert(commit, by)


def changes_of(user: Any) -> QuerySet[Commit]:
    """Merges of what somebody has proposed, the newest first.

    What they say of their own, reviews and lists, is not of the encyclopedia.
    """
    return Commit.objects.filter(branch=None, merged__owner=user).order_by("-pk")


def undo_all(user: Any, since: datetime.datetime, *, by: Any) -> Undone:
    """Take back all that somebody has changed since a moment, the newest first; moderators may.

    Each is taken back by a commit of its own; what others have changed later stays, where it is in
    the way a proposal with conflicts is left. Open proposals are closed. All that, or nothing.
    """
    _moderates(by)
    if user == by:
        raise ValidationError("Nobody takes back all of their own.")
    undone = Undone()
    with transaction.atomic():
        merges = changes_of(user).filter(created_at__gte=since, reverts=None, reverted_by=None)
        for commit in merges[:AT_ONCE]:
            made = _revert(commit, by)
            if isinstance(made, Branch):
                undone.disputed.append(made)
            elif made is not None:
                undone.reverted.append(made)
        for branch in Branch.objects.filter(
            owner=user, status=Branch.Status.OPEN, created_at__gte=since
        ):
            reviews.close(branch, by=by)
            undone.closed += 1
        trust.settle(user)
    return undone


def _revert(commit: Commit, by: Any) -> Commit | Branch | None:
    try:
        with unprotected():  # four eyes are for what is new: this is what was there before
            return reverting.revert(commit, author=by, message=_title(commit))
    except MergeConflict as error:
        branch = error.branch
        branch.title = _title(commit)
        branch.save(update_fields=["title"])
        reviews.submit(branch, by=by)
        return branch


def _title(commit: Commit) -> str:
    return f"Revert “{commit}”"[:200]


def _of_main(commit: Commit) -> None:
    if commit.branch_id is not None or (commit.merged_id is None and commit.reverts_id is None):
        raise ValidationError("Only what was merged can be reverted.", code="merged")


def _moderates(user: Any) -> None:
    if not user.has_perm(trust.MODERATE):
        raise PermissionDenied("Moderators take things back at once. You can propose it.")
