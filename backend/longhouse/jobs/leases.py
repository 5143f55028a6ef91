"""Who may work on a job: claiming, holding, giving back, and taking from the dead.

On PostgreSQL a claim need not be on the disk when the job starts; that is a wait for the disk less.
The log is written in order, so that the next commit which does wait, as that of every end, brings
the claim along. When the server crashes before, there was no claim: the job is available again.

- Who works on it cannot write its end, for its token is nowhere; and no later claim gets the same
  token, since tokens grow by chance.
- The attempt does not count, once: jobs older than the server's process for this connection, which
  no crash outlives, are claimed durably. So what crashes the server ends in the dead letter too.
- A job with one attempt is never started twice: its claim is durable.

Leases are renewed in the same way. Never so: the record of an end; and `enqueue` returns when the
job is on the disk.
"""

import random
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from longhouse.jobs import sql
from longhouse.jobs.exceptions import LeaseLost
from longhouse.jobs.models import Job, State
from longhouse.jobs.options import options

#: The most by which a token grows: no two claims hit on the same, and its column is never full.
STEP = 2**32
#: One of so many claims takes jobs of any priority, so that low ones get on while high ones come.
FAIR_CLAIM = 8


@dataclass(frozen=True, slots=True)
class Held:
    """What proves that a worker holds a job: the token grows with each claim."""

    job_id: UUID
    token: int

    @classmethod
    def of(cls, job: Job) -> "Held":
        return cls(job.id, job.lease_token)


def token_step() -> int:
    """By how much a token grows at a claim."""
    return 1 + secrets.randbelow(STEP)


def claim(queue: str, *, limit: int, worker: str) -> list[Job]:
    """Take at most `limit` available jobs of a queue, by priority, then age; count the attempt."""
    fair = random.randrange(FAIR_CLAIM) == 0  # noqa: S311
    picked, statement = _claiming(sql.connection().vendor, fair=fair, early=sql.may_commit_early())
    parameters: list[Any] = [queue]
    if fair:
        parameters += [queue, random.randint(-100, 100), queue]  # noqa: S311
    if not sql.on_postgresql():
        # Looking costs nothing; taking needs the one write lock, for which others may wait.
        with sql.connection().cursor() as cursor:
            cursor.execute(picked, [*parameters, 1])
            if cursor.fetchone() is None:
                return []
    _, started = sql.moment()
    _, until = sql.moment(timedelta(seconds=options().lease))
    step = token_step()
    jobs = sql.jobs(statement, [*parameters, limit, step, until, started, worker, False])
    return sorted(jobs, key=lambda job: (-job.priority, job.run_at, job.id))


@cache
def _claiming(_vendor: str, *, fair: bool, early: bool) -> tuple[str, str]:
    """The statement that finds jobs, and the one that takes them."""
    chosen = ""
    if fair:
        ready = "SELECT %s(priority) FROM jobs_job WHERE state = 'available' AND queue = %s"
        chosen = (
            f"AND priority = COALESCE(({ready % ('max', '%s')} AND priority <= %s), "
            f"({ready % ('min', '%s')}))"
        )
    picked = (
        "SELECT id, created_at, max_attempts FROM jobs_job "
        f"WHERE state = 'available' AND queue = %s {chosen} "
        f"ORDER BY priority DESC, run_at LIMIT %s {sql.skip_locked()}"
    )
    moment, _ = sql.moment()
    statement = (
        f"WITH picked AS MATERIALIZED ({picked}) "
        "UPDATE jobs_job SET state = 'running', attempt = attempt + 1, "
        f"lease_token = lease_token + %s, lease_until = {moment}, started_at = {moment}, "
        "worker = %s, wake_requested = %s "
        f"WHERE id IN (SELECT id FROM picked) RETURNING {sql.columns()}"
    )
    if early:
        statement += (
            f", (SELECT {sql.COMMIT_EARLY} FROM picked HAVING bool_and(max_attempts > 1 AND "
            "created_at > (SELECT backend_start FROM pg_stat_get_activity(pg_backend_pid()))))"
        )
    return picked, statement


@dataclass(frozen=True, slots=True)
class Renewed:
    """The jobs that are still held, and what was asked of them meanwhile."""

    held: frozenset[Held]
    cancelled: frozenset[Held]
    to_kill: frozenset[Held]


def renew(held: Sequence[Held]) -> Renewed:
    """A sign of life for jobs that this worker holds.

    A row that a task keeps locked (`JobContext.hold`) counts as held: nobody can take it either.
    """
    if not held:
        return Renewed(frozenset(), frozenset(), frozenset())
    until, until_value = sql.moment(timedelta(seconds=options().lease))
    mine = " OR ".join(["(id = %s AND lease_token = %s)"] * len(held))
    pairs = [value for one in held for value in (sql.key(one.job_id), one.token)]
    statement = (
        f"UPDATE jobs_job SET lease_until = {until} WHERE id IN "
        f"(SELECT id FROM jobs_job WHERE state = 'running' AND ({mine}) {sql.skip_locked()})"
    )
    if sql.may_commit_early():
        statement += f" RETURNING {sql.COMMIT_EARLY}"
    with sql.connection().cursor() as cursor:
        cursor.execute(statement, [until_value, *pairs])
    rows = Job.objects.filter(pk__in=[one.job_id for one in held], state=State.RUNNING)
    found = {
        Held(pk, token): (cancel, kill)
        for pk, token, cancel, kill in rows.values_list(
            "pk", "lease_token", "cancel_requested", "kill_requested"
        )
    }
    still = frozenset(held) & found.keys()
    return Renewed(
        held=still,
        cancelled=frozenset(one for one in still if found[one][0]),
        to_kill=frozenset(one for one in still if found[one][1]),
    )


def release(held: Iterable[Held]) -> None:
    """Give back jobs that were claimed and never begun: the attempt does not count."""
    for one in held:
        mine(one).update(
            state=State.AVAILABLE, attempt=F("attempt") - 1, lease_until=None, worker=""
        )


def mine(held: Held) -> "QuerySet[Job]":
    """The job, if it is still held by this token."""
    return Job.objects.filter(pk=held.job_id, lease_token=held.token, state=State.RUNNING)


def hold(job: Job) -> None:
    """Lock the job's row until the transaction around ends. Raises LeaseLost."""
    if not mine(Held.of(job)).select_for_update().values_list("pk", flat=True):
        raise LeaseLost(f"Job {job.id} is another worker's by now.")


def save_progress(job: Job, *, percent: float, message: str) -> None:
    """Raises ValueError for a percentage outside 0 to 100, and LeaseLost."""
    if not 0 <= percent <= 100:
        raise ValueError("percent is between 0 and 100.")
    progress = {"percent": percent, "message": message[:500]}
    if not mine(Held.of(job)).update(progress=progress):
        raise LeaseLost(f"Job {job.id} is another worker's by now.")


def expired(limit: int = 100) -> list[Job]:
    """Running jobs of workers that gave no sign of life for a whole lease.

    A lease that ends later than any worker could have set it was set before the clock was put back.
    """
    lease = timedelta(seconds=options().lease)
    past, past_value = sql.moment()
    future, future_value = sql.moment(3 * lease)
    statement = (
        f"SELECT {sql.columns()} FROM jobs_job WHERE state = 'running' "
        f"AND (lease_until < {past} OR lease_until > {future}) LIMIT %s {sql.skip_locked()}"
    )
    return sql.jobs(statement, [past_value, future_value, limit])
