"""Servers under measurement, each on a free port."""

import contextlib
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness.processes import Process, Start, stop

POLL = 0.005  # seconds between two looks whether it is ready


@dataclass(frozen=True)
class Program:
    """How a server is started: `command` gets the port of 127.0.0.1 to listen on."""

    command: Callable[[int], Sequence[str]]
    cwd: Path
    environment: Mapping[str, str]  # all of it, besides PATH, HOME and the language
    ready: str  # path that answers 200 once the server is ready
    host: str = "127.0.0.1"
    patience: float = 60  # seconds until it must answer


class Server(Process):
    """A program that listens. Made by `running`."""

    def __init__(self, name: str, program: Program, log: Path) -> None:
        self.port = free_port()
        self.origin = f"http://{program.host}:{self.port}"
        self.ready_after = 0.0  # seconds from its start to its first answer
        self._program = program
        self._started = time.monotonic()
        start = Start(program.command(self.port), program.cwd, program.environment)
        super().__init__(name, start, log)

    def wait_until_ready(self) -> None:
        """Raises SystemExit with the end of its log when it ends or does not answer 200 in time."""
        url = self.origin + self._program.ready
        deadline = self._started + self._program.patience
        while reason := _why_not(url):
            if self.ended():
                raise SystemExit(f"{self.name} ended:\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise SystemExit(f"{self.name}, {url}: {reason}\n{self.log_tail()}")
            time.sleep(POLL)
        self.ready_after = time.monotonic() - self._started


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
        stop(servers.values())


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
