"""Writing new jobs by a statement that is made once: Model.save compiles its own each time."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import transaction

from longhouse.jobs import handoff, sql
from longhouse.jobs.models import Job
from longhouse.jobs.wakeups import CHANNEL, notified_by_database, notify


def insert(job: Job) -> None:
    """Write a new job, and wake the workers when the transaction around is committed.

    Without one around, it is on its own: one statement, which also notifies, so one commit. A
    process on standby has the job then, be it that `job.state` is as before. Raises IntegrityError.
    """
    statement, parameters = _statement(), _parameters(job)
    if may_be_handed_off := handoff.possible(job):
        statement, parameters = handoff.inserting(), handoff.parameters(job, parameters)
    elif notified_by_database():
        statement += " RETURNING pg_notify(%s, %s)"
        parameters += [CHANNEL, job.queue]
    whole = transaction.mark_for_rollback_on_error(using=sql.alias())
    with whole, sql.connection().cursor() as cursor:
        cursor.execute(statement, parameters)
        if may_be_handed_off:
            handoff.finish(cursor)
    if not notified_by_database():
        notify(job.queue)
    _saved(job)


def insert_many(jobs: Sequence[Job]) -> None:
    """Write new jobs of one queue in one transaction, and wake the workers when it is committed."""
    if not jobs:
        return
    rows = [_parameters(job) for job in jobs]
    with sql.atomic():
        with sql.connection().cursor() as cursor:
            cursor.executemany(_statement(), rows)
        notify(jobs[0].queue)
    for job in jobs:
        _saved(job)


@cache
def _statement() -> str:
    fields = Job._meta.concrete_fields
    columns = ", ".join(str(field.column) for field in fields)
    values = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {Job._meta.db_table} ({columns}) VALUES ({values})"


@cache
def _fields(vendor: str) -> list[tuple[Any, Any, Any]]:
    """Each field with its default, and with that as it is sent: most of a new job is defaults."""
    connection = sql.connection()
    found = []
    for field in Job._meta.concrete_fields:
        fixed = not (field.has_default() and callable(field.default))
        default = field.get_default() if fixed else object()
        sent = field.get_db_prep_save(default, connection) if fixed else None
        found.append((field, default, sent))
    return found


def _parameters(job: Job) -> list[Any]:
    connection = sql.connection()
    values = job.__dict__
    return [
        sent
        if (value := values[field.attname]) is default
        else field.get_db_prep_save(value, connection)
        for field, default, sent in _fields(connection.vendor)
    ]


def _saved(job: Job) -> None:
    job._state.adding = False
    job._state.db = sql.alias()
