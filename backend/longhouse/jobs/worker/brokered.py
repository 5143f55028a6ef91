"""`manage.py worker` where a broker is: Celery's worker, and beside it what keeps the queue."""

import logging
import os
import signal
import subprocess
import sys
import time
from typing import Any, Final

from django.db import InterfaceError, OperationalError

from longhouse.jobs import sql
from longhouse.jobs.celery import broker_queue
from longhouse.jobs.doorbell import doorbell
from longhouse.jobs.models import Job, State
from longhouse.jobs.options import Options
from longhouse.jobs.worker.housekeeping import PROMOTE, Every, Housekeeper

logger = logging.getLogger("longhouse.jobs")

#: seconds in which jobs wait, are rung for, and a worker of Celery takes none. After a lost
#: connection to Redis it may sit there for ever: https://github.com/celery/celery/issues/10302
DEAF: Final = 10.0


class Brokered:
    """Celery workers, one for each pool, and the housekeeping, until SIGTERM."""

    def __init__(
        self, pools: list[tuple[list[str], int]], *, options: Options, grace: float
    ) -> None:
        self.pools = pools
        self.grace = grace
        self.queues = sorted({queue for queues, _ in pools for queue in queues})
        self.housekeeper = Housekeeper(
            "celery",
            queues=self.queues,
            processes=sum(size for _, size in pools),
            options=options,
        )
        self.workers: list[subprocess.Popen[bytes]] = []
        #: when each of them was last seen to take jobs, or had none to take
        self.heard: list[float] = []
        self.look = Every(1.0)
        self.stopping = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self.workers = [self._spawn(*pool) for pool in self.pools]
        self.heard = [time.monotonic()] * len(self.pools)
        started = False
        while not self.stopping:
            try:
                if not started:
                    self.housekeeper.start()
                    started = True
                self.turn()
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database does not answer: %s", error)
                sql.connection().close()
                time.sleep(1)
            time.sleep(PROMOTE)
        self.end()

    def turn(self) -> None:
        for place, worker in enumerate(self.workers):
            if worker.poll() is not None:
                logger.error("Celery's worker ended with status %s", worker.returncode)
                time.sleep(1)
                self._replace(place)
        if self.housekeeper.keep(news=False) or self.look():
            available = self._available()
            for queue in available:
                doorbell.ring(queue)
            self._replace_deaf(available)

    def _available(self) -> list[str]:
        """Queues in which something waits: its ring may have been lost."""
        with sql.connection().cursor() as cursor:
            found = []
            for queue in self.queues:
                cursor.execute(
                    "SELECT 1 FROM jobs_job WHERE state = 'available' AND queue = %s LIMIT 1",
                    [queue],
                )
                if cursor.fetchone():
                    found.append(queue)
        return found

    def _replace_deaf(self, available: list[str]) -> None:
        now = time.monotonic()
        for place, (queues, _) in enumerate(self.pools):
            waiting = [queue for queue in queues if queue in available]
            if not waiting or doorbell.broken or self._busy(queues):
                self.heard[place] = now
            elif now - self.heard[place] > DEAF:
                logger.error(
                    "Celery's worker takes nothing from %s, though the broker answers: replaced",
                    ", ".join(waiting),
                )
                self.workers[place].kill()  # it runs no job
                self.workers[place].wait()
                self._replace(place)

    def _busy(self, queues: list[str]) -> bool:
        """Whether a process of ours runs a job of these queues."""
        return Job.objects.filter(
            state=State.RUNNING, queue__in=queues, worker__startswith=f"{self.housekeeper.name}:"
        ).exists()

    def _replace(self, place: int) -> None:
        self.workers[place] = self._spawn(*self.pools[place])
        self.heard[place] = time.monotonic()

    def _spawn(self, queues: list[str], size: int) -> "subprocess.Popen[bytes]":
        command = [
            *(sys.executable, "-m", "celery", "--app", "longhouse.jobs.celery", "worker"),
            *("--queues", ",".join(map(broker_queue, queues)), "--concurrency", str(size)),
            *("--pool", "prefork", "--without-gossip", "--without-mingle"),
            *("--hostname", f"{self.housekeeper.name}.{queues[0]}", "--loglevel", "WARNING"),
        ]
        return subprocess.Popen(  # noqa: S603 - our own command
            command,
            stdin=subprocess.PIPE,
            env=os.environ | {"JOBS_SUPERVISOR": self.housekeeper.name},
            start_new_session=True,  # Ctrl-C is ours to pass on
        )

    def _on_signal(self, *_: Any) -> None:
        self.stopping = True

    def end(self) -> None:
        for worker in self.workers:
            worker.terminate()  # a warm shutdown: what runs is finished
        deadline = time.monotonic() + self.grace
        for worker in self.workers:
            try:
                worker.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.send_signal(signal.SIGQUIT)
                worker.wait()
        self.housekeeper.end()
        logger.info("Worker %s has stopped", self.housekeeper.name)
