"""Signals of versioning."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import perf_counter
from typing import Any

from django.dispatch import Signal

# After the transaction of a commit: `commit`, and `models` that it wrote to.
committed = Signal()

# After the transaction, with `branch` and `user`; `merged` with the `commit` too, whichever way it
# was merged, `reviewed` with the `review`, `commented` with the `comment`.
submitted = Signal()
reviewed = Signal()
commented = Signal()
merged = Signal()
closed = Signal()

# What something cost, just after it: `operation` ("read" in a branch or the past, "insert",
# "update", "delete", "merge", "refresh"), `view` (None: main as it is), `seconds`, and the `error`
# that ended it, or None.
measured = Signal()


def measuring(operation: str, view: Any) -> AbstractContextManager[None]:
    """Send `measured` after what is within."""
    return _measuring(operation, view) if measured.receivers else nullcontext()


@contextmanager
def _measuring(operation: str, view: Any) -> Iterator[None]:
    began = perf_counter()
    error: BaseException | None = None
    try:
        yield
    except BaseException as raised:
        error = raised
        raise
    finally:
        measured.send(
            None, operation=operation, view=view, seconds=perf_counter() - began, error=error
        )
