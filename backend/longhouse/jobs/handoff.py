"""Direct handoff on PostgreSQL: a job goes to a process that waits, at its insertion.

A process with nothing to do is on standby, which is a row. The statement that inserts a job takes
such a row; the job is claimed at its birth, and the notification of the commit carries it to the
process. That spares the claim, and the way through the supervisor. Nothing depends on it:

- The process tells its supervisor before it begins. What it did not tell, be it that it died or
  that the notification was lost, the supervisor finds in the row, and hands over once more.
- The process need not wait for the disk; who enqueues does. When the server crashes in between,
  nothing tells of the job, and no end of it can be written (see `leases`).
- Who does not hear a call (a pooler may be in between) is not put on standby.
- Where a whole worker dies, leases end as always, and its rows are good for `LASTS` seconds.
- Only a job that is enqueued outside a transaction is handed off: its lease begins at the commit.
  None with one attempt: it would be gone if nobody began it. None that a notification cannot carry.
"""

import json
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db.models import DateTimeField, UUIDField

from longhouse.jobs import sql
from longhouse.jobs.leases import token_step
from longhouse.jobs.models import Job, Standby, State
from longhouse.jobs.options import options
from longhouse.jobs.wakeups import CHANNEL, notified_by_database

#: seconds in which no job of its pool began or ended: where many come, batches are cheaper
IDLE: Final = 0.01
#: seconds that a worker's word is good for
LASTS: Final = 3.0
#: characters of JSON, all else is short: a notification has fewer than 8000 bytes
ROOM: Final = 5000
#: asks who listens whether it hears: behind a pooler nobody may
CALL: Final = ""
#: what a job is born with, in SQL: without a process on standby, and with one
BORN: Final = {
    "state": ("'available'", "'running'"),
    "attempt": ("0", "1"),
    "lease_token": ("0", "given.token"),
    "lease_until": ("NULL", "clock_timestamp() + given.lease"),
    "started_at": ("NULL", "clock_timestamp()"),
    "worker": ("''", "standby.worker"),
}


def new_channel() -> str:
    return f"{CHANNEL}_{secrets.token_hex(8)}"


# Whoever enqueues -------------------------------------------------------------------------------


class Lookout:
    """When this process looks for somebody on standby again: in a burst not at every job."""

    due = 0.0


def possible(job: Job) -> bool:
    """Whether this job may be given away in the statement that inserts it."""
    return (
        time.monotonic() >= Lookout.due
        and job.state == State.AVAILABLE
        and job.max_attempts > 1
        and notified_by_database()
        and not sql.connection().in_atomic_block
        and len(json.dumps([job.args, job.kwargs, job.carried])) < ROOM
    )


@cache
def inserting() -> str:
    """SQL that inserts a job; it wants what `parameters` gives, and `finish`."""
    columns = [str(field.column) for field in Job._meta.concrete_fields]
    values = [
        "CASE WHEN standby.channel IS NULL THEN {} ELSE {} END".format(*BORN[column])
        if column in BORN
        else "%s"
        for column in columns
    ]
    job = f"INSERT INTO jobs_job ({', '.join(columns)}) SELECT {', '.join(values)}"
    return f"{_TAKEN}, job AS ({job} FROM given LEFT JOIN standby ON true RETURNING *) {_TOLD}"


_TAKEN: Final = """
WITH given AS MATERIALIZED (
    SELECT %s::bigint AS token, make_interval(secs => %s) AS lease,
        %s::uuid AS id, %s::text AS queue
), standby AS (
    UPDATE jobs_standby SET job_id = given.id FROM given WHERE channel = (
        SELECT channel FROM jobs_standby WHERE job_id IS NULL AND until > clock_timestamp()
        AND queues @> to_jsonb((SELECT queue FROM given)) LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING channel, worker
)"""
_TOLD: Final = f"""
SELECT standby.channel IS NOT NULL, CASE
    WHEN standby.channel IS NULL THEN pg_notify(%s, job.queue)
    ELSE pg_notify(standby.channel, row_to_json(job)::text)
END, CASE WHEN standby.channel IS NOT NULL THEN {sql.COMMIT_EARLY} END
FROM job LEFT JOIN standby ON true"""  # noqa: S608 - of constants


def parameters(job: Job, values: Sequence[Any]) -> list[Any]:
    """Those of `inserting`, of a job and the values of its columns."""
    kept = [value for value, needed in zip(values, _needed(), strict=True) if needed]
    return [token_step(), options().lease, job.id, job.queue, *kept, CHANNEL]


def finish(cursor: Any) -> None:
    """Wherever the job is, it is on the disk when this has been called."""
    handed_off, *_ = cursor.fetchone()
    if handed_off:
        # The log is written in order: with this all before it.
        cursor.execute("SELECT pg_logical_emit_message(true, 'longhouse_jobs', '')")
    else:
        Lookout.due = time.monotonic() + IDLE


@cache
def _needed() -> list[bool]:
    """Of each column, whether its value is a parameter."""
    return [field.column not in BORN for field in Job._meta.concrete_fields]


# The process that is on standby -----------------------------------------------------------------


def received(text: str) -> Job:
    """The job that a notification carries."""
    values = json.loads(text)
    read = [
        value if (value := values[column]) is None or reader is None else reader(value)
        for column, reader in _readers()
    ]
    return Job.from_db(sql.alias(), [field.attname for field in Job._meta.concrete_fields], read)


@cache
def _readers() -> list[tuple[str, Any]]:
    """Each column, and what makes its value of what JSON has."""
    kinds = {UUIDField: UUID, DateTimeField: datetime.fromisoformat}
    return [
        (str(field.column), kinds.get(type(getattr(field, "target_field", field))))
        for field in Job._meta.concrete_fields
    ]


# Its supervisor ---------------------------------------------------------------------------------


def call(listeners: Iterable[str]) -> None:
    """Who hears it tells its supervisor. From another connection than it listens on."""
    with sql.connection().cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(channel, %s) FROM unnest(%s::text[]) AS channel",
            [CALL, list(listeners)],
        )


def stand_by(listeners: Mapping[str, Sequence[str]], *, worker: str) -> None:
    """Processes with nothing to do, by their channel: the queues that they serve."""
    rows = ", ".join(["(%s, %s, %s::jsonb, clock_timestamp() + make_interval(secs => %s))"]
                     * len(listeners))  # fmt: skip
    values = [
        value
        for channel, queues in listeners.items()
        for value in (channel, worker, json.dumps(list(queues)), LASTS)
    ]
    _execute(
        f"INSERT INTO jobs_standby (channel, worker, queues, until) VALUES {rows} "  # noqa: S608
        "ON CONFLICT (channel) DO UPDATE SET until = EXCLUDED.until, job_id = NULL",
        values,
    )


def keep(worker: str) -> set[str]:
    """Give the word for all of a worker once more; those that wait still."""
    return _execute(
        "UPDATE jobs_standby SET until = clock_timestamp() + make_interval(secs => %s) "
        "WHERE worker = %s AND until IS NOT NULL AND job_id IS NULL",
        [LASTS, worker],
    )


def withdraw(listeners: Iterable[str]) -> set[str]:
    """Processes that have something to do now; those that were not given a job."""
    return _execute(
        "UPDATE jobs_standby SET until = NULL WHERE channel = ANY(%s) AND job_id IS NULL",
        [list(listeners)],
    )


def _execute(statement: str, values: Sequence[Any]) -> set[str]:
    with sql.connection().cursor() as cursor:
        cursor.execute(f"{statement} RETURNING channel, {sql.COMMIT_EARLY}", values)
        return {channel for channel, _ in cursor.fetchall()}


def given(listeners: Iterable[str], *, worker: str) -> dict[str, Job]:
    """What was given to processes and is theirs still, by channel."""
    rows = Standby.objects.filter(channel__in=list(listeners))
    by_job = {
        job_id: channel for channel, job_id in rows.values_list("channel", "job_id") if job_id
    }
    jobs = Job.objects.filter(pk__in=by_job, state=State.RUNNING, worker=worker)
    return {by_job[job.pk]: job for job in jobs}


def remove(listeners: Iterable[str]) -> None:
    """Processes that are gone."""
    Standby.objects.filter(channel__in=list(listeners)).delete()
