"""The supervisor: claims for its children, writes how their jobs ended, keeps leases and clocks.

One thread, one loop, one database connection. A child that is killed takes nothing along but the
job that ran in it; a supervisor that is killed takes along what ended in the last few
milliseconds, and those jobs run again when their leases end.
"""

import logging
import signal
import time
from typing import Any, Final

from django.db import InterfaceError, OperationalError

from longhouse.jobs import handoff, leases, sql
from longhouse.jobs.finishing import Ending, failed, finish
from longhouse.jobs.leases import Held
from longhouse.jobs.models import Job, Outcome, State
from longhouse.jobs.options import Options
from longhouse.jobs.wakeups import Ears, notified_by_database
from longhouse.jobs.worker.housekeeping import PROMOTE, Every, Housekeeper
from longhouse.jobs.worker.pool import Child, Pool
from longhouse.jobs.worker.standby import Standbys

logger = logging.getLogger("longhouse.jobs")

IDLE: Final = 1.0  # seconds between two looks when nobody wakes us
FLUSH: Final = 0.01  # seconds that an ending may wait for others to be written with


class Supervisor:
    def __init__(
        self, pools: list[tuple[list[str], int]], *, options: Options, grace: float
    ) -> None:
        self.housekeeper = Housekeeper(
            "embedded",
            queues=[queue for queues, _ in pools for queue in queues],
            processes=sum(size for _, size in pools),
            options=options,
        )
        self.name = self.housekeeper.name
        self.options = options
        self.grace = grace
        direct = notified_by_database()
        self.pools = [Pool(queues, size, options.batch, handoff=direct) for queues, size in pools]
        self.standbys = Standbys(self.pools, self.name)
        self.endings: list[tuple[float, Ending]] = []
        self.ears = Ears(self.housekeeper.queues)
        #: queues in which something may be available
        self.woken = set(self.housekeeper.queues)
        self.stopping: float | None = None  # when it was told to
        self.stop_signals = 0
        self.deaths: dict[Pool, list[float]] = {pool: [] for pool in self.pools}
        self.look = Every(IDLE)
        self.renew = Every(min(1.0, options.lease / 3))

    def run(self) -> None:
        """Until SIGTERM or SIGINT, and then until what runs has ended or `grace` is over."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        pause = 0.5
        started = False
        while not self.finished():
            try:
                if not started:
                    self.start()
                    started = True
                self.turn()
                pause = 0.5
            except (OperationalError, InterfaceError) as error:
                # What ended is kept and written later; leases run on meanwhile.
                logger.warning("The database does not answer, again in %.1f s: %s", pause, error)
                self._reconnect()
                time.sleep(pause)
                pause = min(pause * 2, 5.0)
        self.end()

    def start(self) -> None:
        self.housekeeper.start()
        for pool in self.pools:
            while len(pool.children) < pool.size:
                pool.spawn()
        logger.info(
            "Worker %s: %s", self.name,
            "; ".join(f"{pool.size} for {', '.join(pool.queues)}" for pool in self.pools),
        )  # fmt: skip

    def finished(self) -> bool:
        if self.stopping is None:
            return False
        held = any(True for pool in self.pools for _ in pool.jobs()) or bool(self.endings)
        # As long as one is on standby it may be handed a job; unless the database is away.
        grace = time.monotonic() - self.stopping < self.grace
        return not held and not (grace and self.standbys.offered())

    def turn(self) -> None:
        """One round of the loop."""
        pipes = [one.pipe for pool in self.pools for one in pool.children]
        listen = self.stopping is None and any(pool.room() for pool in self.pools)
        ready, news = self.ears.wait(pipes, self._timeout(), listen=listen)
        for pool in self.pools:
            for one in list(pool.children):
                if one.pipe in ready:
                    self.read(pool, one)
        # What somebody waits for comes first; the rest may make more available.
        self.woken |= news
        woken = bool(self.woken)
        self.exchange()
        if self.keep(news=woken):
            self.woken.update(self.housekeeper.queues)
            self.exchange()
        for pool in self.pools:
            pool.hand_out()

    def _timeout(self) -> float:
        if self.endings:
            return FLUSH
        if self.stopping is not None:
            return 0.05
        return handoff.IDLE if any(True for _ in self.standbys.free()) else PROMOTE

    # Children ------------------------------------------------------------------------------

    def read(self, pool: Pool, one: Child) -> None:
        """Everything a child has said."""
        try:
            while one.pipe.poll():
                kind, subject, ending = one.pipe.recv()
                if kind == "ended":
                    pool.ended(one, subject)
                    if ending is not None:
                        self.endings.append((time.monotonic(), ending))
                elif kind == "revoked":
                    pool.revoked(one, subject)
                elif kind == "taken":
                    self.standbys.taken(one, handoff.received(subject))
                elif kind == "passed":
                    self.standbys.passed(pool, one, handoff.received(subject))
                elif kind == "listening":
                    one.listens = True
                elif kind == "hears":
                    one.hears = subject
        except (EOFError, OSError):
            self.bury(pool, one)

    def bury(self, pool: Pool, one: Child) -> None:
        victim = pool.bury(one)
        self.standbys.died(pool, one)
        now = time.monotonic()
        if not one.killed_for:
            logger.error("Process %s died: %s", one.process.pid, victim or "it had no job")
            if now - one.born < 5:
                self.deaths[pool].append(now)
        if victim is None:
            return
        if one.killed_for == Outcome.LOST:
            return  # somebody else has the job
        if one.killed_for == Outcome.CANCELLED:
            ending = Ending(
                Held.of(victim), State.CANCELLED,
                outcome=Outcome.CANCELLED, error="Its process was killed.",
            )  # fmt: skip
        elif one.killed_for == Outcome.TIMED_OUT:
            error = f"It ran longer than {victim.timeout} s, and did not stop: killed."
            ending = failed(victim, outcome=Outcome.TIMED_OUT, error=error)
        else:
            error = f"The process that ran it died (worker {self.name})."
            ending = failed(victim, outcome=Outcome.LOST, error=error)
        self.endings.append((now, ending))

    def respawn(self, pool: Pool) -> None:
        """As many children as there should be; slowly, when they die young."""
        now = time.monotonic()
        recent = [moment for moment in self.deaths[pool] if now - moment < 60]
        self.deaths[pool] = recent
        if recent and now - recent[-1] < min(5.0, 0.1 * 2 ** len(recent)):
            return
        while len(pool.children) < pool.size:
            pool.spawn()

    # The database ----------------------------------------------------------------------------

    def exchange(self) -> None:
        """Write what ended, and claim what there is room for: one transaction."""
        if self.look():
            self.woken.update(self.housekeeper.queues)
        rooms = [
            (pool, room)
            for pool in self.pools
            if self.stopping is None
            and not self.woken.isdisjoint(pool.queues)
            and (room := pool.room())
        ]
        overdue = bool(self.endings) and time.monotonic() - self.endings[0][0] >= FLUSH
        if self.endings and (rooms or overdue or self.stopping is not None or self._idle()):
            endings = self.endings[:]
            with sql.atomic():
                finish([ending for _, ending in endings])
                claimed = [(pool, self.claim(pool, room)) for pool, room in rooms]
            del self.endings[: len(endings)]
        else:
            claimed = [(pool, self.claim(pool, room)) for pool, room in rooms]
        for pool, jobs in claimed:
            pool.waiting.extend(jobs)
            if surplus := pool.surplus():
                leases.release(map(Held.of, surplus))
            pool.hand_out()

    def claim(self, pool: Pool, room: int) -> list[Job]:
        """From each woken queue in turn; the next time another one is first."""
        jobs: list[Job] = []
        for queue in pool.queues:
            if queue in self.woken and (left := room - len(jobs)):
                found = leases.claim(queue, limit=left, worker=self.name)
                if len(found) < left:  # no more is there
                    self.woken.remove(queue)
                jobs += found
        pool.queues.rotate(-1)
        return jobs

    def _idle(self) -> bool:
        return not any(one.jobs for pool in self.pools for one in pool.children)

    def keep(self, *, news: bool) -> bool:
        """Everything that is done by the clock; whether jobs became available."""
        self._enforce_timeouts()
        if self.renew():
            self._renew()
            self.standbys.renew()
        for pool in self.pools:
            pool.relieve()
            if surplus := pool.surplus():
                leases.release(map(Held.of, surplus))
        if self.stopping is not None:
            self._stop()
            return False
        for pool in self.pools:
            self.respawn(pool)
        made = self.housekeeper.keep(news=news)
        self.standbys.update()
        return made

    def _enforce_timeouts(self) -> None:
        now = time.monotonic()
        for pool in self.pools:
            for one in pool.children:
                job = one.running
                limit = job and job.timeout and job.timeout + self.options.kill_after
                if limit and now - one.since > limit:
                    one.kill(Outcome.TIMED_OUT)

    def _renew(self) -> None:
        """Keep what we hold; tell children what was cancelled; stop what is not ours any more."""
        held = [Held.of(job) for pool in self.pools for job in pool.jobs()]
        renewed = leases.renew(held)
        now = time.monotonic()
        for pool in self.pools:
            for one in pool.children:
                if (job := one.running) is None:
                    continue
                if (mine := Held.of(job)) not in renewed.held:
                    logger.warning("%s was taken over by another worker: stopping it here", job)
                    one.kill(Outcome.LOST)
                elif mine in renewed.cancelled:
                    if one.told is None:
                        one.told = now
                        one.send("cancel", mine)
                    if mine in renewed.to_kill and now - one.told > self.options.kill_after:
                        one.kill(Outcome.CANCELLED)
            kept = [job for job in pool.waiting if Held.of(job) in renewed.held]
            for job in kept:
                job.cancel_requested = Held.of(job) in renewed.cancelled
            pool.waiting.clear()
            pool.waiting.extend(kept)

    def _reconnect(self) -> None:
        self.ears.close()
        sql.connection().close()

    # The end ---------------------------------------------------------------------------------

    def _on_signal(self, *_: Any) -> None:
        self.stop_signals += 1
        if self.stopping is None:
            self.stopping = time.monotonic()

    def _stop(self) -> None:
        """Give back what was not begun; wait for the rest, for as long as there is grace."""
        self.standbys.end()
        for pool in self.pools:
            for one in pool.children:
                if len(one.jobs) > 1 and not one.revoking:
                    one.revoking = True
                    one.send("revoke", None)
            leases.release([Held.of(job) for job in pool.waiting])
            pool.waiting.clear()
        stopping = self.stopping or 0.0
        if self.stop_signals > 1 or time.monotonic() - stopping > self.grace:
            for pool in self.pools:
                for one in pool.children:
                    one.kill("")

    def end(self) -> None:
        for pool in self.pools:
            for one in pool.children:
                one.pipe.close()  # they end when they see it
        self.ears.close()
        self.housekeeper.end()
        logger.info("Worker %s has stopped", self.name)
