"""Write or check `context/`, the project's description of itself."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from longhouse.context import files, project
from longhouse.context.collectors.invariants import InvalidInvariants


class Command(BaseCommand):
    help = "Describe the project in context/, from its code; asks no database and no network."

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument("--write", action="store_true", help="Renew the files.")
        action.add_argument(
            "--check", action="store_true", help="Change nothing; fail when they are out of date."
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        here = project.load()
        try:
            made = files.make(here)
        except InvalidInvariants as error:
            raise CommandError(str(error)) from error
        if check:
            self.check_files(here, made)
            return
        for name in files.write(here, made):
            self.stdout.write(f"{'Wrote' if name in made else 'Removed'} context/{name}")
        self.stdout.write("context/ agrees with the code.")

    def check_files(self, here: project.Project, made: dict[str, str]) -> None:
        stale = files.differing(here, made)
        if not stale:
            self.stdout.write("context/ agrees with the code.")
            return
        for name in stale:
            self.stdout.write(f"{files.difference(here, name, made)}\n\n")
        names = "\n  ".join(f"context/{name}" for name in stale)
        raise CommandError(f"Out of date with the code (run make context):\n  {names}")
