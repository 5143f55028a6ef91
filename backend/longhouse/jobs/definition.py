"""Django's Task with our options, and the context that a task may take."""

import hashlib
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Concatenate, Generic, Literal, Self, TypeVar, overload

from django_tasks import task as django_task
from django_tasks.base import Task, TaskContext
from django_tasks.exceptions import InvalidTaskError
from typing_extensions import ParamSpec

from longhouse.jobs.exceptions import Cancelled
from longhouse.jobs.options import Rate, Retry

if TYPE_CHECKING:
    from longhouse.jobs.models import Job

T = TypeVar("T")
P = ParamSpec("P")
Key = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task[P, T], Generic[P, T]):
    """A task of JobsBackend."""

    retry: Retry = field(default_factory=Retry)
    #: seconds that one attempt may run
    timeout: float | None = None
    #: True: one unfinished job for the same arguments; a function of them: for the same answer
    unique: bool | Key = False
    #: how many jobs of this task may run at once, for each answer of `limit_key`
    concurrency: int | None = None
    #: how many may start in a period, "100/m", for each answer of `limit_key`
    rate: str | None = None
    #: of the arguments: what `concurrency` and `rate` are counted by; unset: the task
    limit_key: Key | None = None
    #: False: may be lost with its broker, in return for speed; see docs/jobs.md
    durable: bool = True
    #: set by `using()`: a second job with this key is never made
    idempotency_key: str = ""

    def __post_init__(self) -> None:
        # Not super(): slots=True makes the class anew, and the old cell would be asked.
        Task.__post_init__(self)
        if self.timeout is not None and self.timeout <= 0:
            raise InvalidTaskError("timeout is a number of seconds.")
        if self.concurrency is not None and self.concurrency < 1:
            raise InvalidTaskError("concurrency is 1 or more.")
        if self.rate is not None:
            try:
                Rate.parse(self.rate)
            except ValueError as error:
                raise InvalidTaskError(str(error)) from error
        if self.limit_key and not (self.concurrency or self.rate):
            raise InvalidTaskError("limit_key needs concurrency or rate.")

    def using(
        self,
        *,
        priority: int | None = None,
        queue_name: str | None = None,
        run_after: datetime | None = None,
        backend: str | None = None,
        idempotency_key: str | None = None,
    ) -> Self:
        """The same task with other values. `idempotency_key`: at most one job is ever made."""
        changes: dict[str, Any] = {
            "priority": priority,
            "queue_name": queue_name,
            "run_after": run_after,
            "backend": backend,
            "idempotency_key": idempotency_key,
        }
        return replace(self, **{name: to for name, to in changes.items() if to is not None})

    def unique_key(self, args: list[Any], kwargs: dict[str, Any]) -> str | None:
        """Stands for what may be in the queue once; None: anything may be there twice."""
        if self.unique is False:
            return None
        if callable(self.unique):
            return _digest(self.module_path, self.unique(*args, **kwargs))
        bound = inspect.signature(self.func).bind_partial(
            *([None] if self.takes_context else []), *args, **kwargs
        )
        bound.apply_defaults()
        return _digest(self.module_path, [[name, to] for name, to in bound.arguments.items()])

    def gate(self, args: list[Any], kwargs: dict[str, Any]) -> str:
        """Name of the gate before which such a job waits for its turn; empty: there is none."""
        if not (self.concurrency or self.rate):
            return ""
        if self.limit_key is None:
            return self.module_path
        return f"{self.module_path}:{self.limit_key(*args, **kwargs)}"[:300]


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobContext(TaskContext):
    """First argument of a task with `takes_context=True`."""

    job: "Job"
    #: set from outside when somebody cancelled the job
    cancellation: Callable[[], bool] = field(default=lambda: False)

    @property
    def attempt(self) -> int:
        """Number of this attempt, from 1."""
        return self.job.attempt

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked for the end of this job. Costs nothing to ask."""
        return self.cancellation()

    def check(self) -> None:
        """Raise Cancelled if somebody cancelled the job: call it where stopping is safe."""
        if self.cancelled:
            raise Cancelled

    def progress(self, percent: float, message: str = "") -> None:
        """Tell how far it is, from 0 to 100. Raises LeaseLost."""
        from longhouse.jobs import leases

        leases.save_progress(self.job, percent=percent, message=message)

    def hold(self) -> None:
        """Lock the job in the transaction around. Raises LeaseLost if another worker has it.

        What is written in the same transaction is then written by one attempt alone.
        """
        from longhouse.jobs import leases

        leases.hold(self.job)


@overload
def task(function: Callable[P, T], /) -> JobTask[P, T]: ...


@overload
def task(
    *, takes_context: Literal[True], **options: Any
) -> Callable[[Callable[Concatenate[JobContext, P], T]], JobTask[P, T]]: ...


@overload
def task(
    *, takes_context: Literal[False] = False, **options: Any
) -> Callable[[Callable[P, T]], JobTask[P, T]]: ...


def task(function: Any = None, /, **options: Any) -> Any:
    """Django's `task`, for type checkers: its options and those of JobTask."""
    return django_task(**options) if function is None else django_task(**options)(function)
