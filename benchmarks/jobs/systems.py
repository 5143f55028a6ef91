"""Who takes part in the `jobs` suite, and how its database, its workers and its producer start."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import brokers
import psycopg
import run_service_tests

from benchmarks.harness import house
from benchmarks.harness.environments import BENCH, python_project, python_versions
from benchmarks.harness.processes import Start, clean_environment
from benchmarks.harness.results import PeerFacts

HERE = Path(__file__).parent
FOLDER = BENCH / "jobs"
SHARED = HERE / "shared"
PROCESSES = 2  # that run jobs, of every system


@dataclass(frozen=True)
class System:
    """A queue with its workers. `modules` are what `python -m` gets: one program each."""

    facts: PeerFacts
    folder: Path
    python: str
    modules: Sequence[Sequence[str]]
    environment: Mapping[str, str]
    database: str = ""  # sqlite or postgresql; empty: it has none
    settings: Sequence[str] = ()  # what PostgreSQL sets for its database

    def start(self, *arguments: str, **environment: str) -> Start:
        return Start([self.python, *arguments], self.folder, {**self.environment, **environment})


@dataclass
class Servers:
    """What is installed, and runs. Makes each turn a database in which the tables are."""

    postgresql: str = ""
    rabbitmq: str = ""
    _templates: dict[tuple[str, str], str] = field(default_factory=dict)

    def database(self, name: str, system: System) -> str:
        """DATABASE_URL of a fresh one, or an empty text."""
        if not system.database:
            return ""
        kind = (system.database, system.folder.name)
        if kind not in self._templates:
            self._templates[kind] = self._template(system)
        template = self._templates[kind]
        if system.database == "sqlite":
            file = FOLDER / "sqlite" / f"{name}.sqlite3"
            for old in file.parent.glob(f"{file.name}*"):
                old.unlink()
            shutil.copy(urlsplit(template).path[1:], file)
            return f"sqlite:///{file}"
        database = f"bench_{name.replace('-', '_')}"
        self._execute(
            f"DROP DATABASE IF EXISTS {database} WITH (FORCE)",
            f"CREATE DATABASE {database} TEMPLATE {urlsplit(template).path[1:]}",
            *(f"ALTER DATABASE {database} SET {setting}" for setting in system.settings),
        )
        return self._address(database)

    def _template(self, system: System) -> str:
        name = f"template_{system.folder.name}"
        if system.database == "sqlite":
            (FOLDER / "sqlite").mkdir(parents=True, exist_ok=True)
            url = f"sqlite:///{FOLDER / 'sqlite' / name}.sqlite3"
        else:
            self._execute(f"CREATE DATABASE {name}")
            url = self._address(name)
        start = system.start("-m", "django", "migrate", "--verbosity=0", DATABASE_URL=url)
        done = subprocess.run(
            start.command,
            cwd=start.cwd,
            env={**clean_environment(), **start.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{system.facts.title}: no tables:\n{done.stderr[-3000:]}")
        return url

    def _address(self, database: str) -> str:
        return urlsplit(self.postgresql)._replace(path=f"/{database}").geturl()

    def _execute(self, *statements: str) -> None:
        with psycopg.connect(self.postgresql, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextlib.contextmanager
def servers() -> Iterator[tuple[Servers, list[str]]]:
    """Those that are installed, and a line for each that is not."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    left_out = []
    with contextlib.ExitStack() as stack:
        found = Servers()
        if programs := run_service_tests.programs():
            found.postgresql = stack.enter_context(run_service_tests.server(programs, durable=True))
        else:
            left_out.append("What needs PostgreSQL was left out: it is not installed.")
        running = stack.enter_context(brokers.brokers())
        found.rabbitmq = running.get("JOBS_TEST_RABBITMQ", "")
        if not found.rabbitmq:
            left_out.append("What needs RabbitMQ was left out: it is not installed.")
        yield found, left_out


def systems(servers: Servers) -> dict[str, System]:
    """Every system whose servers run, ours first."""
    found: dict[str, Callable[[], System]] = {"longhouse-sqlite": lambda: _ours("SQLite", "sqlite")}
    if servers.postgresql:
        found |= {
            "longhouse-postgresql": lambda: _ours("PostgreSQL", "postgresql"),
            "longhouse-postgresql-async": lambda: _ours(
                "PostgreSQL, asynchronous commit", "postgresql", "synchronous_commit = off"
            ),
        }
    if servers.postgresql and servers.rabbitmq:
        found["longhouse-rabbitmq"] = lambda: _ours(
            "Celery's processes, RabbitMQ, PostgreSQL", "postgresql", broker=servers.rabbitmq
        )
    if servers.rabbitmq:
        found |= {
            "celery": lambda: _celery("its defaults, no results", servers.rabbitmq),
            "celery-durable": lambda: _celery(
                "confirmed, acknowledged late", servers.rabbitmq, durable="1"
            ),
        }
    found["tasks-db-sqlite"] = lambda: _tasks_db("SQLite", "sqlite")
    if servers.postgresql:
        found |= {
            "tasks-db-postgresql": lambda: _tasks_db("PostgreSQL", "postgresql"),
            "procrastinate": _procrastinate,
        }
    return {name: make() for name, make in found.items()}


def _ours(title: str, database: str, *settings: str, broker: str = "") -> System:
    folder = HERE / "longhouse"
    environment = house.environment(folder, FOLDER / "longhouse", BROKER_URL=broker)
    environment["PYTHONPATH"] += f":{SHARED}"
    versions = python_versions(sys.executable, ("django", "django-tasks", "celery", "psycopg"))
    return System(
        PeerFacts(f"Longhouse: {title}", ours=True, versions=versions),
        folder,
        sys.executable,
        [("django", "worker", f"--pool=*={PROCESSES}")],
        environment,
        database,
        settings,
    )


def _celery(title: str, broker: str, durable: str = "") -> System:
    folder, python = _project("celery")
    command = ("celery", "--app", "system", "worker", "--concurrency", str(PROCESSES))
    quiet = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING")
    return System(
        _facts(f"Celery, RabbitMQ: {title}", python, "celery", "kombu", "amqp"),
        folder,
        python,
        [(*command, *quiet)],
        {"PYTHONPATH": _path(folder), "BENCH_BROKER": broker, "BENCH_DURABLE": durable},
    )


def _tasks_db(title: str, database: str) -> System:
    folder, python = _project("tasks_db")
    return System(
        _facts(f"django-tasks-db: {title}", python, "django", "django-tasks", "django-tasks-db"),
        folder,
        python,
        [("django", "db_worker", "--no-startup-delay")] * PROCESSES,
        _django(folder),
        database,
    )


def _procrastinate() -> System:
    folder, python = _project("procrastinate")
    return System(
        _facts("procrastinate: PostgreSQL", python, "django", "procrastinate", "psycopg"),
        folder,
        python,
        [("django", "procrastinate", "worker")] * PROCESSES,
        _django(folder),
        "postgresql",
    )


def _project(name: str) -> tuple[Path, str]:
    return HERE / name, str(python_project(HERE / name))


def _facts(title: str, python: str, *packages: str) -> PeerFacts:
    return PeerFacts(title, ours=False, versions=python_versions(python, packages))


def _django(folder: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": _path(folder),
        "DJANGO_SETTINGS_MODULE": "settings",
        "DJANGO_SECRET_KEY": house.SECRET,
    }


def _path(folder: Path) -> str:
    return f"{folder}:{SHARED}"
