import os
from collections.abc import Iterable

from celery import Celery
from trace_of_jobs import trace

app = Celery("bench", broker=os.environ["BENCH_BROKER"])
app.conf.task_ignore_result = True
if os.environ["BENCH_DURABLE"]:
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_default_delivery_mode="persistent",
        broker_transport_options={"confirm_publish": True},
    )


@app.task
def work(number: int) -> None:
    trace(number)


def enqueue(number: int) -> None:
    work.delay(number)


def enqueue_many(numbers: Iterable[int]) -> None:
    """Celery sends each by itself; on one channel that is quickest."""
    with app.producer_or_acquire() as producer:
        for number in numbers:
            work.apply_async((number,), producer=producer)


#: It keeps no record.
unfinished = None
