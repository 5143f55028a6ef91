"""The load generator, one Node process for the whole run, and what it is told and answers."""

import base64
import contextlib
import json
import queue
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from project import node

from benchmarks.harness.environments import node_project
from benchmarks.harness.processes import clean_environment

CONNECTIONS = 32
MARGIN = 60  # seconds that a job may take longer than it was given


@dataclass(frozen=True)
class Shot:
    """A request as it is sent, and what must come back: the very bytes, or fields of the JSON."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str | None
    status: int
    exact: bytes | None
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Load:
    """What came back. Every answer was the expected one."""

    answered: int
    seconds: float
    p50: float  # milliseconds
    p99: float


class LoadGenerator:
    """Made by `load_generator`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")  # it ended

    def send(self, origin: str, shots: Sequence[Shot], *, amount: int, seconds: float) -> Load:
        """Load one server until `amount` answers came or `seconds` passed.

        Raises WrongAnswer when one request failed or one answer was not the expected one.
        """
        job = {
            "url": origin,
            "connections": CONNECTIONS,
            "requests": [_as_json(shot) for shot in shots],
            "amount": amount,
            "seconds": seconds,
        }
        assert self._process.stdin
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        try:
            line = self._lines.get(timeout=seconds + MARGIN)
        except queue.Empty:
            raise WrongAnswer("the load generator did not come back") from None
        if not line:
            raise WrongAnswer("the load generator ended")
        answer = json.loads(line)
        if answer["wrong"] or answer["errors"] or not answer["answered"]:
            raise WrongAnswer(
                f"{answer['wrong']} wrong answers and {answer['errors']} errors beside "
                f"{answer['answered']} answers under load; the first: {answer['sample']}"
            )
        return Load(answer["answered"], answer["seconds"], answer["p50"], answer["p99"])


class WrongAnswer(Exception):
    """A peer failed under load: its figures would mean nothing."""


@contextlib.contextmanager
def load_generator() -> Iterator[LoadGenerator]:
    folder = node_project(Path(__file__).parent / "load")
    process = subprocess.Popen(
        [node(), "load.mjs"],
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for us: we stop it
    )
    try:
        yield LoadGenerator(process)
    finally:
        process.kill()
        process.wait()


def _as_json(shot: Shot) -> dict[str, Any]:
    exact = None if shot.exact is None else base64.b64encode(shot.exact).decode()
    return {
        "method": shot.method,
        "path": shot.path,
        "headers": dict(shot.headers),
        "body": shot.body,
        "status": shot.status,
        "exact": exact,
        "fields": dict(shot.fields),
    }
