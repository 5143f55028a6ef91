"""Tasks by their path, and the schedules that code declares."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from cronsim import CronSim
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules, import_string
from django_tasks.base import Task

from longhouse.jobs.definition import JobTask

Overlap = Literal["skip", "allow", "replace"]
CatchUp = Literal["last", "skip", "all"]
AnyTask = TypeVar("AnyTask", bound=Task[Any, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A schedule as code declares it."""

    name: str
    task: Task[Any, Any]
    cron: str
    timezone: str
    overlap: Overlap
    catch_up: CatchUp
    args: list[Any] = field(default_factory=list)
    kwargs: dict[str, Any] = field(default_factory=dict)


SCHEDULES: Final[dict[str, Declared]] = {}


def schedule(
    cron: str,
    *,
    timezone: str = "UTC",
    overlap: Overlap = "skip",
    catch_up: CatchUp = "last",
    name: str = "",
    args: tuple[Any, ...] = (),
    kwargs: dict[str, Any] | None = None,
) -> Callable[[AnyTask], AnyTask]:
    """Run the decorated task at the times of a cron expression (five fields, or six with seconds).

    `timezone` is an IANA name; changes of the clock are handled as Debian's cron does. `overlap`:
    what happens while the last firing still runs; `catch_up`: which firings are made up for when
    no worker was there. Raises CronSimError or ZoneInfoNotFoundError when it is declared.
    """
    CronSim(cron, _now(timezone))

    def declare(task: AnyTask) -> AnyTask:
        declared = Declared(
            name=name or task.module_path,
            task=task,
            cron=cron,
            timezone=timezone,
            overlap=overlap,
            catch_up=catch_up,
            args=list(args),
            kwargs=kwargs or {},
        )
        before = SCHEDULES.setdefault(declared.name, declared)
        if before.task.module_path != task.module_path or before.cron != cron:
            raise ValueError(f"Two schedules are called {declared.name!r}: give one a name.")
        return task

    return declare


def _now(zone: str) -> Any:
    return timezone.now().astimezone(ZoneInfo(zone))


@cache
def discover() -> None:
    """Import `tasks` of every installed app, where tasks and schedules are declared."""
    autodiscover_modules("tasks")


@cache
def find(path: str) -> JobTask[Any, Any]:
    """The task at a dotted path. Raises ImportError, or TypeError when something else is there."""
    found = import_string(path)
    if not isinstance(found, JobTask):
        raise TypeError(f"{path} is no task of longhouse.jobs.")
    return found
