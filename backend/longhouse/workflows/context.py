"""What a workflow's function is given."""

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils import timezone

from longhouse.jobs import JobContext, Retry, sql
from longhouse.jobs.exceptions import Cancelled, Discard, LeaseLost, Snooze, Wait
from longhouse.jobs.execute import time_limit
from longhouse.workflows import maps
from longhouse.workflows.exceptions import Changed, StepFailed, TimedOut
from longhouse.workflows.models import (
    DONE,
    KEY_LENGTH,
    UNDO,
    Kind,
    LogLine,
    Message,
    Run,
    Step,
    StepState,
)
from longhouse.workflows.signals import changed
from longhouse.workflows.values import Failed, kept, last_line, shortened

UNDO_RETRY = Retry(max_attempts=5)
OWN_KEY_LENGTH = KEY_LENGTH - len(UNDO)


@dataclass(frozen=True)
class _Undo:
    step: Step
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Context:
    """The run that a workflow's function is in. Its methods must be called in the same order, with
    the same keys, each time that the function runs."""

    def __init__(self, run: Run, job: JobContext) -> None:
        self.run = run
        self._job = job
        own = run.steps.exclude(kind=Kind.ITEM)
        self._steps: dict[str, Step] = {step.key: step for step in own}
        self._met: set[str] = set()
        self._current: Step | None = None
        #: the function only runs to find out how finished steps are undone
        self.replays = False
        self._undos: list[_Undo] = []

    # What a workflow does -----------------------------------------------------------------

    def step(
        self,
        key: str,
        function: Callable[..., Any],
        *args: Any,
        retry: Retry = Retry(),  # noqa: B008 - frozen
        timeout: float | None = None,
        undo: Callable[..., Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """The result of `function(*args, **kwargs)`, as JSON reads it back; computed once.

        A call that raises is tried again as `retry` says, and meanwhile holds no worker; one that
        raises Discard is not. `timeout`: seconds that one call may take. `undo(result, *args,
        **kwargs)` is called when the run fails or is cancelled later on.

        Raises StepFailed when the tries are used up, again each time the workflow runs.
        """
        step = self._meet(key, Kind.CALL)
        if step.state not in DONE:
            self._check()
            self._call(step, function, args, kwargs, retry, timeout)
        if step.state == StepState.FAILED:
            raise StepFailed(f"{key}: {last_line(step.error)}")
        if undo is not None:
            self._undos.append(_Undo(step, undo, args, kwargs))
        return step.result

    def map(
        self,
        key: str,
        function: Callable[[Any], Any],
        items: Iterable[Any],
        *,
        parallel: int = 10,
        attempts: int = 3,
        timeout: float | None = None,
        errors: Literal["raise", "keep"] = "raise",
    ) -> list[Any]:
        """`function(item)` for each item, each a job of its own, at most `parallel` at once.

        `function` can be imported by its name, or is a task, whose own number of attempts and
        timeout hold. With errors="keep" what failed stands in the list as Failed; otherwise
        StepFailed is raised once all have ended.

        Raises TypeError for a function that cannot be found by its name.
        """
        step = self._meet(key, Kind.MAP)
        if step.state not in DONE:
            self._check(step)
            if step._state.adding:
                options = maps.options_of(function, parallel, attempts, timeout)
                values = [kept(item, f"Item {at} of {key}") for at, item in enumerate(items)]
                with sql.atomic():
                    self._save(step, StepState.WAITING, started_at=timezone.now(), options=options)
                    maps.add_items(step, values)
                    maps.advance(step, self._job.job)
            else:
                with sql.atomic():
                    self._job.hold()
                    maps.advance(step, self._job.job)
            ended, failed = maps.count(step)
            if not ended:
                raise Wait
            self._end(
                step,
                StepState.FAILED if failed and errors == "raise" else StepState.SUCCEEDED,
                error=f"{failed} of its items failed" if failed else "",
            )
        if step.state == StepState.FAILED:
            raise StepFailed(f"{key}: {step.error}")
        return [
            item.result if item.state == StepState.SUCCEEDED else Failed(last_line(item.error))
            for item in step.items.order_by("position")
        ]

    def sleep(self, key: str, duration: timedelta | datetime) -> None:
        """Go on after so long, or at that time. No worker is held meanwhile."""
        step = self._meet(key, Kind.SLEEP)
        if step.state in DONE:
            return
        self._check()
        now = timezone.now()
        if step._state.adding:
            until = duration if isinstance(duration, datetime) else now + duration
            self._save(step, StepState.WAITING, started_at=now, wake_at=until)
        assert step.wake_at is not None  # noqa: S101 - set above, then or earlier
        if now < step.wake_at:
            raise Snooze(step.wake_at - now)
        self._end(step, StepState.SUCCEEDED)

    def wait_for(self, name: str, *, timeout: timedelta | None = None, key: str = "") -> Any:
        """What the next message called `name` says (`services.tell`), also one sent before.

        `key` names the step, if the run waits for such a message more than once. Raises TimedOut
        when none came in time.
        """
        step = self._meet(key or name, Kind.WAIT)
        if step.state not in DONE:
            self._check()
            now = timezone.now()
            if step._state.adding:
                until = now + timeout if timeout is not None else None
                self._save(step, StepState.WAITING, started_at=now, wake_at=until)
            with sql.atomic():
                self._job.hold()
                message = Message.objects.filter(run=self.run, name=name, taken_by=None).first()
                if message is not None:
                    message.taken_by = step
                    message.save(update_fields=["taken_by"])
                    self._end(step, StepState.SUCCEEDED, result=message.payload)
            if message is None:
                if step.wake_at is None:
                    raise Wait
                if now < step.wake_at:
                    raise Snooze(step.wake_at - now)
                self._end(step, StepState.FAILED, error="Nothing came in time.")
        if step.state == StepState.FAILED:
            raise TimedOut(f"{step.key}: {step.error}")
        return step.result

    def progress(self, percent: float, message: str = "") -> None:
        """Tell how far the run is, from 0 to 100. Raises ValueError outside of that."""
        if not 0 <= percent <= 100:
            raise ValueError("percent is between 0 and 100.")
        self.run.progress = {"percent": percent, "message": message[:500]}
        with sql.atomic():
            self._job.hold()
            self.run.save(update_fields=["progress"])
            changed.send(Run, run=self.run)

    def log(self, text: str) -> None:
        """Keep a line for whoever looks at the run; inside of a step, with the step."""
        LogLine.objects.create(run=self.run, step=self._current, text=text[:1000])

    def undo_all(self) -> None:
        """Take back finished steps that can be, the last one first; one that cannot is passed over.

        The engine calls it when the run failed or was cancelled.
        """
        for undo in reversed(self._undos):
            step = self._meet(UNDO + undo.step.key, Kind.UNDO)
            if step.state not in DONE:
                args = (undo.step.result, *undo.args)
                self._call(step, undo.function, args, undo.kwargs, UNDO_RETRY, None)

    # How --------------------------------------------------------------------------------------

    def _meet(self, key: str, kind: Kind) -> Step:
        """The step of this key: the one of before, or a new one that is not stored yet."""
        if not key or (len(key) > OWN_KEY_LENGTH and kind != Kind.UNDO):
            raise ValueError(f"A step's key has 1 to {OWN_KEY_LENGTH} characters, not {key!r}.")
        if key in self._met:
            raise ValueError(f"There are two steps {key!r} in one run: give each its own key.")
        position = len(self._met)
        self._met.add(key)
        found = self._steps.get(key)
        if found is None:
            if kind != Kind.UNDO and any(
                step.position >= position and step.kind != Kind.UNDO
                for step in self._steps.values()
            ):
                raise Changed(f"The run took other steps before, but none called {key!r} here.")
            found = Step(run=self.run, key=key, kind=kind, position=position)
            self._steps[key] = found
        elif found.kind != kind or (kind != Kind.UNDO and found.position != position):
            raise Changed(
                f"{key!r} was step {found.position} ({found.kind}) before, "
                f"and is step {position} ({kind}) now."
            )
        return found

    def _check(self, of_map: Step | None = None) -> None:
        """Raises Cancelled before a step that is not done, once somebody cancelled the run.

        Raises Wait while items of `of_map` still run: what they do is undone after they did it.
        """
        if self.replays:
            raise Cancelled
        self._job.check()
        if Run.objects.filter(pk=self.run.pk, cancel_requested=True).exists():
            if of_map is not None and not of_map._state.adding and maps.running(of_map):
                raise Wait
            raise Cancelled

    def _call(
        self,
        step: Step,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        retry: Retry,
        timeout: float | None,
    ) -> None:
        """Bring the step to its end, or raise Snooze for another try."""
        if step.attempt >= retry.max_attempts:  # the last try took the worker along
            self._end(step, StepState.FAILED, error=f"Its worker vanished in try {step.attempt}.")
            return
        if step.wake_at and timezone.now() < step.wake_at:
            raise Snooze(step.wake_at - timezone.now())
        step.attempt += 1
        now = timezone.now()
        self._save(step, StepState.RUNNING, started_at=step.started_at or now, wake_at=None)
        self._current = step
        try:
            with time_limit(timeout):
                result = kept(function(*args, **kwargs), f"The result of {step.key}")
        except (Snooze, Wait, Cancelled, LeaseLost):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a step raises
            self._failed(step, error, retry)
        else:
            self._end(step, StepState.SUCCEEDED, result=result)
        finally:
            self._current = None

    def _failed(self, step: Step, error: Exception, retry: Retry) -> None:
        text = shortened("".join(traceback.format_exception(error)))
        again = step.attempt < retry.max_attempts and isinstance(error, retry.on)
        if not again or isinstance(error, Discard):
            self._end(step, StepState.FAILED, error=text)
            return
        delay = retry.delay(step.attempt)
        self._save(step, StepState.RETRYING, error=text, wake_at=timezone.now() + delay)
        raise Snooze(delay) from error

    def _end(self, step: Step, state: StepState, *, result: Any = None, error: str = "") -> None:
        self._save(
            step, state, result=result, error=error, wake_at=None, finished_at=timezone.now()
        )

    def _save(self, step: Step, state: StepState, **fields: Any) -> None:
        """Write the step, if the run is still this worker's. Raises LeaseLost."""
        step.state = state
        for name, value in fields.items():
            setattr(step, name, value)
        with sql.atomic():
            self._job.hold()
            step.save()
            if self.run.stalls:
                # It got on.
                self.run.stalls = 0
                self.run.save(update_fields=["stalls"])
            changed.send(Run, run=self.run, step=step)
