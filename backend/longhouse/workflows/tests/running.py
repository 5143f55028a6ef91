"""What the tests of workflows share, beside the queue's own `run_jobs`."""

from datetime import timedelta
from typing import Any

from longhouse.jobs.models import DELAYED, Job
from longhouse.workflows.models import Run, Step


def later(**duration: Any) -> None:
    """As if so much time had passed."""
    for job in Job.objects.filter(state__in=DELAYED):
        Job.objects.filter(pk=job.pk).update(run_at=job.run_at - timedelta(**duration))
    for step in Step.objects.exclude(wake_at=None):
        assert step.wake_at
        Step.objects.filter(pk=step.pk).update(wake_at=step.wake_at - timedelta(**duration))


def fresh(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)
