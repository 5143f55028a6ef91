from collections.abc import Iterable

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from trace_of_jobs import trace


@app.task
def work(number: int) -> None:
    trace(number)


def enqueue(number: int) -> None:
    work.defer(number=number)


def enqueue_many(numbers: Iterable[int]) -> None:
    work.batch_defer(*({"number": number} for number in numbers))


def unfinished() -> int:
    return ProcrastinateJob.objects.exclude(status="succeeded").count()
