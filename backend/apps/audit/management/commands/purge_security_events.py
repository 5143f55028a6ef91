"""Remove security events that nobody has to keep any longer."""

import argparse
import re
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.audit import services


def days(text: str) -> timedelta:
    if not (found := re.fullmatch(r"([1-9]\d{0,4})d", text)):
        raise argparse.ArgumentTypeError("write a number of days, such as 400d")
    return timedelta(days=int(found[1]))


class Command(BaseCommand):
    help = "Remove security events that are older than --older-than; they cannot be restored."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--older-than", type=days, default=days("400d"), metavar="DAYS")

    def handle(self, *args: Any, older_than: timedelta, **options: Any) -> None:
        removed = services.purge(before=timezone.now() - older_than)
        self.stdout.write(f"{removed} security events are gone.")
