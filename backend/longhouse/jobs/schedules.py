"""Firing schedules. Any number of processes may: each firing is one job, by its key."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim

from longhouse.jobs import registry, services, sql
from longhouse.jobs.definition import JobTask
from longhouse.jobs.models import UNFINISHED, Job, Schedule
from longhouse.jobs.registry import Declared

logger = logging.getLogger("longhouse.jobs")
#: with catch_up="skip": how late a firing may be and still happen
ON_TIME = timedelta(seconds=60)
#: with catch_up="all": how many firings are made up for at once
MOST_CAUGHT_UP = 100


def times(cron: str, zone: str, after: datetime) -> Iterator[datetime]:
    """Times in UTC at which it fires, all later than `after`."""
    for moment in CronSim(cron, after.astimezone(ZoneInfo(zone))):
        yield moment.astimezone(UTC)


def sync() -> None:
    """Write what code declares into the table; whether a schedule is enabled stays as it is."""
    registry.discover()
    now = sql.now()
    for declared in registry.SCHEDULES.values():
        fields: dict[str, Any] = {
            "task": declared.task.module_path,
            "args": declared.args,
            "kwargs": declared.kwargs,
            "cron": declared.cron,
            "timezone": declared.timezone,
            "overlap": declared.overlap,
            "catch_up": declared.catch_up,
        }
        next_at = next(times(declared.cron, declared.timezone, now))
        row, made = Schedule.objects.get_or_create(
            name=declared.name, defaults=fields | {"next_at": next_at}
        )
        if made or all(getattr(row, name) == value for name, value in fields.items()):
            continue
        if (row.cron, row.timezone) != (declared.cron, declared.timezone):
            fields["next_at"] = next_at
        Schedule.objects.filter(pk=row.pk).update(**fields)


def fire_due() -> int:
    """Enqueue what is due; how many jobs that made."""
    now = sql.now()
    names = list(registry.SCHEDULES)
    due = Schedule.objects.filter(enabled=True, next_at__lte=now, name__in=names)
    return sum(_fire(row, now) for row in due)


def run_now(row: Schedule) -> Job:
    """One firing at once, beside the planned ones. Raises LookupError if code has no such one."""
    return services.enqueue(_task(_declared(row)), row.args, row.kwargs, schedule=row)


def _fire(row: Schedule, now: datetime) -> int:
    declared = _declared(row)
    due = [row.next_at]
    upcoming = times(row.cron, row.timezone, row.next_at)
    while (following := next(upcoming)) <= now:
        due.append(following)
        if len(due) > MOST_CAUGHT_UP:
            due.pop(0)
    if row.catch_up != "all":
        due = due[-1:]
    if row.catch_up == "skip":
        due = [moment for moment in due if now - moment <= ON_TIME]
    with sql.atomic():
        # The one that moves it on fires; an older plan does nothing.
        mine = Schedule.objects.filter(pk=row.pk, next_at=row.next_at)
        if not mine.update(next_at=following, last_at=due[-1] if due else row.last_at):
            return 0
        return sum(_enqueue(row, declared, moment) for moment in due)


def _enqueue(row: Schedule, declared: Declared, moment: datetime) -> bool:
    unfinished = Job.objects.filter(schedule=row, state__in=UNFINISHED)
    if row.overlap == "skip" and unfinished.exists():
        logger.warning("%s is skipped at %s: the last one still runs", row.name, moment)
        return False
    if row.overlap == "replace":
        for job in unfinished:
            services.cancel(job.pk, kill=True)
    task = _task(declared).using(idempotency_key=f"schedule:{row.name}:{moment.isoformat()}")
    services.enqueue(task, row.args, row.kwargs, schedule=row)
    return True


def _declared(row: Schedule) -> Declared:
    return registry.SCHEDULES[row.name]


def _task(declared: Declared) -> JobTask[Any, Any]:
    return registry.find(declared.task.module_path)
