"""For the tests of whoever uses jobs."""

from longhouse.jobs import gates, leases
from longhouse.jobs.execute import execute
from longhouse.jobs.finishing import finish
from longhouse.jobs.models import DELAYED, Job
from longhouse.jobs.options import queues


def run_jobs(*, delays: bool = False, most: int = 1000) -> int:
    """Run in this process what is enqueued, and what that enqueues in turn; how many ran.

    With `delays` nothing is waited for: scheduled jobs and retries run at once. Raises
    RuntimeError after `most` jobs.
    """
    ran = 0
    while True:
        if delays:
            Job.objects.filter(state__in=DELAYED).update(run_at="2000-01-01T00:00Z")
        gates.promote()
        jobs = [
            job for queue in queues() for job in leases.claim(queue, limit=100, worker="run_jobs")
        ]
        if not jobs:
            return ran
        ran += len(jobs)
        if ran > most:
            raise RuntimeError(f"More than {most} jobs: does one enqueue itself again?")
        for job in jobs:
            if ending := execute(job):
                finish([ending])
