"""The items of a map: each a job, so many at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string

from longhouse.jobs import Retry, services, sql
from longhouse.jobs.definition import JobTask
from longhouse.jobs.models import Job
from longhouse.workflows.models import DONE, Kind, Step, StepState

AT_ONCE = 1000


def options_of(
    function: Callable[..., Any], parallel: int, attempts: int, timeout: float | None
) -> dict[str, Any]:
    """What a map keeps. Raises TypeError for a function that cannot be found by its name."""
    Retry(max_attempts=attempts)  # raises ValueError
    if not 1 <= parallel <= AT_ONCE:
        raise ValueError(f"parallel is a number from 1 to {AT_ONCE}.")
    task: Any = function
    if isinstance(task, JobTask):
        path, timeout, attempts = task.module_path, task.timeout, task.retry.max_attempts
    else:
        path = f"{function.__module__}.{function.__qualname__}"
    try:
        found = import_string(path)
    except ImportError:
        found = None
    if found is not function and found != function:
        raise TypeError(f"{path} cannot be imported: map a function of a module, or a task.")
    return {
        "function": path,
        "parallel": parallel,
        "attempts": attempts,
        "timeout": timeout,
    }


def add_items(step: Step, values: Sequence[Any]) -> None:
    Step.objects.bulk_create(
        Step(
            run=step.run,
            parent=step,
            key=f"{step.key[:100]} [{position}]",
            kind=Kind.ITEM,
            position=position,
            state=StepState.PENDING,
            value=value,
        )
        for position, value in enumerate(values)
    )


def advance(step: Step, driver: Job) -> None:
    """Enqueue as many more items as may run at once. Inside a transaction."""
    from longhouse.workflows.tasks import run_item

    if sql.on_postgresql():
        Step.objects.select_for_update().get(pk=step.pk)  # one at a time counts
    active = step.items.filter(state=StepState.RUNNING).count()
    room = step.options["parallel"] - active
    if room <= 0:
        return
    pending = list(step.items.filter(state=StepState.PENDING).order_by("position")[:room])
    if not pending:
        return
    now = timezone.now()
    for item in pending:
        item.state, item.started_at = StepState.RUNNING, now
    Step.objects.bulk_update(pending, ["state", "started_at"])
    task = replace(
        run_item,
        queue_name=driver.queue,
        retry=replace(run_item.retry, max_attempts=step.options["attempts"]),
        timeout=step.options["timeout"],
    )
    services.enqueue_many(task, [((item.pk,), {}) for item in pending], parent=driver)


def running(step: Step) -> bool:
    return step.items.filter(state=StepState.RUNNING).exists()


def count(step: Step) -> tuple[bool, int]:
    """Whether all items have ended, and how many failed."""
    ended = not step.items.exclude(state__in=DONE).exists()
    return ended, step.items.filter(state__in=(StepState.FAILED, StepState.CANCELLED)).count()
