"""Protection: what is written to main, or to a branch, only by merging what was approved."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from longhouse.versioning.context import MAIN, ReadOnly

if TYPE_CHECKING:
    from longhouse.versioning.models import Branch


class Protected(Exception):
    """A write past a protection: it takes a branch that is reviewed and merged."""


class NotApproved(Protected):
    """The branch cannot be merged yet; `missing` says in sentences what it lacks."""

    def __init__(self, branch: "Branch", missing: list[str]) -> None:
        super().__init__(" ".join(missing))
        self.branch = branch
        self.missing = missing


passing: ContextVar[bool] = ContextVar("versioning_unprotected", default=False)


@contextmanager
def unprotected() -> Iterator[None]:
    """Within, writes and merges go past every protection. Whoever calls this says why they may."""
    token = passing.set(True)
    try:
        yield
    finally:
        passing.reset(token)


def check_writable(connection: Any, branch: int) -> None:
    """Raises Protected, or ReadOnly for a branch that is over; once its writers have been locked.

    What was read of the branch before may be old by now. Not by the ORM: each transaction that
    writes pays for this.
    """
    with connection.cursor() as cursor:
        if branch != MAIN:
            cursor.execute(
                "SELECT status FROM versioning_branch WHERE id = %s AND status IN (%s, %s)",
                [branch, "merged", "closed"],
            )
            if (found := cursor.fetchone()) is not None:
                raise ReadOnly(f"The branch is {found[0]}: it cannot be changed.")
        if passing.get():
            return
        cursor.execute(
            "SELECT 1 FROM versioning_protection WHERE COALESCE(branch_id, %s) = %s"
            " AND NOT allows_direct_writes",
            [MAIN, branch],
        )
        if cursor.fetchone() is not None:
            where = "Main" if branch == MAIN else "The branch"
            raise Protected(f"{where} is protected: make a branch, have it reviewed and merged.")
