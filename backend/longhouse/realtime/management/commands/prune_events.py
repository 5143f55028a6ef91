from typing import Any

from django.core.management.base import BaseCommand

from longhouse.realtime import log


class Command(BaseCommand):
    help = "Remove events older than REALTIME_RETENTION, as every server with listeners does."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{log.prune()} events removed.")
