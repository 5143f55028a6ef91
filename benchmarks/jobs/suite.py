"""Background jobs that do nothing, two processes for them, in several queues."""

import os
import tempfile
import time
from pathlib import Path

from benchmarks.harness.results import Measure, Result, median
from benchmarks.harness.rounds import Plan
from benchmarks.jobs.systems import PROCESSES, servers, systems
from benchmarks.jobs.turn import turn

TITLE = "Jobs: enqueue, run, and how soon they start"
JOBS = 1500  # in each way: long enough that how it begins and ends does not matter
STARTS = 50
MICROSECONDS = "µs per job (1,000 are 1,000 jobs a second)"
# name: (group, title, unit)
MEASURES = {
    "enqueue": ("Enqueue", "One by one", MICROSECONDS),
    "enqueue_many": ("Enqueue", "All at once, where that can be asked", MICROSECONDS),
    "backlog": ("Run", "What had been enqueued before", MICROSECONDS),
    "through": ("Run", "From enqueueing one by one to the end of all", MICROSECONDS),
    "through many": ("Run", "From enqueueing all at once to the end of all", MICROSECONDS),
    "start p50": ("Start", "From enqueue to the task's first line, idle: p50", "milliseconds"),
    "start p99": ("Start", "p99", "milliseconds"),
    "cpu": ("CPU", "Of the workers, enqueued one by one", "CPU µs per job"),
}
NOTES = """\
A job has ended when its system's record says so. Celery keeps none: there the last begin counts.
On the disk at commit: PostgreSQL, where nothing else is said, and Celery with confirmed messages.
SQLite (synchronous=NORMAL) and asynchronous commit may lose the last moments at a power cut.
Celery's defaults may too, and lose what a killed process had taken.\
""".splitlines()


def run(plan: Plan) -> Result:
    samples: dict[str, dict[str, list[float]]] = {name: {} for name in MEASURES}
    with servers() as (found, left_out):
        parts = systems(found)
        for number in range(plan.rounds):
            print(f"    Round {number + 1} of {plan.rounds}", flush=True)
            for name, system in parts.items():
                url = found.database(name, system)
                for measure, value in turn(name, system, url, jobs=JOBS, starts=STARTS).items():
                    samples[measure].setdefault(name, []).append(value)
    notes = [
        f"{JOBS} jobs in each way; {PROCESSES} processes for jobs, of one system at a time.",
        f"Each job ran exactly once, or the suite had ended. p99 is of {STARTS} starts.",
        f"An fsync of 8 kB takes {fsync_milliseconds():.2f} ms here (median).",
        *NOTES,
        *left_out,
    ]
    measures = [
        Measure(name, group, title, unit, samples[name])
        for name, (group, title, unit) in MEASURES.items()
    ]
    facts = {name: system.facts for name, system in parts.items()}
    return Result("jobs", TITLE, "longhouse-sqlite", facts, measures, notes)


def fsync_milliseconds(count: int = 50) -> float:
    """Where the databases of this suite lie: in the folder for temporary files."""
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        file = os.open(Path(folder, "file"), os.O_WRONLY | os.O_CREAT)
        for _ in range(count):
            os.write(file, b"x" * 8192)
            begin = time.monotonic()
            os.fsync(file)
            taken.append((time.monotonic() - begin) * 1e3)
        os.close(file)
    return median(taken)
