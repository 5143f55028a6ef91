"""How runs, and the items of maps, come to their end."""

import traceback
from typing import Any

from django.utils import timezone

from longhouse.jobs import JobContext, services, sql
from longhouse.jobs.models import Job, State
from longhouse.workflows import maps
from longhouse.workflows.models import Run, RunState, Step, StepState
from longhouse.workflows.signals import changed
from longhouse.workflows.values import last_line, shortened

_OF_JOB = {
    State.SUCCEEDED: StepState.SUCCEEDED,
    State.DISCARDED: StepState.FAILED,
    State.CANCELLED: StepState.CANCELLED,
}


def error_text(error: Exception) -> str:
    return shortened("".join(traceback.format_exception(error)))


def end(
    run: Run,
    state: RunState,
    *,
    result: Any = None,
    error: str = "",
    job: JobContext | None = None,
) -> None:
    """Write the end of a run. Raises LeaseLost if another worker drives it by now."""
    with sql.atomic():
        if job is not None:
            job.hold()
        run.state, run.result, run.error = state, result, error
        run.finished_at = timezone.now()
        run.save(update_fields=["state", "result", "error", "finished_at"])
        changed.send(Run, run=run)


def on_job_finished(sender: Any, job: Job, **kwargs: Any) -> None:
    """A job of ours has ended, in the transaction that writes it."""
    if job.task == "longhouse.workflows.tasks.run_item":
        _item_ended(job)
    elif job.task == "longhouse.workflows.tasks.drive":
        _driver_ended(job)


def _item_ended(job: Job) -> None:
    item = Step.objects.select_related("parent__run").filter(pk=job.args[0]).first()
    if item is None or item.parent is None:
        return
    if sql.on_postgresql():
        Step.objects.select_for_update().get(pk=item.parent.pk)
    item.state = _OF_JOB[State(job.state)]
    item.result, item.error, item.finished_at = job.result, job.error, timezone.now()
    item.save(update_fields=["state", "result", "error", "finished_at"])
    run = item.parent.run
    changed.send(Run, run=run, step=item)
    driver = job.parent
    if driver is None or run.is_ended:
        return
    if run.cancel_requested:
        if not maps.running(item.parent):
            services.wake(driver.pk)
        return
    maps.advance(item.parent, driver)
    if maps.count(item.parent)[0]:
        services.wake(driver.pk)


def _driver_ended(job: Job) -> None:
    """The driver's job ended by other hands than the workflow's own: so does the run."""
    run = Run.objects.filter(job=job).first()
    if run is None or run.is_ended:
        return
    if job.state == State.CANCELLED:
        end(run, RunState.CANCELLED)
    else:
        end(run, RunState.FAILED, error=f"Its job ended early: {last_line(job.error)}")
