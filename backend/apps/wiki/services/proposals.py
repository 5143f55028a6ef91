"""Proposals: drafts that were submitted; they are discussed, approved and merged."""

import time
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from apps.wiki import trust
from apps.wiki.models import MergeTime
from longhouse.versioning import reviews
from longhouse.versioning.models import Branch, Comment, Commit, Conflict, Grant

Status = Branch.Status


def submit(draft: Branch, *, by: Any, title: str, description: str = "") -> None:
    """Ask others to look at a draft. Raises ValidationError when too many of theirs are open."""
    with transaction.atomic():
        limit = trust.level(by).open_proposals
        if Branch.objects.filter(owner=by, status=Status.OPEN).count() >= limit:
            raise ValidationError(
                f"You have {limit} open proposals: wait until some of them were looked at.",
                code="too_many",
            )
        draft.title, draft.description = title.strip(), description.strip()
        if not draft.title:
            raise ValidationError({"title": "Say in a few words what you have changed."})
        draft.clean_fields(exclude=["owner", "base"])
        reviews.submit(draft, by=by)
        # `submit` has read the branch again.
        draft.title, draft.description = title.strip(), description.strip()
        draft.save(update_fields=["title", "description"])


def withdraw(proposal: Branch, *, by: Any) -> None:
    """Make a proposal a draft again."""
    reviews.withdraw(proposal, by=by)


def close(proposal: Branch, *, by: Any) -> None:
    """End a proposal without a merge."""
    reviews.close(proposal, by=by)


def reopen(proposal: Branch, *, by: Any) -> None:
    """Make a closed proposal a draft again."""
    reviews.reopen(proposal, by=by)


def comment(
    proposal: Branch, *, by: Any, text: str, model: str = "", object_pk: str = "", field: str = ""
) -> Comment:
    """Say something of a proposal, or of one change in it. Everybody who sees it may."""
    if not trust.may_see(by, proposal):
        raise PermissionDenied("This is a draft of somebody else.")
    with transaction.atomic():
        if not reviews.may(by, "read", proposal):
            # Who takes part in a discussion can follow it, when it becomes a draft again too.
            Grant.objects.create(branch=proposal, user=by, role=Grant.Role.READ)
        return reviews.comment(
            proposal, by=by, text=text.strip(), model=model, object_pk=object_pk, field=field
        )


def review(proposal: Branch, *, by: Any, verdict: str, text: str = "", head: str = "") -> None:
    """Approve what was seen (`head`), or request changes of it."""
    reviews.review(proposal, by=by, verdict=verdict, text=text.strip(), head=head or None)


def merge(proposal: Branch, *, by: Any) -> Commit:
    """Bring an approved proposal into the wiki; who wrote it may have become an editor by that.

    Raises NotApproved, or MergeConflict; its conflicts are kept, so call it in no transaction.
    """
    began = time.perf_counter()
    commit = reviews.merge_reviewed(proposal, by=by, message=proposal.title)
    took = round((time.perf_counter() - began) * 1000)
    MergeTime.objects.create(commit=commit, milliseconds=took)
    if proposal.owner is not None:
        trust.settle(proposal.owner)
    return commit


def decide(conflict: Conflict, *, by: Any, choice: str, value: Any = None) -> None:
    """Decide a conflict of a proposal; who writes to it may. Approvals before it do not count."""
    if not trust.may_write(by, conflict.branch):
        raise PermissionDenied("Whoever proposes decides; or close it and propose it anew.")
    try:
        conflict.resolve(choice, value)
    except ValueError as error:
        raise ValidationError(str(error), code="choice") from None
