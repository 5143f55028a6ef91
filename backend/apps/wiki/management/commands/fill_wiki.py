"""Fill the wiki with invented rides, to try how it does with many."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.wiki.demo.many import fill


class Command(BaseCommand):
    help = "Invent rides until the wiki has as many; the same every time."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("rides", type=int, help="How many rides there are to be.")
        parser.add_argument("--seed", type=int, default=1, help="Another seed: other rides.")
        parser.add_argument("--force", action="store_true", help="In production too.")

    def handle(self, *args: Any, rides: int, seed: int, force: bool, **options: Any) -> None:
        if not settings.DEBUG and not force:
            raise CommandError("This is no development house. Use --force if you mean it.")
        self.stdout.write(f"{fill(rides, seed=seed)} rides were invented.")
