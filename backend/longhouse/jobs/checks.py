"""What the queue needs of the project, told by `manage.py check`."""

import sqlite3
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from longhouse.jobs import sql


@register(Tags.database)
def database_can_claim(databases: Any = None, **_: Any) -> list[CheckMessage]:
    vendor = connections[sql.alias()].vendor
    if vendor not in ("sqlite", "postgresql"):
        return [
            Error(
                f"longhouse.jobs cannot keep its queue in {vendor}.",
                hint="Use SQLite or PostgreSQL, or route the app `jobs` to one.",
                id="jobs.E003",
            )
        ]
    if vendor == "sqlite" and sqlite3.sqlite_version_info < (3, 35):
        return [
            Error(
                f"SQLite {sqlite3.sqlite_version} cannot claim jobs: it has no RETURNING.",
                hint="Use SQLite 3.35 (2021) or later.",
                id="jobs.E004",
            )
        ]
    return []
