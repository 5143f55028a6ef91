"""Jobs that are handed to a waiting process when they are enqueued (PostgreSQL)."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from longhouse.jobs import handoff
from longhouse.jobs.models import Attempt, Job, Standby, State
from longhouse.jobs.tests import engines, tasks
from longhouse.jobs.tests.engines import ALIAS, House, children
from longhouse.jobs.tests.test_crash import JOBS, KILLS, job_of, succeeded

pytestmark = pytest.mark.skipif(
    not engines.SERVER.startswith("postgres"), reason="is about PostgreSQL"
)


@pytest.fixture
def house(
    tmp_path: Path, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[House]:
    house = House(tmp_path, "embedded-postgresql")
    with house.in_use(settings, monkeypatch, django_db_blocker):
        yield house


def offered() -> "list[Standby]":
    return list(Standby.objects.filter(until__isnull=False, job_id__isnull=True))


def ready(house: House, *, processes: int = 2) -> Any:
    """A worker whose processes are all on standby."""
    worker = house.start(processes=processes)
    house.until(lambda: len(offered()) == processes)
    return worker


def frozen(worker: Any) -> psutil.Process:
    """Its one process, which hears nothing for now."""
    (child,) = children(worker)
    child.suspend()
    return child


def handed(result: Any) -> Job:
    """A job that is a process's since it was enqueued."""
    job = job_of(result)
    assert Standby.objects.filter(job_id=job.pk, worker=job.worker).exists()
    return job


def test_a_job_is_claimed_at_its_birth_and_carries_all_that_was_enqueued(house):
    ready(house)
    text = 'ä \\ " € ' * 50
    result = tasks.traced.using(priority=7).enqueue(text, seconds=0.2)
    job = handed(result)
    assert result.status == "READY"
    assert (job.state, job.attempt, job.priority) == (State.RUNNING, 1, 7)
    assert job.lease_token > 0
    assert job.lease_until is not None
    assert job.lease_until > timezone.now()
    house.until(lambda: succeeded(result))
    assert house.trace() == [f"begin {text}", f"end {text}"]
    after = job_of(result)
    assert (after.lease_token, after.result, after.args) == (job.lease_token, text, [text])
    house.until(lambda: len(offered()) == 2)


def test_who_is_handed_nothing(house):
    handoff.stand_by({"nobody_listens": ["default", "slow"]}, worker="w")
    with transaction.atomic(using=ALIAS):
        tasks.add.enqueue(1)
    tasks.single_attempt.enqueue()
    tasks.traced.enqueue("x" * handoff.ROOM)
    tasks.add.using(run_after=timezone.now() + timedelta(hours=1)).enqueue(1)
    assert not Job.objects.filter(state=State.RUNNING).exists()
    tasks.add.enqueue(1)
    assert Job.objects.get(state=State.RUNNING).worker == "w"
    tasks.add.enqueue(1)  # the only one has a job by now
    assert Job.objects.filter(state=State.AVAILABLE).count() == 4


def test_nobody_is_handed_what_its_queues_do_not_have_or_after_its_worker_fell_silent(house):
    handoff.stand_by({"slow_alone": ["slow"]}, worker="w")
    tasks.add.enqueue(1)
    assert not Job.objects.filter(state=State.RUNNING).exists()
    time.sleep(handoff.IDLE)
    Standby.objects.update(until=F("until") - timedelta(seconds=handoff.LASTS))
    tasks.add.using(queue_name="slow").enqueue(1)
    assert not Job.objects.filter(state=State.RUNNING).exists()


def test_a_job_that_a_notification_barely_holds_is_handed_off(house):
    ready(house)
    result = tasks.traced.enqueue("x" * (handoff.ROOM - 50))
    handed(result)
    house.until(lambda: succeeded(result))
    assert job_of(result).attempt == 1


def test_what_a_dead_process_did_not_begin_is_run_by_another_one(house):
    worker = ready(house, processes=1)
    child = frozen(worker)
    handed(result := tasks.traced.enqueue("once"))
    child.kill()
    house.until(lambda: succeeded(result))
    assert house.trace() == ["begin once", "end once"]
    assert job_of(result).attempt == 1
    assert not Attempt.objects.exists()
    house.until(lambda: Standby.objects.count() == 1 and len(offered()) == 1)


def test_a_process_that_dies_with_its_job_loses_an_attempt(house):
    ready(house, processes=1)
    poison = tasks.poison.enqueue()
    handed(poison)
    house.until(lambda: job_of(poison).state == State.DISCARDED)
    assert house.trace().count("poison") == 3


def test_a_lost_notification_is_made_up_for(house):
    worker = ready(house, processes=1)
    child = frozen(worker)
    (standby,) = offered()
    with psycopg.connect(house.url, autocommit=True) as other:
        ended = other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE query = %s",
            [f"LISTEN {standby.channel}"],
        ).fetchall()
    assert ended == [(True,)]
    handed(result := tasks.traced.enqueue("once"))
    child.resume()
    house.until(lambda: succeeded(result))
    assert house.trace() == ["begin once", "end once"]
    assert job_of(result).attempt == 1
    house.until(lambda: len(offered()) == 1)


def test_a_busy_process_passes_on_what_it_is_handed(house):
    ready(house, processes=2)
    slow = tasks.traced.enqueue("slow", 5)
    house.until(lambda: "begin slow" in house.trace())
    busy = Standby.objects.get(job_id=job_of(slow).pk)
    # As if it had been offered in the moment in which it got something else to do.
    Standby.objects.exclude(pk=busy.pk).update(until=None)
    Standby.objects.filter(pk=busy.pk).update(
        job_id=None, until=timezone.now() + timedelta(hours=1)
    )
    handed(result := tasks.traced.enqueue("fast"))
    house.until(lambda: succeeded(result), seconds=4)
    assert house.trace() == ["begin slow", "begin fast", "end fast"]
    house.until(lambda: succeeded(slow))


def test_a_worker_that_is_told_to_stop_does_what_its_processes_were_handed(house):
    worker = ready(house, processes=1)
    child = frozen(worker)
    handed(result := tasks.traced.enqueue("once"))
    worker.terminate()
    time.sleep(0.5)
    child.resume()
    assert worker.wait(20) == 0
    job = job_of(result)
    # Begun, or given back: not lost, and not to be waited for until a lease ends.
    assert (job.state, job.attempt) in ((State.SUCCEEDED, 1), (State.AVAILABLE, 0))
    assert not Standby.objects.exists()
    house.start()
    house.until(lambda: succeeded(result))
    assert house.trace() == ["begin once", "end once"]


def test_a_worker_that_has_nothing_to_do_stops_at_once(house):
    worker = ready(house)
    began = time.monotonic()
    worker.terminate()
    assert worker.wait(20) == 0
    assert time.monotonic() - began < 10
    assert not Standby.objects.exists()


def test_what_a_dead_worker_was_handed_is_run_when_its_lease_ends(house):
    worker = ready(house, processes=1)
    frozen(worker)
    handed(result := tasks.traced.enqueue("once"))
    house.kill(worker)
    house.start()
    house.until(lambda: succeeded(result))
    assert house.trace() == ["begin once", "end once"]
    assert job_of(result).attempt == 2


def test_no_handed_job_is_lost_however_often_processes_are_killed(house):
    chance = random.Random(7)
    house.start()
    house.start()
    results: list[Any] = []
    births = 0
    for _ in range(KILLS):
        house.until(offered)
        jobs = JOBS // KILLS // 2
        last = chance.randrange(jobs)
        for number in range(jobs):
            results.append(tasks.stubborn.enqueue(len(results)))
            births += Standby.objects.filter(job_id=results[-1].id).exists()
            time.sleep(chance.uniform(0, 0.08))
            if number == last:
                house.kill_somebody(chance)
    house.until(lambda: succeeded(*results), seconds=60 + len(results) / 20)
    ran = Counter(map(int, house.trace()))
    assert set(ran) == set(range(len(results)))
    assert births >= KILLS / 2
