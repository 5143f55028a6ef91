"""The development supervisor: everything side by side, one terminal, one URL.

Each child runs in a session of its own, so that a signal reaches everything it started. A guard
process holds the read end of a pipe whose only write end is ours: however we end, SIGKILL
included, the pipe closes and the guard ends the children that are left.
"""

import contextlib
import http.client
import os
import queue
import shlex  # feature: jobs
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from build import PAGES  # feature: pages
from project import (
    BACKEND,
    COLOUR,
    FRONTEND,  # feature: pages|spa
    PYTHON,
    SOURCES,
    free_port,
    manage,
    node_tool,  # feature: pages|spa
    port_from_environment,
)
from server import granian

GRACE = 5.0  # seconds between asking a child to stop and killing it
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


Events: TypeAlias = "queue.SimpleQueue[int | str | Child]"
"""What the main loop waits for: a signal's number, the text to show when ready, an ended child."""


@dataclass
class Process:
    """One line of the supervisor's list."""

    name: str
    command: list[str]
    cwd: Path
    colour: int  # ANSI
    url: str = ""  # answers when the process is ready; empty: ready at once
    environment: dict[str, str] = field(default_factory=dict)


def processes(web_port: int, origin: str) -> list[Process]:
    """Everything that development runs; the last one is at `origin`, where the browser goes."""
    shared = {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DJANGO_PORT": str(web_port),
        # What the address bar shows: links and the origin check must agree with it.
        "SITE_URL": os.environ.get("SITE_URL") or origin,
        "CSRF_TRUSTED_ORIGINS": ",".join(
            filter(
                None,
                (
                    os.environ.get("CSRF_TRUSTED_ORIGINS"),
                    origin,
                    origin.replace("localhost", "127.0.0.1"),
                ),
            )
        ),
    }
    watched = [part for path in SOURCES for part in ("--reload-paths", path.name)]
    web = Process(
        name="web",
        command=[
            *granian(web_port),
            # A syntax error ends the worker, not the server: the next save brings it back.
            *("--reload", "--reload-ignore-worker-failure", *watched),
            "--access-log",
            *("--access-log-fmt", "%(method)s %(path)s %(status)d %(dt_ms).0f ms"),
        ],
        cwd=BACKEND,
        colour=36,
        url=f"http://127.0.0.1:{web_port}/health/live",
        environment=shared | {"PYTHONUNBUFFERED": "1"},
    )
    # feature: jobs
    worker = Process(
        name="jobs",
        command=[
            *(PYTHON, "-m", "watchfiles", "--filter", "python", "--sigint-timeout", "4"),
            shlex.join([*manage("worker"), "--grace", "3"]),
            *(path.name for path in SOURCES),
        ],
        cwd=BACKEND,
        colour=33,
        environment=shared | {"PYTHONUNBUFFERED": "1"},
    )
    # end feature: jobs
    # feature: spa
    vite_port = origin.rpartition(":")[2]
    vite = Process(
        name="vite",
        command=node_tool(
            "vite/bin/vite.js",
            *("dev", "--host", "localhost", "--port", vite_port, "--strictPort"),
            *("--clearScreen", "false"),
        ),
        cwd=FRONTEND,
        colour=35,
        url=f"{origin}/",
        environment=shared
        | {"VITE_PORT": vite_port, "DJANGO_ORIGIN": f"http://127.0.0.1:{web_port}"},
    )
    # end feature: spa
    # feature: pages
    pages = Process(
        name="pages",
        command=node_tool(
            "vite/bin/vite.js",
            *("build", "--config", PAGES, "--watch", "--mode", "development"),
            *("--clearScreen", "false", "--logLevel", "warn"),
        ),
        cwd=FRONTEND,
        colour=34,
    )
    # end feature: pages
    return [
        web,
        worker,  # feature: jobs
        pages,  # feature: pages
        vite,  # feature: spa
    ]


class Child:
    """A started process: its output, prefixed, and its end, as an event."""

    def __init__(self, process: Process, events: Events, width: int) -> None:
        self.process = process
        self.last_lines: deque[str] = deque(maxlen=15)
        environment = os.environ | process.environment
        if COLOUR:
            environment["FORCE_COLOR"] = "1"
        self.popen = subprocess.Popen(
            process.command,
            cwd=process.cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        prefix = f"{process.name:>{width}} | "
        self.prefix = f"\x1b[{process.colour}m{prefix}\x1b[0m" if COLOUR else prefix
        threading.Thread(target=self.forward, daemon=True).start()
        threading.Thread(target=self.wait, args=(events,), daemon=True).start()

    def forward(self) -> None:
        for raw in self.popen.stdout or ():
            line = raw.decode(errors="replace").rstrip()
            self.last_lines.append(line)
            say(f"{self.prefix}{line}")

    def wait(self, events: Events) -> None:
        self.popen.wait()
        events.put(self)

    def alive(self) -> bool:
        """Whether anything of its process group is left."""
        try:
            os.killpg(self.popen.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:  # macOS: only zombies are left
            return False
        return True

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, number)


def say(text: str) -> None:
    # One write per line keeps the lines of two threads apart. A closed terminal is no reason to
    # leave children behind.
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def guard() -> None:
    """Body of the guard process: wait for the pipe to close, then end every group it named."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    groups = [int(line) for line in sys.stdin]
    for number in (signal.SIGTERM, signal.SIGKILL):
        for group in groups:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)
        if number == signal.SIGTERM:
            deadline = time.monotonic() + GRACE
            while groups and time.monotonic() < deadline:
                time.sleep(0.05)
                groups = [group for group in groups if group_exists(group)]


def group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def answers(url: str) -> bool:
    """Whether a server is there, whatever it says."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=30)
    try:
        connection.request("GET", f"/{path}", headers={"Accept": "text/html, application/json"})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def announce_ready(children: list[Child], events: Events) -> None:
    for child in children:
        while child.process.url and not answers(child.process.url):
            if child.popen.poll() is not None:
                return
            time.sleep(0.2)
    sign_ins = subprocess.run(
        manage("load_demo", "--sign-ins"), cwd=BACKEND, capture_output=True, text=True, check=False
    )
    events.put(sign_ins.stdout.rstrip() if sign_ins.returncode == 0 else "")


def stop(children: list[Child], events: Events) -> None:
    """End all children: politely, then, after GRACE or a second signal, at once."""
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while any(child.alive() for child in children) and time.monotonic() < deadline:
        with contextlib.suppress(queue.Empty):
            if isinstance(events.get(timeout=0.05), int):
                break
    for child in children:
        if child.alive():
            say(f"Killing {child.process.name}.")
            child.signal(signal.SIGKILL)
    for child in children:
        child.popen.wait()


def chosen_port(name: str, default: int) -> int:
    wanted = port_from_environment(name, default)
    port = free_port(wanted)
    if port != wanted:
        say(f"Port {wanted} is taken; using {port} instead ({name} chooses another).")
    return port


def main() -> int:
    events: Events = queue.SimpleQueue()
    for number in SIGNALS:
        signal.signal(number, lambda received, _frame: events.put(received))
    web_port = chosen_port("DJANGO_PORT", 8000)
    origin = f"http://localhost:{web_port}"
    origin = f"http://localhost:{chosen_port('VITE_PORT', 5173)}"  # feature: spa
    plan = processes(web_port, origin)
    width = max(len(process.name) for process in plan)

    guard_end, our_end = os.pipe()
    watcher = subprocess.Popen(
        [sys.executable, __file__, "--guard"], stdin=guard_end, start_new_session=True
    )
    os.close(guard_end)
    children: list[Child] = []
    for process in plan:
        child = Child(process, events, width)
        children.append(child)
        os.write(our_end, f"{child.popen.pid}\n".encode())

    threading.Thread(target=announce_ready, args=(children, events), daemon=True).start()
    status = 0
    while True:
        event = events.get()
        if isinstance(event, str):
            say(f"\n  Longhouse is at {origin}/\n")  # feature: spa
            # without spa: say(f"\n  Longhouse is at {origin}/admin/\n")
            say(f"  Mail that it sends: {origin}/dev/mail/\n")  # feature: mail
            if event:
                say(f"{event}\n")
            say("  Ctrl-C stops everything.\n")
        elif isinstance(event, int):
            say("\nStopping.")
            status = 0 if event == signal.SIGINT else 128 + event
            break
        else:
            time.sleep(0.2)  # its last output is still on the way
            say(f"\n{event.process.name} ended with status {event.popen.returncode}. It said last:")
            for line in event.last_lines:
                say(f"    {line}")
            status = 1
            break
    stop(children, events)
    os.close(our_end)
    watcher.wait()
    return status


if __name__ == "__main__":
    if sys.argv[1:] == ["--guard"]:
        guard()
    else:
        sys.exit(main())
