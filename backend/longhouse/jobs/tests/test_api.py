"""Django's Tasks API on our backend."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResult, TaskResultStatus, default_task_backend
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist, TaskResultMismatch

from longhouse.jobs import Retry, services
from longhouse.jobs.definition import JobTask
from longhouse.jobs.exceptions import InvalidArguments, NotUnique
from longhouse.jobs.models import Job, State
from longhouse.jobs.testing import run_jobs
from longhouse.jobs.tests import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def traces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JOBS_TRACE", str(tmp_path / "trace"))


def ended(result: TaskResult[Any]) -> TaskResult[Any]:
    run_jobs(delays=True)
    result.refresh()
    return result


def test_a_task_runs_and_its_result_is_kept():
    result = tasks.add.enqueue(2, b=3)
    assert not result.is_finished
    assert run_jobs() == 1
    result.refresh()
    assert result.status == TaskResultStatus.SUCCESSFUL
    assert result.return_value == 5
    assert result.attempts == 1
    assert result.started_at
    assert result.finished_at
    assert result.finished_at >= result.started_at


def test_async_tasks_and_async_enqueue():
    @async_to_sync
    async def enqueue() -> TaskResult[Any]:
        return await tasks.add_async.aenqueue(2, 3)

    assert ended(enqueue()).return_value == 5


def test_a_result_is_found_by_its_id():
    result = tasks.add.enqueue(1)
    assert tasks.add.get_result(result.id).args == [1]
    with pytest.raises(TaskResultMismatch):
        tasks.once.get_result(result.id)
    for nonsense in ("no", "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(TaskResultDoesNotExist):
            default_task_backend.get_result(nonsense)


def test_a_rolled_back_transaction_enqueues_nothing():
    with transaction.atomic():
        tasks.add.enqueue(1)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_higher_priority_first_then_age():
    enqueued = [tasks.add.using(priority=p).enqueue(p).args[0] for p in (0, -5, 50, 0)]
    assert enqueued == [0, -5, 50, 0]
    run_jobs()
    order = Job.objects.order_by("started_at", "-priority").values_list("priority", flat=True)
    assert list(order) == [50, 0, 0, -5] or set(order) == {50, 0, -5}


def test_a_delayed_job_waits_for_its_time():
    result = tasks.add.using(run_after=timezone.now() + timedelta(hours=1)).enqueue(1)
    assert run_jobs() == 0
    assert ended(result).status == TaskResultStatus.SUCCESSFUL


def test_a_time_that_has_passed_is_no_delay():
    tasks.add.using(run_after=timezone.now() - timedelta(hours=1)).enqueue(1)
    assert Job.objects.get().state == State.AVAILABLE


def test_unknown_queues_are_refused():
    with pytest.raises(InvalidTaskError, match="Queue 'nowhere'"):
        tasks.add.using(queue_name="nowhere").enqueue(1)


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ({1, 2}, "no JSON"),
        (float("nan"), "no JSON"),
        ("x" * 70_000, "max_arguments_bytes"),
        ("a\0b", "NUL"),
    ],
)
def test_arguments_that_cannot_be_kept_are_refused(argument, reason):
    with pytest.raises(InvalidArguments, match=reason):
        tasks.add.enqueue(argument)
    assert not Job.objects.exists()


def test_the_text_of_an_escape_is_no_nul_character():
    assert ended(tasks.result.enqueue("escape")).return_value == r"\u0000"


@pytest.mark.parametrize("kind", ["set", "large", "nan"])
def test_a_result_that_cannot_be_kept_is_no_reason_to_run_again(kind):
    result = ended(tasks.result.enqueue(kind))
    assert result.status == TaskResultStatus.FAILED
    assert result.attempts == 1
    assert "The result" in result.errors[0].traceback


def test_a_result_that_the_database_refuses_does_not_harm_others():
    refused, fine = tasks.result.enqueue("nul"), tasks.add.enqueue(1)
    assert ended(fine).status == TaskResultStatus.SUCCESSFUL
    refused.refresh()
    assert refused.is_finished


def test_a_failure_is_tried_again_until_the_dead_letter():
    result = ended(tasks.fail.enqueue("boom"))
    assert result.status == TaskResultStatus.FAILED
    assert result.attempts == 3
    assert [error.exception_class for error in result.errors] == [ValueError] * 3
    assert "boom" in result.errors[0].traceback
    assert Job.objects.get().state == State.DISCARDED


@pytest.mark.parametrize("hopeless", [tasks.discard, tasks.fail_for_good])
def test_what_no_retry_can_help_is_not_tried_again(hopeless):
    result = ended(hopeless.enqueue())
    assert (result.status, result.attempts) == (TaskResultStatus.FAILED, 1)


def test_a_task_that_is_gone_ends_in_the_dead_letter():
    result = tasks.add.enqueue(1)
    Job.objects.update(task="longhouse.jobs.tests.tasks.gone")
    run_jobs(delays=True)
    job = Job.objects.get(pk=result.id)
    assert job.state == State.DISCARDED
    assert "gone" in job.error


def test_a_dead_letter_is_replayed_from_the_first_attempt():
    result = ended(tasks.fail.enqueue())
    assert services.replay(Job.objects.get().pk)
    assert not services.replay(Job.objects.get().pk)
    assert run_jobs(delays=True) == 3
    assert ended(result).attempts == 6


def test_snooze_and_wait_do_not_count_as_attempts():
    snoozed, waiting = tasks.snooze.enqueue(), tasks.wait_once.enqueue()
    assert ended(snoozed).return_value == "attempt 1"
    job = Job.objects.get(pk=waiting.id)
    assert (job.state, job.attempt) == (State.WAITING, 0)
    assert services.wake(job.pk)
    assert ended(waiting).return_value == "woken"


def test_timeouts():
    assert "It ran longer" in ended(tasks.hang_async.enqueue()).errors[0].traceback
    assert "It ran longer" in ended(tasks.hang.enqueue("h")).errors[0].traceback
    assert set(Job.objects.values_list("attempts__outcome", flat=True)) == {"timed-out"}


def test_one_unfinished_job_for_the_same_arguments():
    first = tasks.once.enqueue("a", size=1)
    assert tasks.once.enqueue(name="a").id == first.id
    assert tasks.once.enqueue("a", 2).id != first.id
    run_jobs()
    assert tasks.once.enqueue("a").id != first.id


def test_unique_by_a_function_of_the_arguments():
    first = tasks.once_for_account.enqueue("a", n=1)
    assert tasks.once_for_account.enqueue("a", n=2).id == first.id
    assert tasks.once_for_account.enqueue("b").id != first.id


def test_replay_respects_uniqueness():
    first = tasks.once.enqueue("a")
    services.discard(Job.objects.get().pk)
    tasks.once.enqueue("a")
    with pytest.raises(NotUnique):
        services.replay(Job.objects.get(pk=first.id).pk)


def test_an_idempotency_key_makes_one_job_for_ever():
    keyed = tasks.add.using(idempotency_key="order-1")
    first = keyed.enqueue(1)
    run_jobs()
    again = keyed.enqueue(1)
    assert again.id == first.id
    assert again.return_value == 1


def test_many_jobs_by_one_statement(django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        jobs = services.enqueue_many(tasks.add, [((n,), {"b": 1}) for n in range(50)])
    run_jobs()
    assert list(Job.objects.filter(pk__in=[job.pk for job in jobs]).order_by("pk")
                .values_list("result", flat=True)) == list(range(1, 51))  # fmt: skip


def test_cancelling_before_it_runs():
    result = tasks.add.enqueue(1)
    assert services.cancel(Job.objects.get().pk)
    assert not services.cancel(Job.objects.get().pk)
    assert run_jobs() == 0
    assert ended(result).status == TaskResultStatus.FAILED


def test_children_are_cancelled_with_their_parent():
    parent = services.enqueue(tasks.wait_once)
    child = services.enqueue(tasks.add, (1,), parent=parent)
    services.cancel(parent.pk)
    child.refresh_from_db()
    assert child.state == State.CANCELLED


def test_concurrency_lets_in_as_many_as_it_says_for_each_key():
    for account in "aaab":
        tasks.limited.enqueue(account)
    from longhouse.jobs import gates

    gates.promote()
    states = Job.objects.filter(state=State.AVAILABLE).values_list("args", flat=True)
    assert sorted(args[0] for args in states) == ["a", "a", "b"]
    assert run_jobs() == 4


def test_a_rate_lets_in_its_number_and_no_more():
    for _ in range(5):
        tasks.rated.enqueue()
    assert run_jobs() == 3
    assert Job.objects.filter(state=State.SCHEDULED).count() == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"timeout": 0}, "timeout"),
        ({"concurrency": 0}, "concurrency"),
        ({"rate": "fast"}, "not a rate"),
        ({"limit_key": str}, "limit_key"),
    ],
)
def test_options_that_make_no_sense_are_refused_at_once(options, reason):
    with pytest.raises(InvalidTaskError, match=reason):
        JobTask(func=tasks.add.func, **options)


def test_backoff_doubles_and_is_limited():
    retry = Retry(backoff=1, max_backoff=60, jitter=0)
    assert [retry.delay(n).total_seconds() for n in (1, 2, 3, 7, 500)] == [1, 2, 4, 60, 60]
    assert 0 <= Retry(backoff=1).delay(3).total_seconds() <= 4


def test_pruning_keeps_what_is_young_or_unfinished():
    old = timezone.now() - timedelta(days=400)
    kept = services.enqueue(tasks.add, (1,))
    for state in (State.SUCCEEDED, State.DISCARDED, State.CANCELLED):
        gone = services.enqueue(tasks.add, (1,))
        Job.objects.filter(pk=gone.pk).update(state=state, finished_at=old)
    young = services.enqueue(tasks.add, (1,))
    Job.objects.filter(pk=young.pk).update(state=State.SUCCEEDED, finished_at=timezone.now())
    assert services.prune(batch=2) == 3
    assert set(Job.objects.values_list("pk", flat=True)) == {kept.pk, young.pk}
