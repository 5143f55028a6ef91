"""What a process of Celery's pool does when its queue is rung for."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Final

from django.db import InterfaceError, OperationalError

from longhouse.jobs import leases, registry, sql
from longhouse.jobs.doorbell import doorbell
from longhouse.jobs.execute import close_old_connections, execute
from longhouse.jobs.finishing import Ending, failed, finish
from longhouse.jobs.leases import Held
from longhouse.jobs.models import Job, Outcome, State
from longhouse.jobs.options import Options, options
from longhouse.jobs.worker.pool import AT_HAND, SLOW

logger = logging.getLogger("longhouse.jobs")

#: seconds after which other queues get their turn
TURN: Final = 5.0
FLUSH: Final = 0.05  # seconds that an ending may wait for others to be written with
WATCH: Final = 0.1


class Pace:
    """Seconds that a job takes in this process, by the last ones."""

    seconds = 1.0


def drain(queue: str, *, stopping: Callable[[], bool]) -> None:
    """Claim and run jobs of a queue until it is empty, or others want their turn."""
    registry.discover()
    close_old_connections()
    began = time.monotonic()
    # Without a supervisor, Celery was started by hand.
    supervisor = os.environ.get("JOBS_SUPERVISOR") or f"celery:{os.uname().nodename[:60]}"
    name = f"{supervisor}:{os.getpid()}"
    while not stopping():
        limit = max(1, min(options().batch, int(AT_HAND / max(Pace.seconds, 1e-6))))
        jobs = leases.claim(queue, limit=limit, worker=name)
        if not jobs:
            return
        if len(jobs) == limit:
            doorbell.ring(queue)  # there may be more than one process can do
        if any(job.at_risk for job in jobs):
            leases.release(map(Held.of, jobs[1:]))
            del jobs[1:]
        Hand(jobs, options(), stopping).work()
        if time.monotonic() - began > TURN:
            doorbell.ring(queue)
            return


class Hand:
    """Jobs that this process claimed. A thread keeps their leases while they are run in turn."""

    def __init__(self, jobs: list[Job], options: Options, stopping: Callable[[], bool]) -> None:
        self.options = options
        self.stopping = stopping
        self.waiting = jobs
        self.running: Job | None = None
        self.since = 0.0
        self.told: float | None = None
        self.cancelled: set[Held] = set()
        self.endings: list[Ending] = []
        self.flushed = time.monotonic()
        self.lock = threading.Lock()
        self.done = threading.Event()

    def work(self) -> None:
        watch = threading.Thread(target=self._watch, daemon=True)
        watch.start()
        try:
            while job := self._next():
                held = Held.of(job)
                ending = execute(job, cancelled=lambda held=held: held in self.cancelled)  # type: ignore[misc]
                with self.lock:
                    self.running = None
                    Pace.seconds += 0.3 * (time.monotonic() - self.since - Pace.seconds)
                    if ending:
                        self.endings.append(ending)
                if time.monotonic() - self.flushed > FLUSH:
                    self._flush()
        finally:
            self.done.set()
            watch.join()
            while self.endings:
                self._flush()
                if self.endings:
                    time.sleep(0.5)  # the database does not answer

    def _next(self) -> Job | None:
        with self.lock:
            if not self.waiting:
                return None
            self.running = self.waiting.pop(0)
            self.since, self.told = time.monotonic(), None
            return self.running

    def _flush(self) -> None:
        with self.lock:
            if self.endings:
                try:
                    finish(self.endings)
                except (OperationalError, InterfaceError):
                    sql.connection().close()
                    return
                self.endings = []
            self.flushed = time.monotonic()

    def _watch(self) -> None:
        renewed = time.monotonic()
        try:
            while not self.done.wait(WATCH):
                now = time.monotonic()
                if now - self.flushed > FLUSH:
                    self._flush()
                try:
                    if self.stopping() or (self.running and now - self.since > SLOW):
                        self._give_back()
                    if now - renewed > min(1.0, self.options.lease / 3):
                        renewed = now
                        self._renew()
                except (OperationalError, InterfaceError):
                    sql.connection().close()
                self._enforce_timeout()
        finally:
            sql.connection().close()

    def _give_back(self) -> None:
        """Nobody waits behind a slow job."""
        with self.lock:
            waiting, self.waiting = self.waiting, []
        Pace.seconds = max(Pace.seconds, time.monotonic() - self.since)
        leases.release(map(Held.of, waiting))

    def _renew(self) -> None:
        with self.lock:
            running = self.running
            held = [Held.of(job) for job in ([running] if running else []) + self.waiting]
        renewed = leases.renew(held)
        self.cancelled |= renewed.cancelled
        if running is None or running is not self.running:
            return
        mine = Held.of(running)
        if mine not in renewed.held:
            logger.warning("%s was taken over by another worker: stopping it here", running)
            self._die()
        if mine in renewed.cancelled:
            self.told = self.told or time.monotonic()
            waited = time.monotonic() - self.told
            if mine in renewed.to_kill and waited > self.options.kill_after:
                self._die(
                    Ending(
                        mine, State.CANCELLED,
                        outcome=Outcome.CANCELLED, error="Its process was killed.",
                    )
                )  # fmt: skip

    def _enforce_timeout(self) -> None:
        job = self.running
        if job is None or not job.timeout:
            return
        if time.monotonic() - self.since > job.timeout + self.options.kill_after:
            error = f"It ran longer than {job.timeout} s, and did not stop: killed."
            self._die(failed(job, outcome=Outcome.TIMED_OUT, error=error))

    def _die(self, *endings: Ending) -> None:
        """Nothing else stops a task that does not stop: Celery starts another process."""
        with self.lock:
            leases.release(map(Held.of, self.waiting))
            finish([*self.endings, *endings])
            os.kill(os.getpid(), signal.SIGKILL)
