"""Who may do what to branches."""

from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from longhouse.versioning.models import Branch, Commit, Grant

Action = Literal["read", "write", "review", "merge"]

# The permissions of Django that allow an action on every branch.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    "read": ("view_branch", "change_branch", "review_branch", "merge_branch"),
    "write": ("change_branch",),
    "review": ("review_branch",),
    "merge": ("merge_branch",),
}


def may(user: Any, action: Action, branch: Branch | None = None) -> bool:
    """Whether somebody may read, write or review a branch, or merge it into its base.

    Owners read and write what is theirs. Others do as Django's permissions for Branch say, or a
    Grant, whose role holds those below it. None: any branch at all.
    """
    if not getattr(user, "is_active", False):
        return False
    if branch is not None and branch.owner_id == user.pk and action in ("read", "write"):
        return True
    if any(user.has_perm(f"versioning.{name}") for name in PERMISSIONS[action]):
        return True
    where = Q(branch=None) if branch is None else Q(branch=None) | Q(branch=branch)
    roles = Grant.Role.values
    return Grant.objects.filter(
        _is_for(user), where, role__in=roles[roles.index(action) :]
    ).exists()


def may_revert(user: Any, commit: Commit) -> bool:
    """Whether somebody may undo a commit: one to main as a merge would, one to a branch there."""
    branch = commit.branch
    return may(user, "merge") if branch is None else may(user, "write", branch)


def readable(user: Any) -> "QuerySet[Branch]":
    """The branches that somebody may read."""
    if not getattr(user, "is_active", False):
        return Branch.objects.none()
    if may(user, "read"):
        return Branch.objects.all()
    granted = Grant.objects.filter(_is_for(user)).values("branch")
    return Branch.objects.filter(Q(owner=user.pk) | Q(pk__in=granted))


def _is_for(user: Any) -> Q:
    who = Q(user=user.pk)
    return who | Q(group__in=user.groups.all()) if hasattr(user, "groups") else who


def require(user: Any, action: Action, branch: Branch) -> None:
    """Raises PermissionDenied unless `may`."""
    if not may(user, action, branch):
        raise PermissionDenied(f"You may not {action} this branch.")
