"""What a task raises to say how it ends, and what is raised into it."""

from datetime import timedelta


class Discard(Exception):
    """Raised by a task: no retry can help. The job goes to the dead letter at once."""


class Snooze(Exception):
    """Raised by a task: run again after `delay`, or when woken; this attempt does not count."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__(f"again in {delay}")
        self.delay = delay


class Wait(Exception):
    """Raised by a task: put the job aside until `services.wake`; this attempt does not count."""


class Cancelled(Exception):
    """Raised by `JobContext.check()` once somebody cancelled the job."""


class Timeout(Exception):
    """Raised into a task that runs longer than its `timeout`."""


class LeaseLost(Exception):
    """Another worker took the job over: this attempt may not write any more."""


class InvalidArguments(ValueError):
    """Arguments that cannot be stored: not JSON, or too large."""


class NotUnique(Exception):
    """A job with the same unique key is not finished yet."""
