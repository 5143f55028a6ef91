"""Who takes part in the `versioning` suite, and how its database and its process are made."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import run_service_tests
from project import BACKEND, ROOT

from benchmarks.harness import house
from benchmarks.harness.environments import BENCH, python_project, python_versions
from benchmarks.harness.processes import Conversation, Start, clean_environment, stop
from benchmarks.harness.results import PeerFacts

HERE = Path(__file__).parent
FOLDER = BENCH / "versioning"
OURS, PLAIN = "longhouse", "plain"


#: Tables that migrations make first: those that have none refer to them.
TABLES = (("migrate", "--verbosity=0"), ("migrate", "--run-syncdb", "--verbosity=0"))


@dataclass(frozen=True)
class System:
    facts: PeerFacts
    folder: Path
    python: str
    more: Mapping[str, str]
    set_up: tuple[tuple[str, ...], ...] = TABLES
    only_on: str = ""

    def start(self, url: str, *arguments: str) -> Start:
        environment = {
            "PYTHONPATH": f"{self.folder}:{HERE / 'shared'}:{ROOT}:{BACKEND}",
            "DJANGO_SETTINGS_MODULE": "settings",
            "DJANGO_SECRET_KEY": house.SECRET,
            "DATABASE_URL": url,
            **self.more,
        }
        return Start([self.python, *arguments], self.folder, environment)


def systems() -> dict[str, System]:
    """Every system, ours first."""
    versions = python_versions(sys.executable, ("django", "psycopg"))
    found = {
        OURS: System(
            PeerFacts("Longhouse", ours=True, versions=versions),
            HERE / "longhouse", sys.executable, {},
        ),
        PLAIN: System(
            PeerFacts("Django without history", ours=False, versions=versions),
            HERE / "plain", sys.executable, {},
        ),
    }  # fmt: skip
    found["simple-history"] = _peer("simple_history", "django-simple-history")
    found["reversion"] = _peer("reversion", "django-reversion")
    for level in ("row", "statement"):
        found[f"pghistory-{level}"] = _peer("pghistory", "django-pghistory", level)
    return found


def _peer(folder: str, package: str, level: str = "") -> System:
    python = str(python_project(HERE / folder))
    versions = python_versions(python, ("django", package))
    title = f"{package}: a trigger for each {level}" if level else package
    facts = PeerFacts(title, ours=False, versions=versions)
    if not level:
        return System(facts, HERE / folder, python, {})
    # Its triggers come with migrations, which these tables have none of.
    set_up = (*TABLES, ("pgtrigger", "install"))
    return System(facts, HERE / folder, python, {"BENCH_LEVEL": level}, set_up, "postgresql")


@contextlib.contextmanager
def databases() -> Iterator[dict[str, str]]:
    """URLs that databases are made at, by vendor; PostgreSQL where it is installed."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with contextlib.ExitStack() as stack:
        found = {"sqlite": f"sqlite:///{FOLDER}"}
        if programs := run_service_tests.programs():
            found["postgresql"] = stack.enter_context(run_service_tests.server(programs))
        yield found


@contextlib.contextmanager
def running(systems: Mapping[str, System], place: str) -> Iterator[dict[str, Conversation]]:
    """A process of each, at a database of its own that has the tables; gone afterwards."""
    found = {}
    try:
        for name, system in systems.items():
            url = _database(place, name)
            for command in system.set_up:
                _run(name, system.start(url, "-m", "django", *command))
            start = system.start(url, str(HERE / "shared" / "worker.py"))
            found[name] = Conversation(name, start, FOLDER / "logs" / f"{name}.log")
        yield found
    finally:
        stop(found.values())


def _database(place: str, name: str) -> str:
    parts = urlsplit(place)
    if parts.scheme == "sqlite":
        for old in FOLDER.glob(f"{name}.sqlite3*"):
            old.unlink()
        return f"{place}/{name}.sqlite3"
    database = f"bench_{name.replace('-', '_')}"
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {database}".encode())
    return parts._replace(path=f"/{database}").geturl()


def _run(name: str, start: Start) -> None:
    done = subprocess.run(
        start.command, cwd=start.cwd, env={**clean_environment(), **start.environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{name}: no tables:\n{done.stderr[-3000:]}")
