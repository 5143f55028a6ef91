"""Reviews: a branch is submitted, discussed, approved and merged.

Each function checks `may` and raises PermissionDenied, or ValidationError where it makes no sense.
Each is one transaction, and waits until nobody else writes to the branch, which may have changed
what was read of it before. Signals follow the transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.dispatch import Signal
from django.utils import timezone

from longhouse.versioning import commits, signals
from longhouse.versioning.access import may, require
from longhouse.versioning.approvals import approvals, authors, head, missing, verdicts
from longhouse.versioning.companions import tables
from longhouse.versioning.context import INFINITY
from longhouse.versioning.merge import merge
from longhouse.versioning.models import Branch, Comment, Commit, Protection, Review
from longhouse.versioning.protection import NotApproved, Protected, unprotected

__all__ = [
    "NotApproved",
    "Protected",
    "approvals",
    "close",
    "comment",
    "head",
    "may",
    "merge_reviewed",
    "missing",
    "protect",
    "reopen",
    "resolve_comment",
    "review",
    "submit",
    "unprotected",
    "verdicts",
    "withdraw",
]

Status = Branch.Status


def protect(
    branch: Branch | None = None,
    *,
    required_approvals: int = 1,
    allows_direct_writes: bool = False,
) -> Protection:
    """Protect a branch, or main; or change how. To end it, delete the Protection."""
    rules, _ = Protection.objects.update_or_create(
        branch=branch,
        defaults={
            "required_approvals": required_approvals,
            "allows_direct_writes": allows_direct_writes,
        },
    )
    return rules


def submit(branch: Branch, *, by: Any) -> None:
    """Ask for reviews."""
    with _changing(branch, signals.submitted, by):
        require(by, "write", branch)
        if branch.status == Status.DRAFT and not holds_anything(branch):
            raise ValidationError("Nothing was changed yet.")
        _move(branch, Status.OPEN, Status.DRAFT)


def withdraw(branch: Branch, *, by: Any) -> None:
    """Ask for no reviews any more; it is a draft again."""
    with _changing(branch, None, by):
        require(by, "write", branch)
        _move(branch, Status.DRAFT, Status.OPEN)


def close(branch: Branch, *, by: Any) -> None:
    """End it without a merge; what it holds stays readable."""
    with _changing(branch, signals.closed, by):
        if not may(by, "merge", branch):
            require(by, "write", branch)
        _move(branch, Status.CLOSED, Status.DRAFT, Status.OPEN)


def reopen(branch: Branch, *, by: Any) -> None:
    """A closed one is a draft again."""
    with _changing(branch, None, by):
        if not may(by, "merge", branch):
            require(by, "write", branch)
        _move(branch, Status.DRAFT, Status.CLOSED)


def review(
    branch: Branch, *, by: Any, verdict: str, text: str = "", head: str | None = None
) -> Review:
    """Approve what the branch would bring, or request changes of it.

    `head`: what the reviewer has seen; when the branch has moved on since, ValidationError. Without
    it the review is about the branch as it is now. Nobody reviews what they own or wrote.
    """
    with _changing(branch, None, by):
        require(by, "review", branch)
        if by.pk in authors(branch):
            raise PermissionDenied("Nobody reviews what is their own.")
        if branch.status != Status.OPEN:
            raise ValidationError("Only what was submitted is reviewed.")
        now = _head(branch)
        if head is not None and head != now:
            raise ValidationError({"head": "The branch was changed since you have looked at it."})
        made = Review(branch=branch, reviewer=by, verdict=verdict, text=text, head=now)
        made.full_clean()
        made.save(using=branch._state.db)
        # A write that follows in the same transaction is another commit, and not what was seen.
        commits.finish(connections[branch._state.db or DEFAULT_DB_ALIAS])
        _announce(branch, signals.reviewed, by, review=made)
    return made


def comment(
    branch: Branch, *, by: Any, text: str, model: str = "", object_pk: str = "", field: str = ""
) -> Comment:
    """Say something of a branch, of one row that it changes, or of one field of it."""
    with transaction.atomic(using=branch._state.db):
        require(by, "read", branch)
        made = Comment(
            branch=branch, author=by, text=text, model=model, object_pk=object_pk, field=field
        )
        made.full_clean()
        made.save(using=branch._state.db)
        _announce(branch, signals.commented, by, comment=made)
    return made


def resolve_comment(comment: Comment, *, by: Any) -> None:
    """Mark what was said as settled: who said it may, and who writes or reviews the branch."""
    allowed = comment.author_id == by.pk or may(by, "review", comment.branch)
    if not allowed:
        require(by, "write", comment.branch)
    comment.resolved_at = timezone.now()
    comment.save(update_fields=["resolved_at"])


def merge_reviewed(branch: Branch, *, by: Any, message: str = "") -> Commit:
    """Merge a submitted branch into its base; nobody writes to it any more after that.

    Raises NotApproved, which says what is missing, or MergeConflict. Call it outside of other
    transactions: the conflicts that stop it are kept, unless a greater transaction is rolled back.
    """
    require(by, "merge", branch)
    commit = merge(
        branch, author=by, message=message, ends=True, using=branch._state.db or DEFAULT_DB_ALIAS
    )
    assert commit is not None  # noqa: S101 - a merge that ends its branch brings something
    return commit


def holds_anything(branch: Branch) -> bool:
    """Whether the branch has changed anything that is not merged yet."""
    return any(
        versioned.companion._base_manager.using(branch._state.db)
        .filter(version_branch=branch.pk, version_to=INFINITY)
        .exists()
        for versioned in tables.values()
    )


_head = head  # `review` has a parameter of that name


@contextmanager
def _changing(branch: Branch, signal: Signal | None, by: Any) -> Iterator[None]:
    """The branch as it is while nobody else writes to it, or changes what it is."""
    using = branch._state.db or DEFAULT_DB_ALIAS
    with transaction.atomic(using=using):
        commits.lock(connections[using], branch.pk)
        branch.refresh_from_db(using=using)
        yield
        if signal is not None:
            _announce(branch, signal, by)


def _move(branch: Branch, to: str, *since: str) -> None:
    if branch.status not in since:
        raise ValidationError(f"It is {branch.get_status_display()}.")
    branch.status = to
    branch.save(using=branch._state.db, update_fields=["status"])


def _announce(branch: Branch, signal: Signal, by: Any, **said: Any) -> None:
    transaction.on_commit(
        lambda: signal.send(sender=Branch, branch=branch, user=by, **said), using=branch._state.db
    )
