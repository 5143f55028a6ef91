from collections.abc import Iterable

from trace_of_jobs import trace

from longhouse.jobs import services, task
from longhouse.jobs.models import Job, State


@task()
def work(number: int) -> None:
    trace(number)


def enqueue(number: int) -> None:
    work.enqueue(number)


def enqueue_many(numbers: Iterable[int]) -> None:
    services.enqueue_many(work, [((number,), {}) for number in numbers])


def unfinished() -> int:
    return Job.objects.exclude(state=State.SUCCEEDED).count()
