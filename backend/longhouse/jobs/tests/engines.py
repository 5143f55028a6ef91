"""Starts workers on a queue of their own, on each engine and database that is there."""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psutil
from django.db import connections, router

from longhouse.jobs.tests import settings

BACKEND = Path(__file__).parents[3]
ALIAS = "jobs_under_test"
SERVER = os.environ.get("DATABASE_URL", "")
#: of test-services: what BROKER_URL would be
BROKERS = {
    name: url
    for name in ("rabbitmq", "redis")
    if (url := os.environ.get(f"JOBS_TEST_{name.upper()}", ""))
}
#: as pytest's ids: what runs the jobs, and where they are
ENGINES = ["embedded-sqlite"]
if SERVER.startswith("postgres"):
    brokered = [f"{name}-postgresql" for name in BROKERS]
    brokered += ["rabbitmq-sqlite"] if "rabbitmq" in BROKERS else []
    # Celery starts slowly, and the code is the same: one of them, unless all are asked for.
    everyone = os.environ.get("JOBS_TEST_ENGINES") == "all"
    ENGINES = ["embedded-postgresql", *(brokered if everyone else brokered[:1])]


class Router:
    """Everything is in the queue under test."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return ALIAS

    db_for_write = db_for_read


class Road:
    """Passes connections on to a broker, and can be closed."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.target = (parts.hostname, parts.port)
        self.sockets: set[socket.socket] = set()
        self.listener: socket.socket | None = None
        self.port = 0
        self.open()
        account = f"{parts.username}:{parts.password}@" if parts.username else ""
        self.url = parts._replace(netloc=f"{account}127.0.0.1:{self.port}").geturl()

    def open(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def close(self) -> None:
        if self.listener:
            # close() alone would leave the thread in accept(), and the port taken.
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
        for one in list(self.sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = listener.accept()
                there = socket.create_connection(self.target)
                for one, other in ((here, there), (there, here)):
                    self.sockets.add(one)
                    threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)
        one.close()
        self.sockets.discard(one)


class House:
    """A database with a queue, and the workers that serve it."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.folder = folder
        self.engine, _, self.vendor = engine.partition("-")
        self.trace_file = folder / "trace"
        self.clock = folder / "clock"
        self.set_clock(0)
        self.log = folder / "worker.log"
        self.url = self._make_database()
        self.road = Road(BROKERS[self.engine]) if self.engine in BROKERS else None
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": settings.__name__,
            "JOBS_TEST_DATABASE": self.url,
            "JOBS_TEST_CLOCK": str(self.clock),
            "JOBS_TEST_BROKER": self.road.url if self.road else "",
            "JOBS_TRACE": str(self.trace_file),
            "PYTHONPATH": str(BACKEND),
        }
        self.workers: list[subprocess.Popen[bytes]] = []

    # The database ----------------------------------------------------------------------------

    def _make_database(self) -> str:
        template = _template(self.vendor)
        if self.vendor == "sqlite":
            place = self.folder / "queue.sqlite3"
            shutil.copy(urlsplit(template).path, place)
            return f"sqlite://{place}"
        name = f"jobs_{uuid4().hex[:12]}"
        _on_server(f"CREATE DATABASE {name} TEMPLATE {urlsplit(template).path[1:]}")
        return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))

    @contextlib.contextmanager
    def connected(self) -> Iterator[None]:
        """This process, too, works on that database."""
        entry = settings.database(self.url)
        entry["OPTIONS"].pop("pool", None)
        connections.databases[ALIAS] = entry
        connections.configure_settings(connections.databases)
        try:
            yield
        finally:
            connections[ALIAS].close()
            if self.road:
                self.road.close()
            del connections[ALIAS], connections.databases[ALIAS]
            if self.vendor == "postgresql":
                _on_server(f"DROP DATABASE {entry['NAME']} WITH (FORCE)")

    @contextlib.contextmanager
    def in_use(self, conf: Any, monkeypatch: Any, blocker: Any) -> Iterator["House"]:
        """Its database is the queue of this process, and its workers end with the test."""
        conf.TASKS = settings.TASKS
        monkeypatch.setattr(router, "routers", [Router()])
        with blocker.unblock(), self.connected():
            try:
                yield self
            finally:
                self.stop()

    # Workers ---------------------------------------------------------------------------------

    def start(self, *arguments: str, processes: int = 2) -> subprocess.Popen[bytes]:
        """One more worker."""
        command = [sys.executable, "-m", "django", "worker", *arguments]
        if not any(word.startswith("--pool") for word in arguments):
            command += [f"--pool=*={processes}"]
        with self.log.open("ab") as log:
            worker = subprocess.Popen(
                command, env=self.environment, cwd=BACKEND, stdout=log, stderr=log
            )
        self.workers.append(worker)
        return worker

    @contextlib.contextmanager
    def broker_away(self) -> Iterator[None]:
        """Nobody reaches the broker meanwhile, and whoever is connected is cut off."""
        assert self.road
        self.road.close()
        yield
        self.road.open()

    def set_clock(self, seconds: float) -> None:
        """The clock of this machine is wrong by so much, at once: nobody reads half a number."""
        draft = self.clock.with_suffix(".draft")
        draft.write_text(str(seconds))
        draft.replace(self.clock)

    def stop(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGCONT)
                worker.terminate()
        for worker in self.workers:
            try:
                worker.wait(10)
            except subprocess.TimeoutExpired:
                self.kill(worker)

    def kill(self, worker: "subprocess.Popen[bytes]") -> None:
        """As kill -9 does. Our own children notice by themselves; Celery's would finish first."""
        others = []
        with contextlib.suppress(psutil.NoSuchProcess):
            others = psutil.Process(worker.pid).children(recursive=True)
        worker.kill()
        worker.wait()
        for other in others if self.engine != "embedded" else []:
            with contextlib.suppress(psutil.NoSuchProcess):
                other.kill()

    def kill_somebody(self, chance: random.Random) -> None:
        """A process that runs jobs; three times in ten a worker, which another one replaces."""
        worker = chance.choice(self.workers)
        victims = children(worker) if worker.poll() is None else []
        if victims and chance.random() < 0.7:
            with contextlib.suppress(psutil.NoSuchProcess):
                chance.choice(victims).kill()
        else:
            self.kill(worker)
            self.workers.remove(worker)
            self.start()

    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def trace(self) -> list[str]:
        """Lines that tasks wrote."""
        return self.trace_file.read_text().splitlines() if self.trace_file.exists() else []

    def until(self, what: Callable[[], Any], *, seconds: float = 40) -> Any:
        """Wait for something to come true, and return it."""
        deadline = time.monotonic() + seconds
        while not (found := what()):
            if time.monotonic() > deadline:
                raise AssertionError(f"It did not come true. The worker said:\n{self.said()}")
            time.sleep(0.02)
        return found


def children(worker: Any) -> list[psutil.Process]:
    """The processes of a worker that run jobs: nothing else of it has no child."""
    found = []
    with contextlib.suppress(psutil.NoSuchProcess):
        for one in psutil.Process(worker.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):  # it ended while we looked
                if not one.children() and "resource_tracker" not in " ".join(one.cmdline()):
                    found.append(one)
    return found


_templates: dict[str, str] = {}


def _template(vendor: str) -> str:
    """URL of a database in which the tables are; made once."""
    if vendor not in _templates:
        if vendor == "sqlite":
            import tempfile

            url = f"sqlite://{tempfile.mkdtemp(prefix='longhouse-jobs-')}/template.sqlite3"
        else:
            name = f"jobs_template_{uuid4().hex[:8]}"
            _on_server(f"CREATE DATABASE {name}")
            url = urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--verbosity=0"],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": settings.__name__,
                "JOBS_TEST_DATABASE": url,
                "PYTHONPATH": str(BACKEND),
            },
            cwd=BACKEND,
            check=True,
        )
        _templates[vendor] = url
    return _templates[vendor]


def _on_server(statement: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement.encode())
