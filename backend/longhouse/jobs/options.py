"""Options of a task beyond Django's own, and of the backend."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.conf import settings

PERIODS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """When a failed attempt is followed by another.

    The delay before attempt n+1 is `backoff * 2**(n-1)` seconds, at most `max_backoff`; of it the
    part `jitter` (0 to 1) is left to chance ("full jitter" at 1, as in AWS's architecture blog).
    """

    max_attempts: int = 3
    backoff: float = 1.0
    max_backoff: float = 300.0
    jitter: float = 1.0
    #: exceptions that another attempt may help against; any other discards the job
    on: tuple[type[Exception], ...] = (Exception,)

    def __post_init__(self) -> None:
        if not 1 <= self.max_attempts <= 1000:
            raise ValueError("max_attempts is a number from 1 to 1000.")
        if self.backoff < 0 or self.max_backoff < 0 or not 0 <= self.jitter <= 1:
            raise ValueError("backoff and max_backoff are seconds, jitter is between 0 and 1.")

    def delay(self, attempt: int) -> timedelta:
        """How long to wait after attempt number `attempt` (from 1) failed."""
        longest = min(self.max_backoff, self.backoff * 2.0 ** min(attempt - 1, 60))
        return timedelta(seconds=longest * (1 - self.jitter * random.random()))  # noqa: S311


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` starts in `seconds`, from "100/m" (s, m, h or d)."""

    count: int
    seconds: float

    @classmethod
    def parse(cls, text: str) -> "Rate":
        count, slash, period = text.partition("/")
        if not (slash and count.isdecimal() and int(count) > 0 and period in PERIODS):
            raise ValueError(f"{text!r} is not a rate: write a number and s, m, h or d, as 100/m.")
        return cls(int(count), PERIODS[period])


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """OPTIONS of the backend in TASKS."""

    #: seconds that a worker holds a job without a sign of life
    lease: float = 15.0
    #: seconds between the soft end of a timeout or a cancellation and the kill
    kill_after: float = 5.0
    #: most jobs that one claim takes for each process
    batch: int = 20
    max_arguments_bytes: int = 64 * 1024
    max_result_bytes: int = 64 * 1024
    #: name -> path of a module with `dump` and `restored`: see `longhouse.jobs.carrying`
    carries: dict[str, str] = field(default_factory=dict)
    #: how long finished jobs are kept, by state
    keep: dict[str, timedelta] = field(
        default_factory=lambda: {
            "succeeded": timedelta(days=7),
            "cancelled": timedelta(days=30),
            "discarded": timedelta(days=90),
        }
    )


BACKEND: Final = "longhouse.jobs.backend.JobsBackend"


def configured() -> dict[str, Any]:
    """The entry of TASKS that is ours, or an empty one."""
    entries: dict[str, dict[str, Any]] = getattr(settings, "TASKS", {})
    return next((entry for entry in entries.values() if entry.get("BACKEND") == BACKEND), {})


def options() -> Options:
    """OPTIONS of our backend. Raises TypeError for an option that does not exist."""
    global _last  # noqa: PLW0603 - asked for several times with every job
    given = configured().get("OPTIONS", {})
    if _last is None or _last[0] != given:
        _last = (given.copy(), Options(**given))
    return _last[1]


_last: tuple[dict[str, Any], Options] | None = None


def queues() -> list[str]:
    """Names of all queues, in the order of the settings."""
    return list(configured().get("QUEUES", ["default"]))
