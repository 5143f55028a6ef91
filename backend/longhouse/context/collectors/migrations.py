"""Migrations, told from the files; no database is asked."""

from dataclasses import dataclass, field
from typing import Any

from django.db.migrations.loader import MigrationLoader

from longhouse.context.project import Project

QUESTION = "Which migrations are there, and what must be applied before each?"


@dataclass(frozen=True)
class Migration:
    """Names with the label of their app: `users.0001_initial`."""

    name: str
    dependencies: list[str] = field(default_factory=list)
    replaces: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Migrations:
    """The migrations of our own apps; what they depend on may be another's."""

    migrations: list[Migration]


def collect(project: Project) -> Migrations:
    labels = {config.label for config in project.apps}
    on_disk: dict[tuple[str, str], Any] = MigrationLoader(
        None, ignore_no_migrations=True
    ).disk_migrations
    return Migrations(
        [
            Migration(
                name=f"{label}.{name}",
                dependencies=sorted(f"{app}.{other}" for app, other in migration.dependencies),
                replaces=sorted(f"{app}.{other}" for app, other in migration.replaces),
            )
            for (label, name), migration in sorted(on_disk.items())
            if label in labels
        ]
    )


def count(document: Migrations) -> str:
    return f"{len(document.migrations)} migrations"
