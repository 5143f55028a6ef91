"""The queue in numbers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from longhouse.jobs import sql
from longhouse.jobs.models import Worker
from longhouse.jobs.options import queues

#: a worker says hello every five seconds
ALIVE = timedelta(seconds=30)


@dataclass(slots=True)
class QueueStats:
    """One queue now, and in the last hour."""

    name: str
    available: int = 0
    oldest: datetime | None = None
    delayed: int = 0
    waiting: int = 0
    running: int = 0
    succeeded: int = 0  # in the last hour
    discarded: int = 0  # in the last hour
    dead: int = 0  # all that are kept


@dataclass(slots=True)
class Overview:
    queues: list[QueueStats]
    workers: list[Worker] = field(default_factory=list)


def overview() -> Overview:
    """All queues that are configured or in use, by six queries."""
    found = {name: QueueStats(name) for name in queues()}

    def of(name: str) -> QueueStats:
        return found.setdefault(name, QueueStats(name))

    # In literals, so that SQLite sees which partial index holds them.
    for name, count, oldest in _rows(
        "SELECT queue, count(*), min(run_at) FROM jobs_job WHERE state = 'available' GROUP BY queue"
    ):
        of(name).available, of(name).oldest = count, _aware(oldest)
    for name, count in _counts("state IN ('scheduled', 'retryable')"):
        of(name).delayed = count
    for name, count in _counts("state = 'waiting'"):
        of(name).waiting = count
    for name, count in _counts("state = 'running'"):
        of(name).running = count
    hour, value = sql.moment(-timedelta(hours=1))
    for name, count in _counts(f"state = 'succeeded' AND finished_at > {hour}", value):
        of(name).succeeded = count
    for name, count in _counts(f"state = 'discarded' AND finished_at > {hour}", value):
        of(name).discarded = count
    for name, count in _counts("state = 'discarded' AND finished_at IS NOT NULL"):
        of(name).dead = count
    return Overview(list(found.values()), list(alive_workers()))


def alive_workers() -> QuerySet[Worker]:
    return Worker.objects.filter(seen_at__gt=timezone.now() - ALIVE)


def _counts(condition: str, *parameters: object) -> list[tuple[str, int]]:
    return _rows(
        f"SELECT queue, count(*) FROM jobs_job WHERE {condition} GROUP BY queue", *parameters
    )


def _rows(statement: str, *parameters: object) -> list[tuple]:  # type: ignore[type-arg]
    with sql.connection().cursor() as cursor:
        cursor.execute(statement, list(parameters))
        rows: list[tuple] = cursor.fetchall()  # type: ignore[type-arg]
    return rows


def _aware(moment: datetime | str) -> datetime:
    """SQLite gives an aggregate of times as text."""
    if isinstance(moment, datetime):
        return moment
    return datetime.fromisoformat(moment).replace(tzinfo=timezone.get_default_timezone())
