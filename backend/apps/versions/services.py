"""Changes of branches that the public API offers beside those of reviews."""

from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError

from apps.core.models import validate
from apps.users.models import User
from longhouse.versioning import branches, merge
from longhouse.versioning.access import may_revert, require
from longhouse.versioning.commits import attributed
from longhouse.versioning.models import Branch, Commit, Conflict
from longhouse.versioning.revert import revert


def create_branch(
    *,
    actor: User,
    name: str,
    title: str = "",
    description: str = "",
    base: Branch | None = None,
    pinned: bool = False,
) -> Branch:
    """A branch that belongs to the actor; of main, or of one that they may read."""
    if not actor.has_perm("versioning.add_branch"):
        raise PermissionDenied("You may not make branches.")
    if base is not None:
        require(actor, "read", base)
    # Says what is wrong by the field; the engine would raise what the database says.
    validate(Branch(name=name, title=title, description=description, base=base, owner=actor))
    return branches.create_branch(
        name, title=title, description=description, base=base, pinned=pinned, owner=actor
    )


def change_branch(*, actor: User, branch: Branch, **changes: Any) -> Branch:
    """Another name, title or description; `is_archived` ends and allows writing to it."""
    require(actor, "write", branch)
    for name, value in changes.items():
        setattr(branch, name, value)
    validate(branch)
    branch.save(update_fields=list(changes))
    return branch


def delete_branch(*, actor: User, branch: Branch) -> None:
    """With all that it holds and held. Raises ProtectedError where something is built on it."""
    if branch.owner_id != actor.pk and not actor.has_perm("versioning.delete_branch"):
        raise PermissionDenied("You may not delete this branch.")
    branch.delete()


def find_conflicts(*, actor: User, branch: Branch) -> list[Conflict]:
    """What a merge could not decide now."""
    require(actor, "write", branch)
    return merge.find_conflicts(branch)


def resolve_conflict(*, actor: User, conflict: Conflict, choice: str, value: Any = None) -> None:
    """Decide; `value` as JSON has it. Raises ValidationError."""
    require(actor, "write", conflict.branch)
    if choice == Conflict.Choice.VALUE and conflict.kind == Conflict.Kind.FIELD:
        field: Any = apps.get_model(conflict.model)._meta.get_field(conflict.field)
        value = field.clean(value, None)
    with attributed(author=actor, message=f"Resolve {conflict}"):
        try:
            conflict.resolve(choice, value)
        except ValueError as error:
            raise ValidationError({"choice": str(error)}) from error


def refresh(*, actor: User, branch: Branch) -> Commit | None:
    """What the base has changed comes into the branch."""
    require(actor, "write", branch)
    return merge.refresh(branch, author=actor)


def revert_commit(*, actor: User, commit: Commit, message: str = "") -> Commit | None:
    """Undo a commit by another; where that is protected it leaves a branch to be reviewed."""
    if not may_revert(actor, commit):
        raise PermissionDenied("You may not revert this commit.")
    return revert(commit, author=actor, message=message)
