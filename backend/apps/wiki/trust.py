"""How far people are trusted: what they have done decides, or a permission.

Newcomers propose. Contributors propose more. Editors approve and merge what others propose.
Moderators take back vandalism at once.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from longhouse.versioning.middleware import Access
from longhouse.versioning.models import Branch, Commit, Grant
from longhouse.versioning.reviews import may

MODERATE = "wiki.change_review"  # whoever moderates visitors moderates the rest
MERGED_OF_CONTRIBUTORS = 3
MERGED_OF_EDITORS = 25
PROBATION = timedelta(days=90)  # in which nothing of an editor's was reverted


@dataclass(frozen=True, slots=True)
class Level:
    """What somebody may do at most."""

    rank: int
    name: str
    open_proposals: int
    edits_an_hour: int
    import_rows: int


NEWCOMER = Level(0, "newcomer", open_proposals=3, edits_an_hour=120, import_rows=50)
CONTRIBUTOR = Level(1, "contributor", open_proposals=20, edits_an_hour=600, import_rows=500)
EDITOR = Level(2, "editor", open_proposals=100, edits_an_hour=2000, import_rows=5000)
MODERATOR = Level(3, "moderator", open_proposals=1000, edits_an_hour=10_000, import_rows=20_000)


def level(user: Any) -> Level:
    """The level of somebody who is signed in."""
    if user.has_perm(MODERATE):
        return MODERATOR
    if may(user, "review"):
        return EDITOR
    return CONTRIBUTOR if merged_of(user) >= MERGED_OF_CONTRIBUTORS else NEWCOMER


def merged_of(user: Any) -> int:
    """How many proposals of theirs were merged."""
    return Branch.objects.filter(owner=user, status=Branch.Status.MERGED).count()


def settle(user: Any) -> None:
    """Make somebody an editor who has earned it, or no editor any more.

    Editors by permission stay what they are. To be called within the transaction of what changes
    the answer: a merge, a revert.
    """
    reverted = Commit.objects.filter(
        reverts__merged__owner=user, created_at__gte=timezone.now() - PROBATION
    )
    grant = Grant.objects.filter(branch=None, user=user, role=Grant.Role.MERGE)
    if merged_of(user) >= MERGED_OF_EDITORS and not reverted.exists():
        if not grant.exists():
            Grant.objects.create(user=user, role=Grant.Role.MERGE)
    else:
        grant.delete()


def may_see(user: Any, branch: Branch) -> bool:
    """What was submitted is for all; a draft is for its writer, and whoever had a part in it."""
    if branch.status != Branch.Status.DRAFT:
        return True
    if not user.is_authenticated:
        return False
    if branch.owner_id == user.pk or user.has_perm(MODERATE):
        return True
    return Grant.objects.filter(branch=branch, user=user).exists()


def may_write(user: Any, branch: Branch) -> bool:
    """Whether somebody may change a branch, as it is now."""
    return not (branch.is_over or branch.is_archived) and may(user, "write", branch)


def branch_access(request: HttpRequest, branch: Branch) -> Access:
    """VERSIONING_ACCESS: who previews which branch."""
    if may_write(request.user, branch):
        return "write"
    return "read" if may_see(request.user, branch) else None
