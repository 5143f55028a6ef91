"""scripts/dev starts everything and leaves nothing behind."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from config.env import ROOT


def processes() -> list[tuple[int, int, int, str]]:
    """(pid, parent, process group, command) of every process; zombies left out."""
    answer = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,pgid=,stat=,args="],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = []
    for line in answer.splitlines():
        pid, parent, group, state, *command = line.split(None, 4)
        if not state.startswith("Z"):
            found.append((int(pid), int(parent), int(group), " ".join(command)))
    return found


def wait_until(condition: Any, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return bool(condition())


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


CHILDREN = 2  # the guard and the web server
CHILDREN += 1  # Vite  # feature: spa
CHILDREN += 1  # the build of pages, which goes on  # feature: pages
CHILDREN += 1  # the worker  # feature: jobs


class Supervisor:
    """A running `scripts/dev`, its output so far, and what it started."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process = process
        self.log = log

    @property
    def output(self) -> str:
        return self.log.read_text()

    def children(self) -> dict[int, str]:
        return {pid: args for pid, parent, _, args in processes() if parent == self.process.pid}

    def everything(self) -> set[int]:
        """Its process and every process of the groups that it started."""
        groups = {*self.children(), self.process.pid}
        return {pid for pid, _, group, _ in processes() if group in groups}


def left_of(pids: set[int]) -> set[int]:
    return pids & {pid for pid, *_ in processes()}


@pytest.fixture
def taken_ports() -> Iterator[dict[str, int]]:
    """Ports that somebody else listens on, for each that scripts/dev would take."""
    names = ["DJANGO_PORT"]
    names.append("VITE_PORT")  # feature: spa
    with contextlib.ExitStack() as stack:
        ports = {}
        for name in names:
            listener = stack.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            ports[name] = listener.getsockname()[1]
        yield ports


@pytest.fixture
def supervisor(taken_ports: dict[str, int], tmp_path: Path) -> Iterator[Supervisor]:
    log = tmp_path / "dev.log"
    environment = os.environ | {
        "LONGHOUSE_BOOTSTRAPPED": "1",
        **{name: str(port) for name, port in taken_ports.items()},
        "VAR_DIR": str(tmp_path / "var"),
        "FRONTEND_DIST": str(tmp_path / "dist"),  # feature: pages
    }
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [ROOT / "scripts/dev"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        running = Supervisor(process, log)
        started: set[int] = set()
        try:
            # Whether they answer is not waited for: what is started has to go away at any moment.
            assert wait_until(lambda: len(running.children()) == CHILDREN, 30), running.output
            started = running.everything()
            yield running
        finally:
            process.kill()
            if not wait_until(lambda: not left_of(started), 15):
                for pid in left_of(started):
                    os.kill(pid, signal.SIGKILL)


def test_dev_moves_to_free_ports_and_leaves_nothing_on_sigterm(
    supervisor: Supervisor, taken_ports: dict[str, int]
) -> None:
    assert wait_until(lambda: " is at http" in supervisor.output, 60), supervisor.output
    for port in taken_ports.values():
        assert f"Port {port} is taken" in supervisor.output
    url = re.search(r" is at (http://localhost:(\d+)/\S*)", supervisor.output)
    assert url
    port = int(url[2])
    assert port not in taken_ports.values()
    assert status_of(url[1]) != 404
    started = supervisor.everything()
    assert len(started) >= CHILDREN + 2  # also the supervisor, and the web server's worker

    supervisor.process.send_signal(signal.SIGTERM)
    assert supervisor.process.wait(15) == 128 + signal.SIGTERM
    assert not left_of(started)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("localhost", port), timeout=5)


def test_dev_leaves_nothing_even_when_it_is_killed(supervisor: Supervisor) -> None:
    started = supervisor.everything()
    supervisor.process.kill()
    supervisor.process.wait(5)
    assert wait_until(lambda: not left_of(started), 15)


def test_dev_ends_and_says_why_when_a_child_dies(supervisor: Supervisor) -> None:
    started = supervisor.everything()
    (server,) = (pid for pid, args in supervisor.children().items() if "granian" in args)
    os.kill(server, signal.SIGKILL)
    assert supervisor.process.wait(15) == 1
    assert "web ended with status -9" in supervisor.output
    assert not left_of(started)
