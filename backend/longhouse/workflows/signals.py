"""What others may listen to."""

from django.dispatch import Signal

#: Something of a run was written: `run`, and its `step` if it was one; in the same transaction.
#: `begins` is True when it was started, or is tried again.
changed = Signal()
