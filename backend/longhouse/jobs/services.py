"""Every change that is asked of jobs from outside."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django_tasks.base import TaskResult
from django_tasks.signals import task_enqueued

from longhouse.jobs import sql
from longhouse.jobs.carrying import apart, carried
from longhouse.jobs.definition import JobTask
from longhouse.jobs.exceptions import InvalidArguments, NotUnique
from longhouse.jobs.inserting import insert, insert_many
from longhouse.jobs.models import FINAL, UNFINISHED, Job, Schedule, State
from longhouse.jobs.options import options
from longhouse.jobs.signals import job_finished
from longhouse.jobs.values import as_json
from longhouse.jobs.wakeups import notify

Call = tuple[Sequence[Any], dict[str, Any]]


def enqueue(
    task: JobTask[Any, Any],
    args: Sequence[Any] = (),
    kwargs: dict[str, Any] | None = None,
    *,
    parent: Job | None = None,
    schedule: Schedule | None = None,
) -> Job:
    """A new job, or the one that has its unique or idempotency key. Raises InvalidArguments."""
    return add(task, args, kwargs or {}, parent=parent, schedule=schedule)[0]


def add(
    task: JobTask[Any, Any],
    args: Sequence[Any],
    kwargs: dict[str, Any],
    *,
    parent: Job | None = None,
    schedule: Schedule | None = None,
) -> tuple[Job, TaskResult[Any]]:
    """As `enqueue`, and the job as Django's TaskResult."""
    from longhouse.jobs.backend import JobsBackend, result_of

    job = row(task, args, kwargs, parent=parent, schedule=schedule)
    if job.unique_key or job.idempotency_key:
        job, made = _save_once(job)
    else:
        insert(job)
        made = True
    result = result_of(job, task=task)
    if made:
        task_enqueued.send(JobsBackend, task_result=result)
    return job, result


def enqueue_many(
    task: JobTask[Any, Any], calls: Iterable[Call], *, parent: Job | None = None
) -> list[Job]:
    """Many jobs of one task in one transaction. Raises InvalidArguments.

    A task with unique or idempotency key is refused by ValueError: enqueue those one by one.
    """
    if task.unique or task.idempotency_key:
        raise ValueError("Jobs with a unique or idempotency key are enqueued one by one.")
    jobs = [row(task, args, kwargs, parent=parent) for args, kwargs in calls]
    insert_many(jobs)
    return jobs


def row(
    task: JobTask[Any, Any],
    args: Sequence[Any],
    kwargs: dict[str, Any],
    *,
    parent: Job | None = None,
    schedule: Schedule | None = None,
) -> Job:
    """The job of a call, not saved. Raises InvalidArguments."""
    try:
        (given, kwargs), _ = as_json(
            [list(args), kwargs],
            f"Arguments of {task.module_path}",
            limit=options().max_arguments_bytes,
            advice="raise max_arguments_bytes, or store them elsewhere and pass where",
        )
    except ValueError as error:
        raise InvalidArguments(str(error)) from error
    moment = timezone.now()
    told = carried()
    gate = task.gate(given, kwargs)
    run_at = max(moment, task.run_after or moment)
    return Job(
        task=task.module_path,
        queue=task.queue_name,
        priority=task.priority,
        args=given,
        kwargs=kwargs,
        carried=told,
        # Before a gate everything waits, be it for a moment.
        state=State.SCHEDULED if gate or run_at > moment else State.AVAILABLE,
        max_attempts=task.retry.max_attempts,
        timeout=task.timeout,
        run_at=run_at,
        gate=gate,
        unique_key=apart(task.unique_key(given, kwargs), told),
        idempotency_key=task.idempotency_key or None,
        parent=parent,
        schedule=schedule,
        created_at=moment,
    )


def _save_once(job: Job) -> tuple[Job, bool]:
    """Insert the job unless its keys are there; the job that is there, and whether it is new."""
    while True:
        if existing := _existing(job):
            return existing, False
        try:
            with sql.atomic():
                insert(job)
        except IntegrityError:
            continue  # somebody was faster, and may be finished by now: look again
        else:
            return job, True


def _existing(job: Job) -> Job | None:
    jobs = Job.objects.using(sql.alias())
    same_key = jobs.filter(idempotency_key=job.idempotency_key)
    if job.idempotency_key and (found := same_key.first()):
        return found
    if job.unique_key:
        # In literals, or SQLite does not see that its index holds them all.
        unfinished = ", ".join(f"'{state}'" for state in UNFINISHED)
        same = jobs.filter(unique_key=job.unique_key).extra(  # noqa: S610
            where=[f"state IN ({unfinished})"]
        )
        return next(iter(same.order_by()[:1]), None)
    return None


def cancel(job_id: UUID, *, kill: bool = False) -> bool:
    """Cancel a job, and its children; whether there was anything left to cancel.

    One that runs is told, and stops where it asks (`JobContext.check`); with `kill` its process is
    killed if it has not stopped after `kill_after` seconds.
    """
    with sql.atomic():
        unfinished = Job.objects.filter(pk=job_id).exclude(state__in=FINAL)
        asked = unfinished.update(cancel_requested=True)
        if kill:
            unfinished.update(kill_requested=True)
        for job in unfinished.exclude(state=State.RUNNING).select_for_update():
            _end_as_cancelled(job)
        for child in Job.objects.filter(parent=job_id).exclude(state__in=FINAL):
            cancel(child.pk, kill=kill)
    return bool(asked)


def _end_as_cancelled(job: Job) -> None:
    job.state, job.finished_at = State.CANCELLED, timezone.now()
    job.save(update_fields=["state", "finished_at"])
    job_finished.send(Job, job=job)


def discard(job_id: UUID) -> bool:
    """Send a job that does not run to the dead letter; whether it was."""
    with sql.atomic():
        idle = Job.objects.filter(pk=job_id).exclude(state__in=(*FINAL, State.RUNNING))
        if not idle.update(state=State.DISCARDED, finished_at=timezone.now()):
            return False
        job_finished.send(Job, job=Job.objects.get(pk=job_id))
    return True


def replay(job_id: UUID) -> bool:
    """Run a job of the dead letter, or a cancelled one, from its first attempt on; whether it will.

    Raises NotUnique when a job with the same unique key is not finished.
    """
    ended = Job.objects.filter(pk=job_id, state__in=(State.DISCARDED, State.CANCELLED))
    try:
        with sql.atomic():
            done = ended.update(
                state=State.SCHEDULED,
                attempt=0,
                lost=0,
                run_at=timezone.now(),
                finished_at=None,
                cancel_requested=False,
                kill_requested=False,
                progress=None,
            )
    except IntegrityError as error:
        raise NotUnique(
            f"Job {job_id}: another one with its unique key is not finished."
        ) from error
    return _ring(job_id) if done else False


def wake(job_id: UUID) -> bool:
    """Go on at once with a job that raised Wait or Snooze, even if it is only about to.

    Whether it waits, or may be about to.
    """
    with sql.atomic():
        if Job.objects.filter(pk=job_id, state=State.RUNNING).update(wake_requested=True):
            return True
        waiting = Job.objects.filter(pk=job_id, state__in=(State.WAITING, State.SCHEDULED))
        woken = waiting.update(state=State.SCHEDULED, run_at=timezone.now())
        return _ring(job_id) if woken else False


def _ring(job_id: UUID) -> bool:
    notify(Job.objects.values_list("queue", flat=True).get(pk=job_id))
    return True


def prune(keep: dict[str, timedelta] | None = None, *, batch: int = 1000) -> int:
    """Delete finished jobs that are older than `keep` says for their state; how many."""
    removed = 0
    for state, age in (keep or options().keep).items():
        old = Job.objects.filter(state=state, finished_at__lt=timezone.now() - age)
        while keys := list(old.order_by().values_list("pk", flat=True)[:batch]):
            # Small transactions: nobody waits long for SQLite's one write lock.
            _, deleted = Job.objects.filter(pk__in=keys).delete()
            removed += deleted.get("jobs.Job", 0)
    return removed
