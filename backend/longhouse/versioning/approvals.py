"""Approvals: whether a branch, as it is, may be merged into what is protected."""

import hashlib
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from longhouse.versioning.access import may
from longhouse.versioning.companions import tables
from longhouse.versioning.context import INFINITY
from longhouse.versioning.models import Branch, Commit, Conflict, Protection, Review
from longhouse.versioning.protection import NotApproved, passing
from longhouse.versioning.values import encode

CHUNK = 1000  # rows that are in memory at once


def head(branch: Branch) -> str:
    """SHA-256 of what a branch would bring: its rows, and what was decided about its conflicts.

    So it changes with what is written to the branch, and not with the base.
    """
    using = branch._state.db or DEFAULT_DB_ALIAS
    total = hashlib.sha256()
    for name, versioned in sorted(tables.items()):
        names = [field.attname for field in versioned.fields]
        held = versioned.companion._base_manager.using(using).filter(
            version_branch=branch.pk, version_to=INFINITY
        )
        rows = held.order_by(versioned.pk_field.attname).values_list(
            "version_op", "version_base", *names
        )
        for row in rows.iterator(chunk_size=CHUNK):
            total.update(encode([name, *names, *row]))
    decided = Conflict.objects.using(using).filter(branch=branch).exclude(choice="")
    for decision in decided.order_by("model", "object_pk", "kind", "field").values_list(
        "model", "object_pk", "kind", "field", "base", "ours", "theirs", "choice", "value"
    ):
        total.update(encode(list(decision)))
    return total.hexdigest()


def verdicts(branch: Branch) -> list[Review]:
    """What holds of the reviews: the newest of each person, of what the branch would bring now.

    Not of who owns or wrote what is reviewed, nor of who may not review any more.
    """
    using = branch._state.db or DEFAULT_DB_ALIAS
    reviews = Review.objects.using(using).filter(branch=branch, reviewer__isnull=False)
    said = list(reviews.select_related("reviewer").order_by("id"))
    if not said:
        return []
    now = head(branch)
    newest: dict[Any, Review] = {one.reviewer_id: one for one in said if one.head == now}
    writers = authors(branch)
    return [
        review
        for person, review in newest.items()
        if person not in writers and may(review.reviewer, "review", branch)
    ]


def approvals(branch: Branch) -> list[Review]:
    """Approvals of what the branch would bring now, one of each person; see `verdicts`."""
    return [one for one in verdicts(branch) if one.verdict == Review.Verdict.APPROVE]


def authors(branch: Branch) -> set[Any]:
    """Keys of those who made the branch what it is, and so do not approve it."""
    commits = Commit.objects.using(branch._state.db).filter(branch=branch, author__isnull=False)
    found: set[Any] = set(commits.order_by().values_list("author", flat=True).distinct())
    return found if branch.owner_id is None else {*found, branch.owner_id}


def missing(branch: Branch) -> list[str]:
    """What reviews lack before the branch can be merged into its base, in sentences."""
    rules = Protection.objects.using(branch._state.db).filter(branch=branch.base_id).first()
    if rules is None:
        return []
    said = verdicts(branch)
    against = [one for one in said if one.verdict == Review.Verdict.REQUEST_CHANGES]
    lacking = rules.required_approvals - (len(said) - len(against))
    found = [f"{one.reviewer} has requested changes." for one in against]
    if lacking > 0:
        found.append(f"{lacking} more approval{'s are' if lacking > 1 else ' is'} needed.")
    return found


def require_approvals(branch: Branch, *, is_decided_for: bool) -> None:
    """Raises NotApproved unless the branch may be merged as it is; its writers must be locked.

    `is_decided_for`: whoever merges decides conflicts on the way, which nobody has approved.
    """
    if passing.get():
        return
    found = missing(branch)
    rules = Protection.objects.using(branch._state.db).filter(branch=branch.base_id)
    if is_decided_for and rules.exists():
        found.append("Conflicts are to be resolved one by one, before the branch is approved.")
    if found:
        raise NotApproved(branch, found)
