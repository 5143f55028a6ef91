"""When schedules fire, and which firings are made up for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cronsim import CronSimError
from django.utils import timezone

from longhouse.jobs import registry, schedules
from longhouse.jobs.models import Job, Schedule, State
from longhouse.jobs.registry import SCHEDULES, schedule
from longhouse.jobs.testing import run_jobs
from longhouse.jobs.tests import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "discover", lambda: None)
    monkeypatch.setattr(registry, "SCHEDULES", SCHEDULES.copy())
    registry.SCHEDULES.clear()


def declare(cron: str = "0 * * * *", **options: Any) -> Schedule:
    schedule(cron, name="tested", args=(1,), **options)(tasks.add)
    schedules.sync()
    return Schedule.objects.get()


def missed(row: Schedule, **ago: float) -> Schedule:
    """Nobody was there since then."""
    since = timezone.now() - timedelta(**ago)
    row.next_at = next(schedules.times(row.cron, row.timezone, since))
    row.save()
    return row


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        # Berlin's clock skips from 2:00 to 3:00 on 29 March 2026: what was due runs at once.
        ("30 2 * * *", datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        # 25 October 2026 has 2:30 twice: it runs at the first.
        ("30 2 * * *", datetime(2026, 10, 24, 12, tzinfo=UTC),
         datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("0 9 * * MON", datetime(2026, 11, 28, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_times_are_those_of_the_time_zone(cron, after, expected):
    first, second = (
        moment
        for moment, _ in zip(schedules.times(cron, "Europe/Berlin", after), "ab", strict=False)
    )
    assert first == expected
    assert second.date() > first.date()


def test_a_firing_is_one_job_however_often_it_is_asked_for():
    row = missed(declare(), hours=1.5)
    before = Schedule.objects.get()
    assert schedules.fire_due() == 1
    assert schedules.fire_due() == 0
    assert schedules._fire(before, timezone.now()) == 0  # one that read the row before
    assert Job.objects.get().schedule == row
    assert run_jobs() == 1


@pytest.mark.parametrize(("catch_up", "jobs"), [("last", 1), ("skip", 0), ("all", 3)])
def test_what_was_missed(catch_up, jobs):
    row = missed(declare("*/30 * * * *", catch_up=catch_up, overlap="allow"), minutes=85)
    due = [m for m in (row.next_at + timedelta(minutes=30) * n for n in range(3))
           if m <= timezone.now()]  # fmt: skip
    late = timezone.now() - due[-1] > schedules.ON_TIME
    fired = schedules.fire_due()
    assert fired == (len(due) if catch_up == "all" else jobs if late or catch_up == "last" else 1)
    assert Schedule.objects.get().next_at > timezone.now()


@pytest.mark.parametrize(
    ("overlap", "states"),
    [
        ("skip", [State.AVAILABLE]),
        ("allow", [State.AVAILABLE, State.AVAILABLE]),
        ("replace", [State.CANCELLED, State.AVAILABLE]),
    ],
)
def test_what_happens_while_the_last_one_still_runs(overlap, states):
    row = declare(overlap=overlap)
    missed(row, hours=2)
    schedules.fire_due()
    Job.objects.update(idempotency_key="of another hour")
    missed(row, hours=2)
    schedules.fire_due()
    assert list(Job.objects.order_by("created_at").values_list("state", flat=True)) == states


def test_a_disabled_schedule_stays_so_when_code_is_deployed():
    row = missed(declare(), hours=2)
    Schedule.objects.update(enabled=False)
    assert schedules.fire_due() == 0
    registry.SCHEDULES.clear()
    assert declare("5 * * * *").enabled is False
    assert Schedule.objects.get().next_at.minute == 5
    assert row.pk == Schedule.objects.get().pk


def test_a_schedule_that_code_no_longer_declares_fires_no_more():
    missed(declare(), hours=2)
    registry.SCHEDULES.clear()
    assert schedules.fire_due() == 0


def test_run_now_is_beside_the_plan():
    row = declare()
    planned = row.next_at
    job = schedules.run_now(row)
    assert (job.schedule, job.idempotency_key) == (row, None)
    assert Schedule.objects.get().next_at == planned


def test_mistakes_are_refused_where_they_are_written():
    with pytest.raises(CronSimError):
        schedule("61 * * * *")
    with pytest.raises(Exception, match="Mars"):
        schedule("* * * * *", timezone="Mars/Olympus")
    declare()
    with pytest.raises(ValueError, match="Two schedules"):
        schedule("0 0 * * *", name="tested")(tasks.fail)
