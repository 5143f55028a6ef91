"""What differs between SQLite and PostgreSQL, and which of their clocks is asked.

On PostgreSQL every lease is set and judged by the server's clock, so that hosts need not agree.
SQLite has no server: its clock is the host's.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connections, router, transaction
from django.utils import timezone

from longhouse.jobs.models import Job


def alias() -> str:
    """The database that holds the queue."""
    return router.db_for_write(Job)


def connection() -> Any:
    return connections[alias()]


def on_postgresql() -> bool:
    return bool(connection().vendor == "postgresql")


def skip_locked() -> str:
    """SQLite has one writer at a time, and no rows to lock."""
    return "FOR UPDATE SKIP LOCKED" if on_postgresql() else ""


def atomic() -> Any:
    return transaction.atomic(using=alias())


def now() -> datetime:
    """The time of the database's clock."""
    if not on_postgresql():
        return timezone.now()
    with connection().cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (answer,) = cursor.fetchone()
    found: datetime = answer
    return found


def moment(after: timedelta = timedelta()) -> tuple[str, Any]:
    """SQL for the time `after` from now, with its one parameter."""
    if on_postgresql():
        return "(clock_timestamp() + make_interval(secs => %s))", after.total_seconds()
    # As Django adapts it: every time in the table is compared as text.
    value = connection().ops.adapt_datetimefield_value(timezone.now() + after)
    return "%s", value


def key(job_id: Any) -> Any:
    """A job's id as a parameter of raw SQL."""
    return job_id if on_postgresql() else job_id.hex
