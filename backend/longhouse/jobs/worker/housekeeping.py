"""What every worker does beside running jobs, whichever engine it belongs to."""

import logging
import os
import secrets
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils import timezone

from longhouse.jobs import gates, leases, schedules, sql
from longhouse.jobs.finishing import failed, finish
from longhouse.jobs.models import Outcome, Standby, Worker
from longhouse.jobs.options import Options

logger = logging.getLogger("longhouse.jobs")

PROMOTE: Final = 0.2  # seconds between two looks at delayed jobs
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FORGOTTEN: Final = timedelta(days=1)  # a worker not seen for so long is no longer listed


class Every:
    """True once in each period."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.next = 0.0

    def __call__(self) -> bool:
        now = time.monotonic()
        if now < self.next:
            return False
        self.next = now + self.seconds
        return True

    def postpone(self, seconds: float) -> None:
        self.next = time.monotonic() + seconds


class Housekeeper:
    """Fires schedules, lets delayed jobs in, takes jobs from workers that are gone, says hello."""

    def __init__(self, engine: str, *, queues: list[str], processes: int, options: Options) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(2)}"
        self.engine = engine
        self.queues = queues
        self.processes = processes
        self.options = options
        self._clock = timedelta()  # the database's clock minus our monotonic one, from start() on
        self._promote = Every(PROMOTE)
        self._schedule = Every(0.5)
        self._report = Every(5.0)
        self._sweep = Every(options.lease / 3)

    def start(self) -> None:
        self._clock = self._offset()
        self._sweep.postpone(self.options.lease / 2)  # long enough for everybody to renew once
        Worker.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN).delete()
        Standby.objects.exclude(worker__in=Worker.objects.values("name")).delete()
        schedules.sync()

    def keep(self, *, news: bool) -> bool:
        """Everything that is due; whether jobs became available. `news`: look at delayed ones."""
        if self._sweep():
            self.sweep()
        available = bool(self._schedule() and schedules.fire_due())
        if (self._promote() or news or available) and gates.promote():
            available = True
        if self._report():
            self.report()
        return available

    def _offset(self) -> timedelta:
        return sql.now() - EPOCH - timedelta(seconds=time.monotonic())

    def _clock_jumped(self) -> bool:
        """Whether the clock was set since the last look."""
        before, self._clock = self._clock, self._offset()
        if abs(self._clock - before) < timedelta(seconds=self.options.lease / 5):
            return False
        logger.warning("The clock jumped by %.1f s", (self._clock - before).total_seconds())
        return True

    def sweep(self) -> None:
        """Jobs of workers that gave no sign of life."""
        with sql.atomic():
            lost = leases.expired()
            # Asked after they were found: a clock that is set between the two takes no job.
            if self._clock_jumped():
                # No lease says the truth now. Everybody gets the time to renew theirs.
                self._sweep.postpone(self.options.lease)
                return
            finish(
                [
                    failed(
                        job, outcome=Outcome.LOST,
                        error=f"Worker {job.worker} gave no sign of life.",
                    )
                    for job in lost
                ]
            )  # fmt: skip
        for job in lost:
            logger.warning("Job %s (%s) was lost by worker %s", job.id, job.task, job.worker)

    def report(self) -> None:
        now = timezone.now()
        Worker.objects.update_or_create(
            name=self.name,
            defaults={"seen_at": now},
            create_defaults={
                "engine": self.engine,
                "queues": sorted(set(self.queues)),
                "processes": self.processes,
                "started_at": now,
                "seen_at": now,
            },
        )

    def end(self) -> None:
        Standby.objects.filter(worker=self.name).delete()
        Worker.objects.filter(name=self.name).delete()
