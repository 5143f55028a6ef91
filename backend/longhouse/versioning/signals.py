"""Signals of versioning."""

from django.dispatch import Signal

# After the transaction of a commit: `commit`, and `models` that it wrote to.
committed = Signal()
