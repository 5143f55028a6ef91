"""The queue, for Prometheus."""

from collections.abc import Iterator

from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from longhouse.jobs.selectors import overview
from longhouse.metrics.registry import from_database

STATES = ("available", "delayed", "waiting", "running", "dead")


@from_database
def families() -> Iterator[Metric]:
    now, found = timezone.now(), overview()
    jobs = GaugeMetricFamily("jobs", "Jobs that have not succeeded.", labels=("queue", "state"))
    oldest = GaugeMetricFamily(
        "jobs_oldest_seconds", "How long the oldest available job waits.", labels=("queue",)
    )
    for queue in found.queues:
        for state in STATES:
            jobs.add_metric((queue.name, state), getattr(queue, state))
        waited = max(0.0, (now - queue.oldest).total_seconds()) if queue.oldest else 0.0
        oldest.add_metric((queue.name,), waited)
    yield from (jobs, oldest)
    yield GaugeMetricFamily("jobs_workers", "Workers that are alive.", value=len(found.workers))
