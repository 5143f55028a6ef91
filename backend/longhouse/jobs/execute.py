"""Running one job, in whichever process claimed it."""

import asyncio
import inspect
import logging
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.db import connections, reset_queries
from django_tasks.base import TaskResultStatus
from django_tasks.signals import task_finished, task_started
from django_tasks.utils import get_module_path

from longhouse.jobs import registry
from longhouse.jobs.backend import JobsBackend, result_of
from longhouse.jobs.carrying import restored
from longhouse.jobs.definition import JobContext, JobTask
from longhouse.jobs.exceptions import Cancelled, Discard, LeaseLost, Snooze, Timeout, Wait
from longhouse.jobs.finishing import Ending, failed
from longhouse.jobs.leases import Held
from longhouse.jobs.models import Job, Outcome, State
from longhouse.jobs.options import options
from longhouse.jobs.values import as_json

logger = logging.getLogger("longhouse.jobs")


def execute(job: Job, *, cancelled: Callable[[], bool] = lambda: False) -> Ending | None:
    """Run the job's task to its end. None: the job is no longer this worker's."""
    held = Held.of(job)
    if job.cancel_requested:
        return Ending(held, State.CANCELLED, refund=True)
    try:
        task = registry.find(job.task)
        result = result_of(job, task=task)
        task_started.send(JobsBackend, task_result=result)
        value = _call(task, job, cancelled)
        ending = Ending(held, State.SUCCEEDED, result=_stored(value))
        status = TaskResultStatus.SUCCESSFUL
    except LeaseLost:
        logger.warning("Job %s was taken over by another worker", job.id)
        return None
    except Snooze as snooze:
        return Ending(held, State.SCHEDULED, delay=snooze.delay, refund=True)
    except Wait:
        return Ending(held, State.WAITING, refund=True)
    except Cancelled:
        return Ending(held, State.CANCELLED, outcome=Outcome.CANCELLED)
    except Exception as error:
        ending = _failure(job, error)
        if ending.state == State.RETRYABLE:
            logger.warning(
                "Job %s (%s), attempt %s of %s: %s: %s; again in %.1f s",
                *(job.id, job.task, job.attempt, job.max_attempts),
                *(type(error).__name__, error, ending.delay.total_seconds()),
            )
            return ending
        status = TaskResultStatus.FAILED
        result = None
        logger.exception("Job %s (%s) goes to the dead letter", job.id, job.task)
    if result is not None:
        object.__setattr__(result, "status", status)
        task_finished.send(JobsBackend, task_result=result)
    return ending


def _failure(job: Job, error: Exception) -> Ending:
    outcome = Outcome.TIMED_OUT if isinstance(error, Timeout) else Outcome.FAILED
    ending = failed(
        job,
        outcome=outcome,
        error="".join(traceback.format_exception(error)),
        exception=get_module_path(type(error))[:200],
    )
    if ending.state == State.RETRYABLE and not _may_retry(job, error):
        return Ending(
            ending.held,
            State.DISCARDED,
            outcome=outcome,
            exception=ending.exception,
            error=ending.error,
        )
    return ending


def _may_retry(job: Job, error: Exception) -> bool:
    if isinstance(error, Discard | Unstorable):
        return False
    try:
        return isinstance(error, (*registry.find(job.task).retry.on, Timeout))
    except (ImportError, TypeError):
        return True  # a newer worker may know the task


class Unstorable(Exception):
    """The task ran to its end, but what it returned cannot be kept."""


def _stored(value: Any) -> str:
    try:
        _, text = as_json(
            value,
            "The result",
            limit=options().max_result_bytes,
            advice="raise max_result_bytes, or store it elsewhere and return where",
        )
    except ValueError as error:
        raise Unstorable(str(error)) from error
    return text


def _call(task: JobTask[Any, Any], job: Job, cancelled: Callable[[], bool]) -> Any:
    arguments = list(job.args)
    if task.takes_context:
        context = JobContext(task_result=result_of(job, task=task), job=job, cancellation=cancelled)
        arguments.insert(0, context)
    reset_queries()
    close_old_connections()
    try:
        with restored(job.carried):
            if inspect.iscoroutinefunction(task.func):
                return asyncio.run(_awaited(task.func(*arguments, **job.kwargs), job.timeout))
            with time_limit(job.timeout):
                return task.func(*arguments, **job.kwargs)
    finally:
        close_old_connections()


def close_old_connections() -> None:
    """As Django does around a request; not in a transaction, where only tests run jobs."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


async def _awaited(coroutine: Any, seconds: float | None) -> Any:
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await coroutine
    except TimeoutError as error:
        if limit.expired():
            raise Timeout(f"It ran longer than {seconds} s.") from error
        raise


@contextmanager
def time_limit(timeout: float | None) -> Iterator[None]:
    """Raise Timeout in the block after `timeout` seconds; only a main thread can be told.

    Of two, one within the other, the inner one holds.
    """
    if not timeout or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise Timeout(f"It ran longer than {timeout} s.")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, timeout)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
