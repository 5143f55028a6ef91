"""Every change that is asked of runs from outside."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from longhouse.jobs import services as jobs
from longhouse.jobs import sql
from longhouse.jobs.models import UNFINISHED, Job
from longhouse.workflows import tasks
from longhouse.workflows.definition import Definition
from longhouse.workflows.models import (
    ENDED,
    KEY_LENGTH,
    RETRIABLE,
    UNDO,
    Kind,
    Message,
    Run,
    RunState,
    Step,
    StepState,
)
from longhouse.workflows.signals import changed
from longhouse.workflows.values import kept


def start(
    definition: Definition,
    args: Sequence[Any],
    kwargs: dict[str, Any],
    *,
    user: Any = None,
    key: str = "",
) -> Run:
    """A new run, in the caller's transaction; or the one that its key stands for.

    Raises TooLarge for arguments that are no JSON, or too large.
    """
    if key and (earlier := Run.objects.filter(key=key).first()):
        return earlier
    given = kept([list(args), kwargs], f"What {definition.name} is started with")
    run = Run(
        workflow=definition.name,
        version=definition.version,
        args=given[0],
        kwargs=given[1],
        user=user,
        key=key or None,
    )
    try:
        with sql.atomic():
            run.save(force_insert=True)
            _drive(run, definition.queue)
    except IntegrityError:
        if key and (earlier := Run.objects.filter(key=key).first()):
            return earlier
        raise
    return run


def _drive(run: Run, queue: str) -> None:
    run.job = jobs.enqueue(tasks.drive.using(queue_name=queue), [str(run.pk)])
    run.save(update_fields=["job"])
    changed.send(Run, run=run, begins=True)


def cancel(run_id: UUID) -> bool:
    """Ask a run to stop and to undo what it did; whether it had not ended yet.

    A step that runs is finished first.
    """
    with sql.atomic():
        active = Run.objects.filter(pk=run_id).exclude(state__in=ENDED)
        if not active.update(cancel_requested=True):
            return False
        run = Run.objects.get(pk=run_id)
        children = Job.objects.filter(parent=run.job_id, state__in=UNFINISHED)
        for child in children if run.job_id else ():
            jobs.cancel(child.pk)
        _wake(run)
        changed.send(Run, run=run)
    return True


def tell(run_id: UUID, name: str, payload: Any = None) -> bool:
    """Send a run a message, which it may wait for (`ctx.wait_for`); whether it had not ended.

    Raises TooLarge, ValueError for a name that is too long, and Run.DoesNotExist.
    """
    if not 1 <= len(name) <= KEY_LENGTH:
        raise ValueError(f"The name of a message has 1 to {KEY_LENGTH} characters.")
    payload = kept(payload, "The message")
    with sql.atomic():
        run = Run.objects.get(pk=run_id)
        if run.is_ended:
            return False
        Message.objects.create(run=run, name=name, payload=payload)
        _wake(run)
    return True


def retry(run_id: UUID) -> bool:
    """Run a failed or cancelled run again from where it failed; whether it will.

    Steps that were undone, and steps after them, are done again. Raises Gone or LookupError for a
    version that the code does not have.
    """
    from longhouse.workflows.definition import find

    with sql.atomic():
        over = Run.objects.filter(pk=run_id, state__in=RETRIABLE)
        run = over.select_for_update().first() if sql.on_postgresql() else over.first()
        if run is None:
            return False
        definition = find(run.workflow, run.version)
        own = run.steps.exclude(kind=Kind.ITEM)
        undone = [step.key.removeprefix(UNDO) for step in own.filter(kind=Kind.UNDO)]
        first = own.filter(key__in=undone).order_by("position").values_list("position").first()
        if first is not None:
            own.filter(position__gte=first[0]).delete()
        own.filter(kind=Kind.UNDO).delete()
        own.filter(kind=Kind.CALL).exclude(state=StepState.SUCCEEDED).delete()
        own.filter(kind=Kind.WAIT, state=StepState.FAILED).delete()
        own.filter(kind=Kind.MAP, state=StepState.FAILED).update(
            state=StepState.WAITING, error="", finished_at=None
        )
        Step.objects.filter(run=run, kind=Kind.ITEM).exclude(state=StepState.SUCCEEDED).update(
            state=StepState.PENDING, error="", attempt=0, finished_at=None
        )
        run.state, run.error, run.finished_at = RunState.RUNNING, "", None
        run.cancel_requested, run.stalls = False, 0
        run.save()
        _drive(run, definition.queue)
    return True


def _wake(run: Run) -> None:
    if run.job_id:
        jobs.wake(run.job_id)
