"""Programs under measurement: each in a process group of its own, always stopped."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness import usage

GRACE = 10  # seconds from SIGTERM to SIGKILL


@dataclass(frozen=True)
class Start:
    """How a program is started."""

    command: Sequence[str]
    cwd: Path
    environment: Mapping[str, str]  # all of it, besides PATH, HOME and the language


class Process:
    """A program that runs; what it says goes into its log."""

    def __init__(self, name: str, start: Start, log: Path, **streams: Any) -> None:
        self.name = name
        self._log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                start.command,
                cwd=start.cwd,
                env={**clean_environment(), **start.environment},
                start_new_session=True,
                **{"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output, **streams},
            )

    def pids(self) -> list[int]:
        return usage.tree(self._process.pid)

    def ended(self) -> bool:
        return self._process.poll() is not None

    def log_tail(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-30:])

    def tell(self, sign: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, sign)

    def close(self) -> None:
        """Give back what we hold of it, once it has ended."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def wait(self, seconds: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)


class Conversation(Process):
    """A program that answers every line of JSON on its standard input by one on its output."""

    def __init__(self, name: str, start: Start, log: Path) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        super().__init__(name, start, log, **pipes, text=True, bufsize=1)

    def ask(self, *words: Any) -> Any:
        """Raises SystemExit with the end of its log when it has ended."""
        self.say(*words)
        return self.answer()

    def say(self, *words: Any) -> None:
        assert self._process.stdin
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(words) + "\n")

    def answer(self) -> Any:
        assert self._process.stdout
        if not (line := self._process.stdout.readline()):
            raise SystemExit(f"{self.name} ended:\n{self.log_tail()}")
        return json.loads(line)


def stop(processes: Iterable[Process]) -> None:
    """Politely, and what is left after GRACE at once. A second Ctrl-C does not disturb it."""
    usual = {sign: signal.signal(sign, signal.SIG_IGN) for sign in (signal.SIGINT, signal.SIGTERM)}
    processes = list(processes)
    for process in processes:
        process.tell(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    for process in processes:
        process.wait(max(0, deadline - time.monotonic()))
        process.tell(signal.SIGKILL)  # also what it left behind in its group
        process.wait(GRACE)
        process.close()
    for sign, handler in usual.items():
        signal.signal(sign, handler)


def clean_environment() -> dict[str, str]:
    """What every program needs; nothing of the developer's own settings."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
