"""What differs between SQLite and PostgreSQL, and which of their clocks is asked.

On PostgreSQL every lease is set and judged by the server's clock, so that hosts need not agree.
SQLite has no server: its clock is the host's.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from django.db import connections, router, transaction
from django.db.models.expressions import Col
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


#: SQL: the transaction's commit does not wait for the disk
COMMIT_EARLY: Final = "set_config('synchronous_commit', 'off', true)"


def may_commit_early() -> bool:
    """Whether a statement may say so: it would speak for all of the transaction around."""
    return on_postgresql() and not connection().in_atomic_block


@cache
def columns() -> str:
    """Those of a job, in the order in which `jobs` expects them."""
    return ", ".join(f"jobs_job.{field.column}" for field in Job._meta.concrete_fields)


def jobs(statement: str, parameters: Sequence[Any]) -> list[Job]:
    """The jobs that a statement returns: `columns()`, and whatever is behind them.

    QuerySet.raw would find out each time how to read them, which takes as long as all the rest.
    """
    database = connection()
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    names = [field.attname for field in Job._meta.concrete_fields]
    found = []
    for row in rows:
        values = list(row[: len(names)])
        for place, column, steps in _readers(database.vendor):
            for step in steps:
                values[place] = step(values[place], column, database)
        found.append(Job.from_db(database.alias, names, values))
    return found


@cache
def _readers(_vendor: str) -> list[tuple[int, Any, list[Any]]]:
    """What makes a value of what the database sends, for the columns that need it."""
    database = connection()
    found = []
    for place, field in enumerate(Job._meta.concrete_fields):
        column = Col(Job._meta.db_table, field)
        steps = database.ops.get_db_converters(column) + column.get_db_converters(database)
        if steps:
            found.append((place, column, steps))
    return found


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
