"""Servers under measurement: each in a process group of its own, on a free port, always stopped."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness import usage

POLL = 0.005  # seconds between two looks whether it is ready
GRACE = 10  # seconds from SIGTERM to SIGKILL


@dataclass(frozen=True)
class Program:
    """How a server is started: `command` gets the port of 127.0.0.1 to listen on."""

    command: Callable[[int], Sequence[str]]
    cwd: Path
    environment: Mapping[str, str]  # all of it, besides PATH, HOME and the language
    ready: str  # path that answers 200 once the server is ready
    host: str = "127.0.0.1"
    patience: float = 60  # seconds until it must answer


class Server:
    """A program that runs. Made by `running`."""

    def __init__(self, name: str, program: Program, log: Path) -> None:
        self.name = name
        self.port = free_port()
        self.origin = f"http://{program.host}:{self.port}"
        self.ready_after = 0.0  # seconds from its start to its first answer
        self._program = program
        self._log = log
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._started = time.monotonic()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                program.command(self.port),
                cwd=program.cwd,
                env={**clean_environment(), **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def pids(self) -> list[int]:
        return usage.tree(self._process.pid)

    def wait_until_ready(self) -> None:
        """Raises SystemExit with the end of its log when it ends or does not answer 200 in time."""
        url = self.origin + self._program.ready
        deadline = self._started + self._program.patience
        while reason := _why_not(url):
            if self._process.poll() is not None:
                raise SystemExit(f"{self.name} ended:\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise SystemExit(f"{self.name}, {url}: {reason}\n{self.log_tail()}")
            time.sleep(POLL)
        self.ready_after = time.monotonic() - self._started

    def log_tail(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-30:])

    def tell(self, sign: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, sign)

    def wait(self, seconds: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)


@contextlib.contextmanager
def running(programs: Mapping[str, Program], logs: Path) -> Iterator[dict[str, Server]]:
    """All of them, ready; stopped at the end, however it comes."""
    servers: dict[str, Server] = {}
    try:
        for name, program in programs.items():
            servers[name] = Server(name, program, logs / f"{name}.log")
        for server in servers.values():
            server.wait_until_ready()
        yield servers
    finally:
        _stop(servers.values())


def _stop(servers: Iterable[Server]) -> None:
    """Politely, and what is left after GRACE at once. A second Ctrl-C does not disturb it."""
    usual = {sign: signal.signal(sign, signal.SIG_IGN) for sign in (signal.SIGINT, signal.SIGTERM)}
    for server in servers:
        server.tell(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    for server in servers:
        server.wait(max(0, deadline - time.monotonic()))
        server.tell(signal.SIGKILL)  # also what it left behind in its group
        server.wait(GRACE)
    for sign, handler in usual.items():
        signal.signal(sign, handler)


def _why_not(url: str) -> str:
    """Empty when the server is ready."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return "" if answer.status == 200 else f"answers {answer.status}"
    except OSError as error:
        return str(error)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def clean_environment() -> dict[str, str]:
    """What every program needs; nothing of the developer's own settings."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
