"""What holds when PostgreSQL itself crashes: on a server of our own, which may be killed."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections, transaction

from longhouse.jobs import handoff, leases, services
from longhouse.jobs.exceptions import LeaseLost
from longhouse.jobs.finishing import Ending, finish
from longhouse.jobs.leases import Held
from longhouse.jobs.models import Job, State
from longhouse.jobs.tests import engines, tasks
from longhouse.jobs.tests.engines import ALIAS, House

pytestmark = pytest.mark.skipif(
    not engines.SERVER.startswith("postgres"), reason="is about PostgreSQL"
)


class Server:
    """A PostgreSQL that writes to the disk what it must, and nothing before it must."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.data = folder / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"postgres://longhouse@127.0.0.1:{self.port}/postgres"
        # PostgreSQL refuses to run as root; its package brings a user for it.
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(folder, self.user, self.user)
        self._run("initdb", "-D", self.data, "-U", "longhouse", "--auth", "trust", "--no-sync")
        self.process: subprocess.Popen[Any] | None = None

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run([self.programs / program, *arguments], check=True, **self._how())

    def _how(self) -> dict[str, Any]:
        who: dict[str, Any] = {
            "user": self.user,
            "group": self.user,
            "extra_groups": [] if self.user else None,
        }
        return {**who, "cwd": self.data.parent, "stdout": subprocess.DEVNULL}

    def start(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.data.parent,
            # By themselves these would write what no commit waits for.
            "wal_writer_delay": "10s",
            "bgwriter_lru_maxpages": "0",
            "autovacuum": "off",
        }
        words = [word for pair in options.items() for word in ("-c", "=".join(map(str, pair)))]
        command = [self.programs / "postgres", "-D", self.data, "-p", str(self.port), *words]
        self.process = subprocess.Popen(
            list(map(str, command)), stderr=subprocess.DEVNULL, **self._how()
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def crash(self) -> None:
        """Every process of it is gone at once, as after `pg_ctl stop -m immediate`."""
        assert self.process
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with psycopg.connect(engines.SERVER) as connection:
        asked = connection.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
        programs = Path(asked.fetchone()[0])  # type: ignore[index]
    if not (programs / "initdb").exists():
        pytest.skip("the server's programs are not here")
    with tempfile.TemporaryDirectory(prefix="longhouse-postgres-") as folder:
        server = Server(programs, Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.crash()


@pytest.fixture
def engine() -> str:
    return "embedded"


@pytest.fixture
def house(
    server: Server,
    engine: str,
    tmp_path: Path,
    django_db_blocker: Any,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> Iterator[House]:
    monkeypatch.setattr(engines, "SERVER", server.url)
    monkeypatch.setattr(engines, "_templates", {})
    house = House(tmp_path, f"{engine}-postgresql")
    with house.in_use(settings, monkeypatch, django_db_blocker):
        connections[ALIAS].ensure_connection()  # jobs are newer than it: their claims may be lost
        yield house


def crash(server: Server) -> None:
    server.crash()
    server.start()
    connections[ALIAS].close()


def claim() -> list[Job]:
    return leases.claim("default", limit=10, worker="w")


def test_a_claim_lost_in_a_crash_is_fenced_and_the_next_one_is_counted(house, server):
    result = tasks.add.enqueue(1)
    (first,) = claim()
    crash(server)
    job = Job.objects.get(pk=result.id)
    assert (job.state, job.attempt) == (State.AVAILABLE, 0)  # enqueueing was kept, the claim not
    (second,) = claim()
    # Both may be at work, each after the same token. The first can write nothing.
    assert finish([Ending(Held.of(first), State.SUCCEEDED, result="1")]) == set()
    with pytest.raises(LeaseLost), transaction.atomic(using=ALIAS):
        leases.hold(first)
    assert leases.renew([Held.of(first), Held.of(second)]).held == {Held.of(second)}
    crash(server)
    # What may have crashed the server is claimed durably, so it cannot do so without end.
    job.refresh_from_db()
    assert (job.state, job.attempt) == (State.RUNNING, 1)
    assert finish([Ending(Held.of(second), State.SUCCEEDED, result="2")]) == {Held.of(second)}
    crash(server)
    job.refresh_from_db()
    assert (job.state, job.result) == (State.SUCCEEDED, 2)


def test_any_later_commit_brings_the_claim_along(house, server):
    early = tasks.add.enqueue(1)
    claim()
    late = tasks.add.enqueue(2)
    crash(server)
    states = {str(job.pk): job.state for job in Job.objects.all()}
    assert states == {early.id: State.RUNNING, late.id: State.AVAILABLE}


def test_a_job_with_one_attempt_is_not_started_twice(house, server):
    services.enqueue(tasks.single_attempt)
    claim()
    crash(server)
    assert Job.objects.get().state == State.RUNNING


@pytest.mark.parametrize("engine", ["embedded", *list(engines.BROKERS)[:1]])
def test_workers_outlive_the_server_and_lose_nothing(house, server):
    house.start()
    results = [tasks.traced.enqueue(str(n), 0.3) for n in range(10)]
    house.until(lambda: "end 0" in house.trace())
    crash(server)
    ids = [result.id for result in results]
    succeeded = Job.objects.filter(pk__in=ids, state=State.SUCCEEDED)
    house.until(lambda: succeeded.count() == 10)
    assert {f"end {n}" for n in range(10)} <= set(house.trace())


def test_a_job_that_was_handed_off_is_on_the_disk_when_it_is_enqueued(house, server):
    handoff.stand_by({"nobody_listens": ["default"]}, worker="w")
    result = tasks.add.enqueue(1)
    crash(server)
    job = Job.objects.get(pk=result.id)
    assert (job.state, job.attempt, job.worker) == (State.RUNNING, 1, "w")
