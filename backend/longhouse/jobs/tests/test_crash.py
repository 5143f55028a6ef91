"""What the queue promises when processes are killed: the same tests on every engine.

On SQLite with `make test`; on servers with `make test-services`.
"""

import contextlib
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import connections, transaction
from django.utils import timezone

from longhouse.jobs import services
from longhouse.jobs.models import Attempt, Job, Outcome, State
from longhouse.jobs.tests import settings, tasks
from longhouse.jobs.tests.engines import ALIAS, ENGINES, House, children

#: The long form is 5000 jobs and 200 kills.
JOBS = int(os.environ.get("JOBS_CRASH_JOBS") or 300)
KILLS = int(os.environ.get("JOBS_CRASH_KILLS") or 8)


@pytest.fixture(params=ENGINES)
def house(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    django_db_blocker: Any,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> Iterator[House]:
    house = House(tmp_path, request.param)
    with house.in_use(settings, monkeypatch, django_db_blocker):
        yield house


def job_of(result: Any) -> Job:
    return Job.objects.get(pk=result.id)


def succeeded(*results: Any) -> bool:
    ids = [result.id for result in results]
    return Job.objects.filter(pk__in=ids, state=State.SUCCEEDED).count() == len(ids)


def test_a_job_whose_process_is_killed_runs_again(house):
    worker = house.start()
    slow = tasks.traced.enqueue("slow", 1.5)
    house.until(lambda: "begin slow" in house.trace())
    for one in children(worker):
        one.kill()
    house.until(lambda: succeeded(slow))
    assert house.trace().count("begin slow") == 2
    assert Attempt.objects.get().outcome == Outcome.LOST
    assert worker.poll() is None
    fast = tasks.traced.enqueue("fast")
    house.until(lambda: succeeded(fast))


def test_a_job_whose_worker_is_killed_runs_elsewhere(house):
    worker = house.start()
    slow = tasks.traced.enqueue("slow", 1)
    house.until(lambda: "begin slow" in house.trace())
    left_behind = children(worker)
    house.kill(worker)
    house.until(lambda: not any(one.is_running() for one in left_behind), seconds=5)
    house.start()
    house.until(lambda: succeeded(slow))
    assert job_of(slow).attempt == 2


def test_a_poison_job_ends_in_the_dead_letter_and_harms_no_other(house):
    house.start()
    poison = tasks.poison.enqueue()
    others = [tasks.add.enqueue(n) for n in range(10)]
    house.until(lambda: job_of(poison).state == State.DISCARDED and succeeded(*others))
    assert house.trace().count("poison") == 3
    assert list(Attempt.objects.values_list("outcome", flat=True)) == [Outcome.LOST] * 3
    if house.engine == "embedded":  # in Celery's pool nobody knows which of a batch was running
        assert set(Job.objects.filter(state=State.SUCCEEDED).values_list("attempt")) == {(1,)}


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_job_that_runs_too_long_is_stopped(house, stubborn):
    house.start()
    hanging = tasks.hang.enqueue("h", stubborn=stubborn)
    house.until(lambda: job_of(hanging).state == State.DISCARDED)
    assert list(Attempt.objects.values_list("outcome", flat=True)) == [Outcome.TIMED_OUT] * 3
    fast = tasks.add.enqueue(1)
    house.until(lambda: succeeded(fast))


def test_a_long_job_keeps_its_lease(house):
    house.start()
    house.start()
    seconds = settings.OPTIONS["lease"] * 2
    long = tasks.traced.enqueue("long", seconds)
    house.until(lambda: succeeded(long))
    assert house.trace() == ["begin long", "end long"]


def test_who_lost_its_lease_writes_nothing(house):
    frozen = house.start()
    job = tasks.traced.enqueue("job", 1)
    house.until(lambda: "begin job" in house.trace())
    stopped = [psutil.Process(frozen.pid), *children(frozen)]
    for one in stopped:
        one.suspend()
    house.start()
    house.until(lambda: succeeded(job))
    winner = job_of(job)
    for one in stopped:
        # The supervisor, which is first, may have ended its child by then.
        with contextlib.suppress(psutil.NoSuchProcess):
            one.resume()
    house.until(lambda: "taken over" in house.said(), seconds=10)
    after = job_of(job)
    assert (after.finished_at, after.worker) == (winner.finished_at, winner.worker)
    assert after.attempt == 2


def test_sixteen_enqueues_of_one_key_make_one_job(house):
    house.start()
    keyed = tasks.traced.using(idempotency_key="one")
    ids, ready = [], threading.Barrier(16)

    def enqueue() -> None:
        try:
            ready.wait()
            ids.append(keyed.enqueue("once").id)
        finally:
            connections[ALIAS].close()

    threads = [threading.Thread(target=enqueue) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 16
    assert len(set(ids)) == 1
    house.until(lambda: Job.objects.get().state == State.SUCCEEDED)
    assert house.trace() == ["begin once", "end once"]


def test_what_was_rolled_back_never_runs(house):
    house.start()
    with transaction.atomic(using=ALIAS):
        tasks.traced.enqueue("never")
        time.sleep(0.3)
        transaction.set_rollback(True, using=ALIAS)
    with transaction.atomic(using=ALIAS):
        committed = tasks.traced.enqueue("committed")
        time.sleep(0.3)
        assert house.trace() == []
    house.until(lambda: succeeded(committed))
    assert Job.objects.count() == 1


def test_a_delayed_job_starts_at_its_time(house):
    house.start()
    due = timezone.now() + timedelta(seconds=1)
    later = tasks.add.using(run_after=due).enqueue(1)
    house.until(lambda: succeeded(later))
    job = job_of(later)
    assert job.started_at is not None
    assert job.started_at >= due


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_running_job_is_cancelled(house, stubborn):
    house.start()
    patient = tasks.patient.enqueue(stubborn=stubborn)
    house.until(lambda: job_of(patient).progress)
    services.cancel(job_of(patient).pk, kill=stubborn)
    house.until(lambda: job_of(patient).state == State.CANCELLED)
    assert Attempt.objects.get().outcome == Outcome.CANCELLED
    fast = tasks.add.enqueue(1)
    house.until(lambda: succeeded(fast))


def test_a_dead_letter_is_replayed(house):
    house.start()
    failing = tasks.fail.enqueue()
    house.until(lambda: job_of(failing).state == State.DISCARDED)
    assert services.replay(job_of(failing).pk)
    house.until(lambda: Attempt.objects.count() == 6)
    house.until(lambda: job_of(failing).state == State.DISCARDED)


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_clock_that_jumps_takes_no_job_from_who_works_on_it(house, seconds):
    house.start()
    house.start()
    long = tasks.traced.enqueue("long", 4)
    house.until(lambda: "begin long" in house.trace())
    time.sleep(1)
    house.set_clock(seconds)
    fast = tasks.traced.enqueue("fast")
    house.until(lambda: succeeded(long, fast))
    assert Counter(house.trace())["begin long"] == 1
    after = tasks.traced.enqueue("after")
    house.until(lambda: succeeded(after))


def test_a_job_lost_before_the_clock_was_put_back_is_found(house):
    worker = house.start()
    job = tasks.traced.enqueue("job", 1)
    house.until(lambda: "begin job" in house.trace())
    house.kill(worker)
    house.set_clock(-3600)
    house.start()
    house.until(lambda: succeeded(job))


def test_four_schedulers_fire_once(house):
    house.environment["JOBS_TEST_SCHEDULED"] = "yes"
    for _ in range(4):
        house.start("--pool=default=1")
    house.until(lambda: Job.objects.filter(schedule__isnull=False).count() >= 5)
    house.stop()
    fired = Job.objects.filter(schedule__name="tests.every-second")
    keys = list(fired.values_list("idempotency_key", flat=True))
    assert len(keys) == len(set(keys))
    assert house.trace().count("fired") == fired.filter(state=State.SUCCEEDED).count()


def test_a_worker_that_is_told_to_stop_finishes_what_runs_and_gives_back_the_rest(house):
    worker = house.start(processes=1)
    for n in range(40):  # fast ones, so that many are at hand
        tasks.add.enqueue(n)
    house.until(lambda: Job.objects.filter(state=State.SUCCEEDED).count() == 40)
    slow = tasks.traced.enqueue("slow", 2)
    rest = [tasks.traced.enqueue(f"rest {n}") for n in range(10)]
    house.until(lambda: "begin slow" in house.trace())
    worker.terminate()
    assert worker.wait(20) == 0
    assert succeeded(slow)
    waiting = Job.objects.filter(pk__in=[result.id for result in rest])
    assert set(waiting.values_list("state", "attempt")) == {(State.AVAILABLE, 0)}
    house.start()
    house.until(lambda: succeeded(*rest))


def test_nobody_waits_behind_a_slow_job(house):
    house.start(processes=2)
    for n in range(100):
        tasks.add.enqueue(n)
    house.until(lambda: Job.objects.filter(state=State.SUCCEEDED).count() == 100)
    slow = tasks.traced.enqueue("slow", 20)
    fast = [tasks.add.enqueue(n) for n in range(50)]
    house.until(lambda: succeeded(*fast), seconds=10)
    assert job_of(slow).state == State.RUNNING
    house.kill(house.workers[0])


def test_a_queue_full_of_slow_jobs_takes_no_process_of_another_pool(house):
    house.start("--pool=slow=1", "--pool=default=1")
    for n in range(5):
        tasks.traced.using(queue_name="slow").enqueue(f"slow {n}", 20)
    house.until(lambda: "begin slow 0" in house.trace())
    fast = [tasks.add.enqueue(n) for n in range(20)]
    house.until(lambda: succeeded(*fast), seconds=10)
    house.kill(house.workers[0])


def test_no_job_is_lost_however_often_processes_are_killed(house):
    chance = random.Random(5)
    services.enqueue_many(tasks.stubborn, [((n,), {}) for n in range(JOBS)])
    house.start()
    house.start()
    for kill in range(KILLS):
        # Work goes on between two kills, so that each finds somebody at it.
        enough = (kill + 1) * JOBS // (KILLS + 2)
        house.until(lambda enough=enough: len(house.trace()) >= enough, seconds=120)
        time.sleep(chance.uniform(0, 0.05))
        house.kill_somebody(chance)
    house.until(
        lambda: not Job.objects.exclude(state=State.SUCCEEDED).exists(), seconds=60 + JOBS / 20
    )
    ran = Counter(map(int, house.trace()))
    assert set(ran) == set(range(JOBS))
    again = sum(ran.values()) - JOBS
    assert Attempt.objects.filter(outcome=Outcome.LOST).exists()
    print(f"{JOBS} jobs, {KILLS} kills: none lost, {again} ran more than once")


def test_jobs_wait_while_the_broker_is_away_and_run_when_it_is_back(house):
    if house.engine == "embedded":
        pytest.skip("has no broker")
    with house.broker_away():
        house.start()
        enqueued = [tasks.add.enqueue(n) for n in range(20)]
        time.sleep(3)
        assert Job.objects.filter(state=State.AVAILABLE).count() == 20
    house.until(lambda: succeeded(*enqueued))
    with house.broker_away():
        time.sleep(1)
        more = [tasks.add.enqueue(n) for n in range(20)]
        time.sleep(2)
    house.until(lambda: succeeded(*more))
