"""Signals of versioning."""

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
