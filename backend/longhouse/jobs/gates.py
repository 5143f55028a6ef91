"""When a delayed job becomes available: its time has come, and its gate lets it in."""

from datetime import datetime

from longhouse.jobs import registry, sql
from longhouse.jobs.models import Gate, Job
from longhouse.jobs.options import Rate

BATCH = 500
_WAITING = "state IN ('scheduled', 'retryable') AND jobs_job.gate > ''"


def promote() -> int:
    """Make jobs available whose time has come, and let in what waits at gates; how many."""
    return _promote_due() + sum(_admit(gate) for gate in _waiting_gates())


def _promote_due() -> int:
    moment, value = sql.moment()
    due = (
        "SELECT id FROM jobs_job WHERE state IN ('scheduled', 'retryable') AND gate = '' "
        f"AND run_at <= {moment} ORDER BY run_at LIMIT %s"
    )
    with sql.connection().cursor() as cursor:
        # Looking first: an UPDATE takes SQLite's write lock, and most of the time nothing is due.
        cursor.execute(due, [value, 1])
        if cursor.fetchone() is None:
            return 0
        cursor.execute(
            f"WITH due AS MATERIALIZED ({due} {sql.skip_locked()}) "
            "UPDATE jobs_job SET state = 'available' WHERE id IN (SELECT id FROM due)",
            [value, BATCH],
        )
        return int(cursor.rowcount)


def _waiting_gates() -> list[str]:
    """Gates before which jobs wait: one step into the index for each, however many wait there."""
    after = f"SELECT min(gate) FROM jobs_job WHERE {_WAITING}"
    with sql.connection().cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE gates(gate) AS ({after} UNION ALL "
            f"SELECT ({after} AND jobs_job.gate > gates.gate) FROM gates "
            "WHERE gates.gate IS NOT NULL) SELECT gate FROM gates WHERE gate IS NOT NULL"
        )
        return [gate for (gate,) in cursor.fetchall()]


def _admit(name: str) -> int:
    """Let in as many jobs as concurrency and rate allow."""
    moment, value = sql.moment()
    waiting = f"FROM jobs_job WHERE {_WAITING} AND gate = %s AND run_at <= {moment}"
    order = "ORDER BY priority DESC, run_at"
    first = Job.objects.raw(f"SELECT * {waiting} {order} LIMIT 1", [name, value])
    if not first or not _room(first[0], Gate(name=name)):
        return 0
    Gate.objects.get_or_create(name=name)
    with sql.atomic():
        # One process at a time: what is inside is counted under this lock alone.
        gate = Gate.objects.select_for_update().get(name=name)
        with sql.connection().cursor() as cursor:
            cursor.execute(
                f"UPDATE jobs_job SET state = 'available' WHERE id IN (SELECT id {waiting} "
                f"{order} LIMIT %s)",
                [name, value, _room(first[0], gate)],
            )
            count = int(cursor.rowcount)
        gate.tokens -= count
        gate.save(update_fields=["tokens", "counted_at"])
    return count


def _room(job: Job, gate: Gate) -> int:
    """How many may come in, by the limits of the job's task; sets the gate's tokens."""
    try:
        task = registry.find(job.task)
    except (ImportError, TypeError):
        return BATCH  # whoever runs it says what is wrong
    room = BATCH
    if task.concurrency is not None:
        with sql.connection().cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM jobs_job WHERE state IN ('available', 'running') "
                "AND gate > '' AND gate = %s",
                [gate.name],
            )
            room = task.concurrency - int(cursor.fetchone()[0])
    if task.rate is not None:
        room = min(room, int(_refill(gate, Rate.parse(task.rate), sql.now())))
    return max(0, room)


def _refill(gate: Gate, rate: Rate, moment: datetime) -> float:
    """Tokens now: full at first, `count` more in each period, never more than `count`."""
    if gate.counted_at is None:
        gate.tokens = rate.count
    else:
        # A clock that was put back refills nothing, and takes nothing.
        elapsed = max(0.0, (moment - gate.counted_at).total_seconds())
        gate.tokens = min(rate.count, gate.tokens + elapsed * rate.count / rate.seconds)
    gate.counted_at = moment
    return gate.tokens
