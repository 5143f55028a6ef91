"""Claims, leases and fencing, without processes."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from longhouse.jobs import gates, leases, services, sql
from longhouse.jobs.exceptions import LeaseLost
from longhouse.jobs.execute import execute
from longhouse.jobs.finishing import Ending, failed, finish
from longhouse.jobs.leases import Held
from longhouse.jobs.models import Attempt, Job, Outcome, State
from longhouse.jobs.options import options
from longhouse.jobs.signals import job_finished
from longhouse.jobs.tests import tasks
from longhouse.jobs.worker.housekeeping import Housekeeper

pytestmark = pytest.mark.django_db


def claim(limit: int = 10) -> list[Job]:
    return leases.claim("default", limit=limit, worker="w")


def ended(job: Job) -> Ending:
    ending = execute(job)
    assert ending is not None
    return ending


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_claim_takes_the_oldest_of_its_queue_and_counts_the_attempt():
    jobs = [services.enqueue(tasks.add, (n,)) for n in range(3)]
    claimed = claim(limit=2)
    assert [job.pk for job in claimed] == [job.pk for job in jobs[:2]]
    assert {(job.state, job.attempt, job.worker) for job in claimed} == {("running", 1, "w")}
    assert [job.pk for job in claim()] == [jobs[2].pk]
    assert claim() == []
    assert leases.claim("other", limit=1, worker="w") == []


def test_low_priorities_are_taken_though_high_ones_keep_coming():
    services.enqueue(tasks.add.using(priority=-100))
    for _ in range(300):
        services.enqueue(tasks.add.using(priority=100))
        (job,) = claim(limit=1)
        if job.priority == -100:
            return
    pytest.fail("The job of low priority starved.")


def test_what_was_given_back_did_not_count():
    services.enqueue(tasks.add, (1,))
    (before,) = claim()
    leases.release([Held.of(before)])
    (job,) = claim()
    assert job.attempt == 1
    assert job.lease_token > before.lease_token


def test_who_lost_the_lease_can_write_nothing():
    services.enqueue(tasks.patient)
    (old,) = claim()
    expire(old)
    assert leases.expired() == [old]
    finish([failed(old, outcome=Outcome.LOST, error="gone")])
    Job.objects.update(state=State.AVAILABLE)
    (new,) = claim()
    for ending in (
        Ending(Held.of(old), State.SUCCEEDED, result="1"),
        Ending(Held.of(old), State.DISCARDED),
    ):
        assert finish([ending]) == set()
    with pytest.raises(LeaseLost):
        leases.save_progress(old, percent=1, message="")
    with pytest.raises(LeaseLost):
        leases.hold(old)
    leases.hold(new)
    assert leases.renew([Held.of(old), Held.of(new)]).held == {Held.of(new)}
    assert finish([Ending(Held.of(new), State.SUCCEEDED, result="2")]) == {Held.of(new)}
    job = Job.objects.get()
    assert (job.state, job.result, job.lost) == (State.SUCCEEDED, 2, 1)


def test_a_claim_that_the_database_forgot_gives_its_token_to_nobody():
    services.enqueue(tasks.add, (1,))
    row = Job.objects.filter(state=State.AVAILABLE)
    before = row.values().get()
    (first,) = claim()
    Job.objects.update(**before)  # the server crashed, and the claim was not on the disk
    assert finish([Ending(Held.of(first), State.SUCCEEDED, result="1")]) == set()
    (second,) = claim()
    assert second.attempt == first.attempt
    assert finish([Ending(Held.of(first), State.SUCCEEDED, result="1")]) == set()
    with pytest.raises(LeaseLost):
        leases.hold(first)
    assert finish([Ending(Held.of(second), State.SUCCEEDED, result="2")]) == {Held.of(second)}
    assert Job.objects.get().result == 2


def test_a_renewed_lease_is_not_taken():
    services.enqueue(tasks.add, (1,))
    (job,) = claim()
    expire(job)
    leases.renew([Held.of(job)])
    assert leases.expired() == []


def test_a_lease_from_a_clock_that_was_put_back_is_taken():
    services.enqueue(tasks.add, (1,))
    (job,) = claim()
    Job.objects.update(lease_until=timezone.now() + timedelta(hours=1))
    assert leases.expired() == [job]


def test_a_new_worker_whose_clock_is_put_back_first_lets_everybody_renew(monkeypatch):
    services.enqueue(tasks.add, (1,))
    (job,) = claim()
    housekeeper = Housekeeper("embedded", queues=["default"], processes=1, options=options())
    housekeeper.start()
    # To a process, a clock that is put back is time that goes on while the clock does not.
    elapsed = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: elapsed() + 3600)
    Job.objects.update(lease_until=timezone.now() + timedelta(hours=1))
    housekeeper.sweep()
    assert Job.objects.get().state == State.RUNNING
    housekeeper.sweep()
    job.refresh_from_db()
    assert (job.state, Attempt.objects.get().outcome) == (State.RETRYABLE, Outcome.LOST)


def test_endings_are_written_together_and_tell_which_were_ours():
    for n in range(3):
        services.enqueue(tasks.add, (n,))
    jobs = claim()
    Job.objects.filter(pk=jobs[0].pk).update(lease_token=9)
    written = finish([Ending(Held.of(job), State.SUCCEEDED, result="7") for job in jobs])
    assert written == {Held.of(job) for job in jobs[1:]}
    assert Job.objects.filter(state=State.SUCCEEDED, result=7).count() == 2


def test_a_job_that_never_succeeded_tells_of_each_attempt():
    services.enqueue(tasks.fail)
    for number in (1, 2, 3):
        (job,) = claim()
        finish([ended(job)])
        Job.objects.filter(state=State.RETRYABLE).update(state=State.AVAILABLE)
        assert Attempt.objects.count() == number
    assert list(Attempt.objects.values_list("number", "outcome", "exception")) == [
        (n, "failed", "builtins.ValueError") for n in (1, 2, 3)
    ]


def test_a_cancelled_job_is_not_tried_again():
    services.enqueue(tasks.fail)
    (job,) = claim()
    services.cancel(job.pk)
    finish([ended(job)])
    assert Job.objects.get().state == State.CANCELLED


def test_being_woken_before_waiting_is_not_lost():
    services.enqueue(tasks.wait_once)
    (job,) = claim()
    ending = ended(job)
    services.wake(job.pk)
    finish([ending])
    assert Job.objects.get().state == State.SCHEDULED


def test_listeners_hear_of_the_end_in_its_transaction():
    heard = []

    def listener(job, **_):
        heard.append(job.state)
        assert connection.in_atomic_block

    job_finished.connect(listener)
    try:
        services.enqueue(tasks.add, (1,))
        services.enqueue(tasks.discard)
        finish([ended(job) for job in claim()])
    finally:
        job_finished.disconnect(listener)
    assert sorted(heard) == ["discarded", "succeeded"]


def test_every_query_of_the_queue_uses_an_index():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's planner prefers a scan of a small table")
    asked = []

    def listen(execute, statement, parameters, many, context):
        # With parameters, not literals: the planner knows of them as little as it will.
        if "jobs_job" in statement and not statement.startswith("INSERT"):
            asked.append((statement, parameters))
        return execute(statement, parameters, many, context)

    services.enqueue(tasks.once, ("a",))
    for _ in range(4):
        services.enqueue(tasks.limited, ("a",))
    with connection.execute_wrapper(listen):
        gates.promote()
        (job,) = claim(limit=1)
        leases.renew([Held.of(job)])
        leases.expired()
        services.enqueue(tasks.once, ("a",))
        services.prune()
        finish([Ending(Held.of(job), State.SUCCEEDED)])
    assert len(asked) > 10
    with connection.cursor() as cursor:
        for statement, parameters in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plan = [row[3] for row in cursor.fetchall()]
            assert not any(row == "SCAN jobs_job" for row in plan), f"{statement}: {plan}"
            assert not any("ORDER BY" in row for row in plan), f"{statement} sorts: {plan}"


def test_looking_at_an_empty_queue_takes_no_write_lock(django_assert_num_queries):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has one lock for all writers")
    with django_assert_num_queries(1):
        assert claim() == []


def test_the_clock_of_the_database_is_asked():
    assert abs((sql.now() - timezone.now()).total_seconds()) < 60
