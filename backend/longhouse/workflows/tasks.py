"""The jobs of the engine."""

import logging
from typing import Any

from django.utils.module_loading import import_string

from longhouse.jobs import JobContext, Retry, sql, task
from longhouse.jobs.definition import JobTask
from longhouse.jobs.exceptions import Cancelled, Discard, LeaseLost, Snooze, Wait
from longhouse.workflows.context import Context
from longhouse.workflows.definition import Definition, find
from longhouse.workflows.exceptions import Changed, Gone, StepFailed
from longhouse.workflows.finishing import end, error_text
from longhouse.workflows.models import Run, RunState, Step, StepState
from longhouse.workflows.signals import changed
from longhouse.workflows.values import kept

logger = logging.getLogger("longhouse.workflows")
#: Steps and stalls are counted; what ends a run is never the number of its driver's attempts.
_DRIVEN = Retry(max_attempts=1000, backoff=1.0, max_backoff=60.0)


@task(takes_context=True, retry=_DRIVEN)
def drive(context: JobContext, run_id: str) -> None:
    """Run a workflow's function, from its beginning, as far as it gets."""
    run = Run.objects.get(pk=run_id)
    if run.is_ended:
        return
    try:
        definition = find(run.workflow, run.version)
    except Gone as error:
        end(run, RunState.FAILED, error=error_text(error), job=context)
        return
    with sql.atomic():
        context.hold()
        run.stalls += 1
        run.save(update_fields=["stalls"])
    ctx = Context(run, context)
    try:
        if run.state == RunState.RUNNING:
            _go_on(ctx, definition, context)
        else:
            _undo(ctx, definition, context)
    except (Snooze, Wait):
        Run.objects.filter(pk=run.pk).update(stalls=0)  # to wait is to get on
        raise


def _go_on(ctx: Context, definition: Definition, context: JobContext) -> None:
    run = ctx.run
    try:
        if run.stalls > definition.stalls:
            raise Discard(f"It was driven {definition.stalls} times without getting on.")
        result = kept(definition.function(ctx, *run.args, **run.kwargs), "The run's result")
    except (Snooze, Wait, LeaseLost):
        raise
    except Exception as error:
        for_good = isinstance(error, Cancelled | StepFailed | Discard | Changed | ValueError)
        if not for_good and run.stalls < definition.stalls:
            raise  # perhaps the database was away
        run.state = RunState.UNDOING
        run.error = "" if isinstance(error, Cancelled) else error_text(error)
        with sql.atomic():
            context.hold()
            run.save(update_fields=["state", "error"])
            changed.send(Run, run=run)
        _finish_undoing(ctx, context)
    else:
        end(run, RunState.SUCCEEDED, result=result, job=context)


def _undo(ctx: Context, definition: Definition, context: JobContext) -> None:
    """Go through the finished steps once more, to learn how they are undone."""
    ctx.replays = True
    try:
        definition.function(ctx, *ctx.run.args, **ctx.run.kwargs)
    except Exception:
        logger.debug("Run %s is undone", ctx.run.pk, exc_info=True)
    _finish_undoing(ctx, context)


def _finish_undoing(ctx: Context, context: JobContext) -> None:
    ctx.replays = False
    ctx.undo_all()
    state = RunState.FAILED if ctx.run.error else RunState.CANCELLED
    end(ctx.run, state, error=ctx.run.error, job=context)


@task(takes_context=True)
def run_item(context: JobContext, step_id: int) -> Any:
    """One item of a map. Its step is ended together with this job."""
    item = Step.objects.select_related("parent", "run").get(pk=step_id)
    if item.run.cancel_requested:
        raise Cancelled
    assert item.parent is not None  # noqa: S101 - items have one
    with sql.atomic():
        context.hold()
        Step.objects.filter(pk=item.pk).update(attempt=context.attempt, state=StepState.RUNNING)
    function = import_string(item.parent.options["function"])
    if isinstance(function, JobTask):
        function = function.func
    return kept(function(item.value), f"The result of {item.key}")
