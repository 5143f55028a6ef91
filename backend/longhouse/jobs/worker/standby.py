"""Which children whoever enqueues may hand a job to, and what became of it: see `handoff`."""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from longhouse.jobs import handoff
from longhouse.jobs.leases import Held
from longhouse.jobs.models import Job
from longhouse.jobs.worker.pool import Child, Pool

#: seconds in which a child tells of a job that it was given, or never heard of it
SILENCE: Final = 1.0


class Standbys:
    def __init__(self, pools: Sequence[Pool], worker: str) -> None:
        self.pools = pools
        self.worker = worker
        #: of children that died: channel -> their pool, if they were on standby
        self._gone: dict[str, Pool | None] = {}

    def _children(self) -> Iterator[tuple[Pool, Child]]:
        return ((pool, one) for pool in self.pools for one in pool.children)

    def free(self) -> Iterator[tuple[Pool, Child]]:
        """Children that could be on standby, and are not."""
        for pool, one in self._children():
            if one.hears and not one.standby and not (one.jobs or pool.waiting):
                yield pool, one

    def offered(self) -> list[Child]:
        """Children that are on standby, or were given a job of which they did not tell yet."""
        return [one for _, one in self._children() if one.standby]

    def update(self) -> None:
        """Offer those that have nothing to do, and no others."""
        if new := [one for _, one in self._children() if one.listens]:
            handoff.call(one.channel for one in new)
            for one in new:
                one.listens = False
        now = time.monotonic()
        free = [(pool, one) for pool, one in self.free() if now - pool.active > handoff.IDLE]
        if free:
            queues = {one.channel: list(pool.queues) for pool, one in free}
            handoff.stand_by(queues, worker=self.worker)
            for _, one in free:
                one.standby = True
        self.withdraw(
            one for _, one in self._children()
            if one.standby and one.given is None and (one.jobs or not one.hears)
        )  # fmt: skip
        if self._gone:
            self._clear()

    def withdraw(self, children: Iterable[Child]) -> None:
        if not (found := {one.channel: one for one in children}):
            return
        undisturbed = handoff.withdraw(found)
        now = time.monotonic()
        for channel, one in found.items():
            if channel in undisturbed:
                one.standby = False
            else:
                one.given = now  # it will tell

    def renew(self) -> None:
        """Give the word for those that wait; hand over what some were given and never heard of."""
        offered = {one.channel: one for one in self.offered()}
        if not offered:
            return
        waiting = handoff.keep(self.worker)
        now = time.monotonic()
        for channel in offered.keys() - waiting:
            one = offered[channel]
            one.given = one.given or now
        self._hand_over(one for one in offered.values() if one.given and now - one.given > SILENCE)

    def _hand_over(self, children: Iterable[Child]) -> None:
        """The usual way; a child that had it knows."""
        if not (found := {one.channel: one for one in children}):
            return
        jobs = handoff.given(found, worker=self.worker)
        for channel, one in found.items():
            one.standby, one.given = False, None
            if job := jobs.get(channel):
                if not one.jobs:
                    one.since = time.monotonic()
                one.jobs.append(job)
                one.send("jobs", [job])

    def taken(self, one: Child, job: Job) -> None:
        """It has a job that was handed off to it, and nothing before it."""
        one.standby, one.given = False, None
        one.jobs = deque([job, *(other for other in one.jobs if Held.of(other) != Held.of(job))])
        one.since = time.monotonic()

    def passed(self, pool: Pool, one: Child, job: Job) -> None:
        """It was handed a job while it had others."""
        one.standby, one.given = False, None
        if Held.of(job) not in map(Held.of, one.jobs):  # else it gets it once more
            pool.waiting.append(job)

    def died(self, pool: Pool, one: Child) -> None:
        """A child whose every word was heard."""
        if one.channel:
            self._gone[one.channel] = pool if one.standby else None

    def _clear(self) -> None:
        """What the dead were given and did not begin goes to the others."""
        jobs = handoff.given(
            [channel for channel, pool in self._gone.items() if pool], worker=self.worker
        )
        handoff.remove(self._gone)
        for channel, job in jobs.items():
            if pool := self._gone[channel]:
                pool.waiting.append(job)
        self._gone.clear()

    def end(self) -> None:
        """No more of them, and what some were given and did not tell of yet is theirs."""
        offered = self.offered()
        self.withdraw(one for one in offered if one.given is None)
        self._hand_over(one for one in offered if one.given is not None)
        if self._gone:
            self._clear()
