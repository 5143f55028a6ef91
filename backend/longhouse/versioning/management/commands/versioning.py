"""The chain of hashes: sealing, verifying, heads to be kept elsewhere."""

import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS

from longhouse.versioning.integrity import heads, prune, read_head, seal, verify


def _moment(text: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


class Command(BaseCommand):
    help = "Seal commits, verify that nothing was tampered with, print signed heads, prune."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("seal", help="seal what was committed since; for a schedule")
        actions.add_parser("heads", help="one signed line for main and for each branch")
        prunes = actions.add_parser("prune", help="remove versions that nobody needs any more")
        prunes.add_argument(
            "--before",
            required=True,
            type=_moment,
            metavar="DATE",
            help="what was over by then: 2026-01-31, or a time with a zone; UTC unless it says",
        )
        checks = actions.add_parser("verify", help="exit status 1 when something was tampered with")
        checks.add_argument(
            "--heads",
            type=Path,
            metavar="FILE",
            help="lines of `heads`, kept outside the database: the chain must still have them",
        )

    def handle(self, *, action: str, database: str, **options: Any) -> None:
        if action == "seal":
            self.stdout.write(f"{seal(using=database)} commits were sealed.")
        elif action == "prune":
            removed = prune(options["before"], using=database)
            self.stdout.write(f"{removed} versions were removed.")
        elif action == "heads":
            for head in heads(using=database).values():
                self.stdout.write(head.signed())
        else:
            self._verify(database, options["heads"])

    def _verify(self, using: str, file: Path | None) -> None:
        try:
            lines = file.read_text().splitlines() if file else []
            kept = [read_head(line) for line in lines if line.strip()]
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        report = verify(kept, using=using)
        for problem in report.problems:
            self.stdout.write(str(problem))
        self.stdout.write(
            f"{report.entries} entries, {report.versions} versions of rows"
            f" ({report.erased} with erased values), {report.unsealed} commits not sealed yet."
        )
        if not report.is_whole:
            raise CommandError(f"{len(report.problems)} problems.")
