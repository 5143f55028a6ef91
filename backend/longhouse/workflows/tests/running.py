"""A worker within the test's process: claims, runs, writes the end."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from longhouse.jobs import leases
from longhouse.jobs.execute import execute
from longhouse.jobs.finishing import finish
from longhouse.jobs.models import DELAYED, Job, State
from longhouse.workflows.models import Run, Step


def work(*, limit: int = 200) -> None:
    """Run all jobs that may run now."""
    for _ in range(limit):
        Job.objects.filter(state__in=DELAYED, run_at__lte=timezone.now()).update(
            state=State.AVAILABLE
        )
        jobs = leases.claim("default", limit=1, worker="test")
        if not jobs:
            return
        if ending := execute(jobs[0]):
            finish([ending])
    raise AssertionError("It never comes to rest.")


def later(**duration: Any) -> None:
    """As if so much time had passed."""
    for job in Job.objects.filter(state__in=DELAYED):
        Job.objects.filter(pk=job.pk).update(run_at=job.run_at - timedelta(**duration))
    for step in Step.objects.exclude(wake_at=None):
        assert step.wake_at
        Step.objects.filter(pk=step.pk).update(wake_at=step.wake_at - timedelta(**duration))


def fresh(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)
