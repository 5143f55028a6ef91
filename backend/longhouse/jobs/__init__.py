"""Background jobs on Django's Tasks API. The database is the queue of record.

    from longhouse.jobs import Retry, schedule, task

    @task(retry=Retry(max_attempts=5), timeout=60)
    def resize(photo_id: str) -> None: ...

    resize.enqueue(str(photo.pk))                           # one row, in your transaction
    resize.using(run_after=tomorrow, priority=10).enqueue(str(photo.pk))

A Django app of its own: `longhouse.jobs` and `django_tasks` in INSTALLED_APPS, and

    TASKS = {"default": {"BACKEND": "longhouse.jobs.backend.JobsBackend", "QUEUES": ["default"]}}

`manage.py worker` runs what is enqueued. Each attempt of a job happens at least once: a task whose
process is killed runs again, so its effects should be idempotent. See docs/jobs.md.
"""

from longhouse.jobs.definition import JobContext, task
from longhouse.jobs.exceptions import Cancelled, Discard, LeaseLost, Snooze, Timeout, Wait
from longhouse.jobs.options import Retry
from longhouse.jobs.registry import schedule

__all__ = [
    "Cancelled",
    "Discard",
    "JobContext",
    "LeaseLost",
    "Retry",
    "Snooze",
    "Timeout",
    "Wait",
    "schedule",
    "task",
]
