"""The backend for TASKS: enqueue is one row in the caller's transaction."""

from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

from django.core import checks
from django.db import transaction
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from longhouse.jobs import doorbell
from longhouse.jobs.definition import JobTask
from longhouse.jobs.options import options

STATUS = {
    "running": TaskResultStatus.RUNNING,
    "succeeded": TaskResultStatus.SUCCESSFUL,
    "discarded": TaskResultStatus.FAILED,
    "cancelled": TaskResultStatus.FAILED,
}


class JobsBackend(BaseTaskBackend):
    task_class = JobTask
    supports_defer = True
    supports_async_task = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Raises InvalidArguments. What else may be wrong was found when the task was made."""
        from longhouse.jobs import services

        assert isinstance(task, JobTask)  # noqa: S101 - task_class makes no other
        if not task.durable and doorbell.configured():
            return _direct(task, args, kwargs)
        return services.add(task, args, kwargs)[1]

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """Raises TaskResultDoesNotExist."""
        from longhouse.jobs.models import Job

        try:
            job = Job.objects.get(pk=UUID(result_id))
        except (Job.DoesNotExist, ValueError) as error:
            raise TaskResultDoesNotExist(result_id) from error
        return result_of(job)

    def check(self, **kwargs: Any) -> Iterable[checks.CheckMessage]:
        try:
            options()
        except TypeError as error:
            yield checks.Error(f"OPTIONS of {self.alias!r} in TASKS: {error}", id="jobs.E001")
        if not self.queues:
            yield checks.Error(
                f"{self.alias!r} in TASKS names no queue.",
                hint="List them in QUEUES: workers must know where to look.",
                id="jobs.E002",
            )


def _direct(task: JobTask[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
    """Hand the call itself to the broker once the transaction is committed; there is no job."""
    from longhouse.jobs import services, sql

    row = services.row(task, args, kwargs)
    message = [task.module_path, row.args, row.kwargs]
    send = partial(doorbell.doorbell.send, "jobs.direct", task.queue_name, message)
    transaction.on_commit(send, using=sql.alias())
    return result_of(row, task=task)


def result_of(job: Any, *, task: JobTask[Any, Any] | None = None) -> TaskResult[Any]:
    """A job as Django's TaskResult."""
    from longhouse.jobs import registry

    if task is None:
        task = registry.find(job.task).using(
            priority=job.priority, queue_name=job.queue, run_after=job.run_at
        )
    # Those before the one that runs or succeeded: at a first attempt nobody need ask.
    before = job.attempt - (job.state in ("running", "succeeded"))
    attempts = list(job.attempts.all()) if before > 0 else []
    workers = [attempt.worker for attempt in attempts]
    if job.worker and (not attempts or attempts[-1].number < job.attempt):
        workers.append(job.worker)
    result: TaskResult[Any] = TaskResult(
        task=task,
        id=str(job.id),
        status=STATUS.get(job.state, TaskResultStatus.READY),
        enqueued_at=job.created_at,
        started_at=attempts[0].started_at if attempts else job.started_at,
        last_attempted_at=job.started_at,
        finished_at=job.finished_at,
        args=job.args,
        kwargs=job.kwargs,
        backend=task.backend,
        errors=[
            TaskError(exception_class_path=attempt.exception, traceback=attempt.error)
            for attempt in attempts
        ],
        worker_ids=workers,
    )
    object.__setattr__(result, "_return_value", job.result)
    return result
