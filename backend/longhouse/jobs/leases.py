"""Who may work on a job: claiming, holding, giving back, and taking from the dead."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from longhouse.jobs import sql
from longhouse.jobs.exceptions import LeaseLost
from longhouse.jobs.models import Job, State
from longhouse.jobs.options import options

#: One of so many claims takes jobs of any priority, so that low ones get on while high ones come.
FAIR_CLAIM = 8


@dataclass(frozen=True, slots=True)
class Held:
    """What proves that a worker holds a job: the token grows by one with each claim."""

    job_id: UUID
    token: int

    @classmethod
    def of(cls, job: Job) -> "Held":
        return cls(job.id, job.lease_token)


def claim(queue: str, *, limit: int, worker: str) -> list[Job]:
    """Take at most `limit` available jobs of a queue, by priority, then age; count the attempt."""
    database = sql.connection()
    chosen = ""
    parameters: list[Any] = [queue]
    if random.randrange(FAIR_CLAIM) == 0:  # noqa: S311
        ready = "SELECT %s(priority) FROM jobs_job WHERE state = 'available' AND queue = %s"
        chosen = (
            f"AND priority = COALESCE(({ready % ('max', '%s')} AND priority <= %s), "
            f"({ready % ('min', '%s')}))"
        )
        parameters += [queue, random.randint(-100, 100), queue]  # noqa: S311
    picked = (
        "SELECT id FROM jobs_job WHERE state = 'available' AND queue = %s "
        f"{chosen} ORDER BY priority DESC, run_at LIMIT %s {sql.skip_locked()}"
    )
    if not sql.on_postgresql():
        # Looking costs nothing; taking needs the one write lock, for which others may wait.
        with database.cursor() as cursor:
            cursor.execute(picked, [*parameters, 1])
            if cursor.fetchone() is None:
                return []
    started, started_value = sql.moment()
    until, until_value = sql.moment(timedelta(seconds=options().lease))
    statement = (
        f"WITH picked AS MATERIALIZED ({picked}) "
        "UPDATE jobs_job SET state = 'running', attempt = attempt + 1, "
        f"lease_token = lease_token + 1, lease_until = {until}, started_at = {started}, "
        "worker = %s, wake_requested = %s "
        "WHERE id IN (SELECT id FROM picked) RETURNING *"
    )
    values = [*parameters, limit, until_value, started_value, worker, False]
    jobs = list(Job.objects.using(sql.alias()).raw(statement, values))
    return sorted(jobs, key=lambda job: (-job.priority, job.run_at, job.id))


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
        "SELECT * FROM jobs_job WHERE state = 'running' "
        f"AND (lease_until < {past} OR lease_until > {future}) LIMIT %s {sql.skip_locked()}"
    )
    return list(Job.objects.using(sql.alias()).raw(statement, [past_value, future_value, limit]))
