"""What others may listen to."""

from django.dispatch import Signal

#: A job reached its end: `job`, inside the transaction that writes it. What a receiver raises
#: undoes that, and the job's end is written again.
job_finished = Signal()
