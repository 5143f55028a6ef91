"""Runs jobs: in processes of its own, or in Celery's where BROKER_URL is set."""

import argparse
from typing import Any

from django.conf import settings as conf
from django.core.management.base import BaseCommand

from longhouse.jobs import doorbell
from longhouse.jobs import options as settings
from longhouse.jobs.worker.supervisor import Supervisor


def pool(text: str) -> tuple[list[str], int]:
    """ "mail,photos=2": two processes for two queues; "*" stands for every queue."""
    names, _, size = text.partition("=")
    known = settings.queues()
    queues = known if names == "*" else names.split(",")
    if unknown := [queue for queue in queues if queue not in known]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: no queue of TASKS")
    if not size.isdecimal() or int(size) < 1:
        raise argparse.ArgumentTypeError("write queues and a number of processes, as mail=2")
    return queues, int(size)


class Command(BaseCommand):
    help = "Run jobs until SIGTERM; then finish what runs, for --grace seconds at most."
    # Migrations may come while it runs; a missing table is tried again.
    requires_migrations_checks = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--pool",
            type=pool,
            action="append",
            metavar="QUEUES=PROCESSES",
            help="processes for some queues, which others cannot take away from them: mail=1; may "
            "be given several times. Default: *=2, or JOBS_PROCESSES instead of 2",
        )
        parser.add_argument("--grace", type=float, default=30.0, metavar="SECONDS")

    def handle(
        self, *args: Any, pool: list[tuple[list[str], int]] | None, grace: float, **options: Any
    ) -> None:
        size = getattr(conf, "JOBS_PROCESSES", 2)
        pools = pool or [(settings.queues(), size)]
        engine: Any = Supervisor
        if doorbell.configured():
            from longhouse.jobs.worker.brokered import Brokered as engine
        engine(pools, options=settings.options(), grace=grace).run()
