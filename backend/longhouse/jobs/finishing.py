"""Writing how an attempt ended. Only who holds the job can: every write names its token."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import F

from longhouse.jobs import registry, sql
from longhouse.jobs.leases import Held, mine
from longhouse.jobs.models import FINAL, Attempt, Job, Outcome, State
from longhouse.jobs.options import Retry
from longhouse.jobs.signals import job_finished

logger = logging.getLogger("longhouse.jobs")
MAX_ERROR = 20_000  # characters kept of a traceback


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended; small and plain, for it travels between processes."""

    held: Held
    state: State
    #: JSON text
    result: str = "null"
    outcome: Outcome | None = None
    exception: str = ""
    error: str = ""
    delay: timedelta = timedelta()
    #: the attempt does not count
    refund: bool = False


def failed(job: Job, *, outcome: Outcome, error: str, exception: str = "") -> Ending:
    """The end of an attempt that failed: another one later, or the dead letter."""
    try:
        retry = registry.find(job.task).retry
    except (ImportError, TypeError):
        retry = Retry()
    again = job.attempt < job.max_attempts
    return Ending(
        Held.of(job),
        State.RETRYABLE if again else State.DISCARDED,
        outcome=outcome,
        exception=exception,
        error=_shortened(error),
        delay=retry.delay(job.attempt) if again else timedelta(),
    )


def finish(endings: Sequence[Ending]) -> set[Held]:
    """Write endings in one transaction; returns those that were still this worker's to write.

    An ending that the database refuses does not keep the others from being written: its job goes
    to the dead letter, with the reason.
    """
    try:
        with sql.atomic():
            return _write(endings)
    except (OperationalError, InterfaceError):
        raise  # the database is away or busy: to be written again
    except DatabaseError:
        if len(endings) == 1 and endings[0].state != State.SUCCEEDED:
            raise
        logger.exception("Endings were refused, and are written one by one")
    written: set[Held] = set()
    for ending in endings:
        try:
            with sql.atomic():
                written |= _write([ending])
        except (OperationalError, InterfaceError):
            raise
        except DatabaseError as error:
            refused = Ending(
                ending.held,
                State.DISCARDED,
                outcome=Outcome.FAILED,
                error=f"Its end could not be stored: {_shortened(str(error))}",
            )
            with sql.atomic():
                written |= _write([refused])
    return written


def _write(endings: Sequence[Ending]) -> set[Held]:
    succeeded: list[Ending] = []
    others: list[Ending] = []
    for ending in endings:
        (succeeded if ending.state == State.SUCCEEDED else others).append(ending)
    written = _write_results(succeeded)
    for ending in others:
        if _write_other(ending):
            written.add(ending.held)
    for ending in endings:
        # That a job is lost several may find at once.
        if ending.held not in written and ending.outcome != Outcome.LOST:
            logger.warning(
                "Job %s was taken over by another worker: its end here is not kept",
                ending.held.job_id,
            )
    if job_finished.receivers:
        final = [end.held.job_id for end in endings if end.held in written and end.state in FINAL]
        for job in Job.objects.filter(pk__in=final):
            job_finished.send(Job, job=job)
    return written


def _write_results(endings: list[Ending]) -> set[Held]:
    """All of them by one statement."""
    if not endings:
        return set()
    moment, value = sql.moment()
    rows = json.dumps(
        [
            {"id": str(sql.key(end.held.job_id)), "token": end.held.token, "result": end.result}
            for end in endings
        ]
    )
    if sql.on_postgresql():
        given = "json_to_recordset(%s::json) AS given(id uuid, token bigint, result text)"
        result = "given.result::jsonb"
    else:
        given = (
            "(SELECT json_extract(value, '$.id') AS id, json_extract(value, '$.token') AS token, "
            "json_extract(value, '$.result') AS result FROM json_each(%s)) AS given"
        )
        result = "given.result"
    statement = (
        f"UPDATE jobs_job SET state = 'succeeded', result = {result}, finished_at = {moment}, "
        f"lease_until = NULL, error = '' FROM {given} WHERE jobs_job.id = given.id "
        "AND jobs_job.lease_token = given.token AND jobs_job.state = 'running' "
        "RETURNING jobs_job.id"
    )
    with sql.connection().cursor() as cursor:
        cursor.execute(statement, [value, rows])
        found = {str(pk).replace("-", "") for (pk,) in cursor.fetchall()}
    return {end.held for end in endings if end.held.job_id.hex in found}


def _write_other(ending: Ending) -> bool:
    # Locked: who asks it to wake or to end meanwhile then finds the state that is written here.
    job = mine(ending.held).select_for_update().first()
    if job is None:
        return False
    moment = sql.now()
    state = ending.state
    fields: dict[str, Any] = {"lease_until": None, "error": ending.error}
    if job.cancel_requested and state in (State.RETRYABLE, State.SCHEDULED, State.WAITING):
        state = State.CANCELLED
    delay = ending.delay
    if state in (State.WAITING, State.SCHEDULED) and job.wake_requested:
        state, delay = State.SCHEDULED, timedelta()  # it was woken before it slept
    if ending.refund:
        fields["attempt"] = F("attempt") - 1
    if ending.outcome == Outcome.LOST:
        fields["lost"] = F("lost") + 1
    if state in FINAL:
        fields["finished_at"] = moment
    else:
        fields["run_at"] = moment + delay
    if not mine(ending.held).update(state=state, **fields):
        return False
    if ending.outcome:
        Attempt.objects.create(
            job=job,
            number=job.attempt,
            outcome=ending.outcome,
            worker=job.worker,
            started_at=job.started_at,
            ended_at=moment,
            exception=ending.exception,
            error=ending.error,
        )
    return True


def _shortened(text: str) -> str:
    """The end of a traceback says what went wrong. No NUL: PostgreSQL cannot store it."""
    return text[-MAX_ERROR:].replace("\0", "\ufffd")
