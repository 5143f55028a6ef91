"""One turn of one system: its workers start, do everything once, and every job is counted."""

import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.harness import usage
from benchmarks.harness.processes import Conversation, Process, stop
from benchmarks.jobs.shared import trace_of_jobs
from benchmarks.jobs.systems import FOLDER, SHARED, System

FEW = 10  # jobs that warm up
POLL = 0.002  # seconds between two looks at what was done
PATIENCE = 180  # seconds for any number of jobs
#: of a backlog, what is done before both processes run at their pace
BEFORE = 0.25
PAUSES = (0.02, 0.06)  # seconds from the end of a job to the next, where workers are to be idle


def turn(name: str, system: System, url: str, *, jobs: int, starts: int) -> dict[str, float]:
    """Figures by name: microseconds for a job, milliseconds to its start.

    `jobs` are enqueued in each way, `starts` one at a time while the workers are idle. Raises
    SystemExit with the system's name when a job did not run exactly once, or not to its end.
    """
    trace = FOLDER / "traces" / name
    trace.parent.mkdir(parents=True, exist_ok=True)
    trace.write_bytes(b"")
    environment = {"DATABASE_URL": url, "BENCH_TRACE": str(trace)}
    logs = FOLDER / "logs"
    start = system.start(str(SHARED / "producer.py"), **environment)
    running: list[Process] = [producer := Conversation(name, start, logs / f"{name}-producer.log")]
    now = Turn(name, trace, producer)
    try:
        figures = now.enqueue(jobs)
        for number, module in enumerate(system.modules):
            start = system.start("-m", *module, **environment)
            now.workers.append(Process(name, start, logs / f"{name}-{number}.log"))
            running.append(now.workers[-1])
        figures |= now.backlog()
        figures |= now.starts(starts)
        figures |= now.together(jobs)
    finally:
        stop(running)
    now.check()
    return figures


class Turn:
    def __init__(self, name: str, trace: Path, producer: Conversation) -> None:
        self.name = name
        self.trace = trace
        self.producer = producer
        self.workers: list[Process] = []
        self.enqueued = 0
        self.has_many = True

    def ask(self, order: str, count: int) -> dict[str, Any] | None:
        """Enqueue; when that began, and the seconds that it took. None: it cannot."""
        answer: dict[str, Any] | None = self.producer.ask(order, self.enqueued, count)
        self.enqueued += count if answer else 0
        return answer

    def enqueue(self, jobs: int) -> dict[str, float]:
        """With no worker there to take anything away."""
        figures = {}
        for order in ("enqueue", "enqueue_many"):
            if self.ask(order, FEW) and (answer := self.ask(order, jobs)):
                figures[order] = answer["seconds"] / jobs * 1e6
        return figures

    def backlog(self) -> dict[str, float]:
        """What was enqueued before, at the pace at which it is done once workers run."""
        end = self.finished()
        times = sorted(moment for _, moment in trace_of_jobs.read(self.trace))
        first = int(len(times) * BEFORE)
        return {"backlog": (end - times[first]) / (len(times) - first - 1) * 1e6}

    def starts(self, count: int) -> dict[str, float]:
        """Each job is enqueued when there is nothing else to do."""
        waits = []
        for _ in range(count):
            time.sleep(random.uniform(*PAUSES))
            answer = self.ask("enqueue", 1)
            assert answer
            self.arrived()
            ((_, moment),) = trace_of_jobs.read(self.trace, skip=self.enqueued - 1)
            waits.append((moment - answer["began"]) * 1e3)
        self.finished()
        waits.sort()
        return {"start p50": waits[count // 2], "start p99": waits[int((count - 1) * 0.99 + 0.5)]}

    def together(self, jobs: int) -> dict[str, float]:
        """Enqueued while workers run: from before the first is enqueued until all have ended."""
        figures = {}
        for order, name in (("enqueue", "through"), ("enqueue_many", "through many")):
            pids = [pid for worker in self.workers for pid in worker.pids()]
            before = usage.cpu_seconds(pids)
            if answer := self.ask(order, jobs):
                figures[name] = (self.finished() - answer["began"]) / jobs * 1e6
                if order == "enqueue":
                    figures["cpu"] = (usage.cpu_seconds(pids) - before) / jobs * 1e6
        return figures

    def arrived(self) -> None:
        """Wait until as many jobs have begun as were enqueued."""
        deadline = time.monotonic() + PATIENCE
        while self.trace.stat().st_size < self.enqueued * trace_of_jobs.RECORD.size:
            self._go_on(deadline, "some jobs did not begin")

    def finished(self) -> float:
        """Wait for all jobs; when the last had ended, by the system's own record if it has one."""
        self.arrived()
        deadline = time.monotonic() + PATIENCE
        while left := self.producer.ask("unfinished"):
            self._go_on(deadline, f"{left} jobs have not succeeded")
        if left is None:
            return max(moment for _, moment in trace_of_jobs.read(self.trace))
        return time.monotonic()

    def _go_on(self, deadline: float, trouble: str) -> None:
        time.sleep(POLL)
        for worker in self.workers:
            if worker.ended():
                raise SystemExit(f"{self.name}: a worker ended:\n{worker.log_tail()}")
        if time.monotonic() > deadline:
            logs = "\n".join(worker.log_tail() for worker in self.workers)
            raise SystemExit(f"{self.name}: {trouble}.\n{logs}\n{self.producer.log_tail()}")

    def check(self) -> None:
        """Raises SystemExit unless every job ran exactly once."""
        runs = Counter(number for number, _ in trace_of_jobs.read(self.trace))
        wrong = {number: runs[number] for number in range(self.enqueued) if runs[number] != 1}
        if wrong or len(runs) != self.enqueued:
            raise SystemExit(f"{self.name}: jobs did not run exactly once: {wrong}")
