"""A pool: some child processes for some queues, and the jobs that are theirs."""

import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final

from longhouse.jobs.handoff import new_channel
from longhouse.jobs.leases import Held
from longhouse.jobs.models import Job
from longhouse.jobs.worker import child

#: seconds of work that a child has at hand, so that it need not wait for the next claim
AT_HAND: Final = 0.05
#: seconds after which those behind a running job go to somebody else
SLOW: Final = 0.5

_processes = get_context("forkserver")
_processes.set_forkserver_preload(["longhouse.jobs.worker.preload"])


@dataclass(eq=False)
class Child:
    """A process, and the jobs it was handed: the first one runs."""

    process: Any
    pipe: Connection
    born: float
    jobs: deque[Job] = field(default_factory=deque)
    since: float = 0.0  # when the first one began, or the last one ended
    revoking: bool = False
    told: float | None = None  # when its job was told to stop
    channel: str = ""  # where jobs can be handed off to it; or an empty text
    listens: bool = False  # and is to be called, to find out whether it hears
    hears: bool = False
    #: whether whoever enqueues may hand it a job, and since when we know that it was given one
    standby: bool = False
    given: float | None = None
    killed_for: str = ""  # why we killed it

    @property
    def running(self) -> Job | None:
        return self.jobs[0] if self.jobs else None

    def send(self, kind: str, subject: Any) -> None:
        with contextlib.suppress(OSError):  # it is dead, as we are about to read
            self.pipe.send((kind, subject))

    def kill(self, reason: str) -> None:
        self.killed_for = self.killed_for or reason
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)


class Pool:
    def __init__(self, queues: list[str], size: int, batch: int, *, handoff: bool) -> None:
        self.queues = deque(queues)
        self.handoff = handoff
        self.size = size
        self.batch = batch
        self.children: list[Child] = []
        self.waiting: deque[Job] = deque()
        self.pace = 1.0  # seconds that a job takes, by the last ones

    def spawn(self) -> Child:
        ours, theirs = _processes.Pipe()
        channel = new_channel() if self.handoff else ""
        process = _processes.Process(target=child.main, args=(theirs, channel), daemon=True)
        try:
            process.start()
        except (EOFError, ConnectionError):  # the fork server was killed: the next try starts one
            ours.close()
            theirs.close()
            return self.spawn()
        theirs.close()
        new = Child(process, ours, time.monotonic(), channel=channel)
        self.children.append(new)
        return new

    @property
    def depth(self) -> int:
        """How many jobs a child is handed: one when they are slow, or must not wait."""
        if any(job.at_risk for job in self.jobs()):
            return 1
        return max(1, min(self.batch, int(AT_HAND / max(self.pace, 1e-6))))

    @property
    def active(self) -> float:
        """When a job began or ended here the last time."""
        return max((one.since for one in self.children), default=0.0)

    def jobs(self) -> Iterator[Job]:
        """All that this pool holds."""
        yield from self.waiting
        for one in self.children:
            yield from one.jobs

    def room(self) -> int:
        """How many more jobs it can take; none as long as half of what it can hold is there."""
        depth = self.depth
        held = sum(min(depth, len(one.jobs)) for one in self.children) + len(self.waiting)
        capacity = depth * len(self.children)
        if held * 2 > capacity and all(one.jobs for one in self.children):
            return 0
        return max(0, capacity - held)

    def hand_out(self) -> None:
        """Spread waiting jobs, to the least busy child first."""
        now, depth = time.monotonic(), self.depth
        parcels: dict[int, list[Job]] = {}
        while self.waiting:
            free = [one for one in self.children if len(one.jobs) < depth and not one.revoking]
            if not free:
                break
            one = min(free, key=lambda one: len(one.jobs))
            if not one.jobs:
                one.since = now
            job = self.waiting.popleft()
            one.jobs.append(job)
            parcels.setdefault(id(one), []).append(job)
        for one in self.children:
            if jobs := parcels.get(id(one)):
                one.send("jobs", jobs)

    def ended(self, one: Child, held: Held) -> Job:
        """The running job of a child came to its end."""
        now = time.monotonic()
        job = one.jobs.popleft()
        assert Held.of(job) == held, "children work in the order of what they are handed"  # noqa: S101
        self.pace += 0.3 * (now - one.since - self.pace)
        one.since, one.told = now, None
        return job

    def revoked(self, one: Child, helds: Iterable[Held]) -> None:
        """A child gave back what it had not begun."""
        back = set(helds)
        returned = [job for job in one.jobs if Held.of(job) in back]
        one.jobs = deque(job for job in one.jobs if Held.of(job) not in back)
        one.revoking = False
        self.waiting.extendleft(reversed(returned))

    def relieve(self) -> None:
        """Take back what waits behind a job that turned out slow, or that must not wait."""
        now, alone = time.monotonic(), self.depth == 1
        for one in self.children:
            slow = bool(one.jobs) and now - one.since > SLOW
            if slow:
                self.pace = max(self.pace, now - one.since)
            if len(one.jobs) > 1 and (slow or alone) and not one.revoking:
                one.revoking = True
                one.send("revoke", None)

    def surplus(self) -> list[Job]:
        """Jobs that no child has room for now; they are no longer ours."""
        room = sum(max(0, self.depth - len(one.jobs)) for one in self.children)
        keep = list(self.waiting)[:room]
        given_up = list(self.waiting)[room:]
        self.waiting = deque(keep)
        return given_up

    def bury(self, one: Child) -> Job | None:
        """A child died: the job that died with it. What it had not begun goes to the others."""
        self.children.remove(one)
        one.pipe.close()
        victim = one.jobs.popleft() if one.jobs else None
        self.waiting.extendleft(reversed(one.jobs))
        return victim
