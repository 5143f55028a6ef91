"""What the engine refuses, as problems that a program can tell apart."""

from http import HTTPStatus

from apps.core.problems import Conflict, Problem
from longhouse.versioning.conflicts import MergeConflict
from longhouse.versioning.context import Pruned, ReadOnly
from longhouse.versioning.protection import NotApproved, Protected


class Conflicts(Conflict):
    slug = "merge-conflict"
    title = "Both sides have changed the same"


class NotApprovedYet(Conflict):
    slug = "not-approved"
    title = "This is not approved"


class Unwritable(Conflict):
    slug = "not-writable"
    title = "This cannot be changed"


class NotKept(Problem):
    status = HTTPStatus.GONE
    slug = "not-kept"
    title = "This is not kept any more"


REFUSALS = (MergeConflict, NotApproved, Pruned, Protected, ReadOnly)


def from_engine(error: Exception) -> Problem | None:
    """None for what is not one of the engine's REFUSALS."""
    match error:
        case MergeConflict():
            return Conflicts(
                f"{len(error.conflicts)} conflicts of branch {error.branch.pk} are to be resolved.",
                errors=[{"field": str(one), "message": one.get_kind_display()}
                        for one in error.conflicts[:100]],
            )  # fmt: skip
        case NotApproved():
            return NotApprovedYet(f"{error} It is about branch {error.branch.pk}.")
        case Pruned():
            return NotKept(str(error))
        case Protected() | ReadOnly():
            return Unwritable(str(error))
    return None
