"""The same rows for every peer, in SQLite and in PostgreSQL; each peer has a copy of its own."""

import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import run_service_tests

from benchmarks.harness import house, usage
from benchmarks.harness.environments import BENCH
from benchmarks.harness.processes import clean_environment

HERE = Path(__file__).parent
LONGHOUSE = HERE / "longhouse"
FOLDER = BENCH / "api"
CREATED = "A new item"  # the name of every item that a peer is asked to create
DELETE_CREATED = f"DELETE FROM item WHERE name = '{CREATED}'"  # noqa: S608 - all our own


@dataclass(frozen=True)
class Facts:
    """What was put into the database, as `prepare.py` printed it."""

    user: str  # id of the person whom all peers let sign in
    session: str  # a session key of theirs
    plain_session: str  # one by Django's own backend
    items: list[dict[str, Any]]  # in the order of the list


@dataclass(frozen=True)
class Databases:
    """One kind of database, filled. `url_of` makes a copy for a peer."""

    name: str
    title: str
    facts: Facts
    url_of: Callable[[str], str]
    #: takes out what a peer created, so that no list grows
    reset: Callable[[str], None]
    #: CPU seconds that the database's own processes have used
    cpu_seconds: Callable[[], float] = field(default=lambda: 0.0)


def longhouse_environment(folder: Path, url: str, router: str, lane: str) -> dict[str, str]:
    return house.environment(
        LONGHOUSE, folder, DATABASE_URL=url, SHOP_ROUTER=router, SHOP_LANE=lane
    )


def fill(folder: Path, url: str) -> Facts:
    """Tables and rows in an empty database. Raises SystemExit with what went wrong."""
    done = subprocess.run(
        [sys.executable, "prepare.py"],
        cwd=LONGHOUSE,
        env=clean_environment() | longhouse_environment(folder, url, "shop.fast.router", "closed"),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"The database could not be filled:\n{done.stderr[-3000:]}")
    return Facts(**json.loads(done.stdout))


@contextlib.contextmanager
def on_sqlite() -> Iterator[Databases]:
    folder = FOLDER / "sqlite"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    template = folder / "template.sqlite3"
    facts = fill(folder, f"sqlite:///{template}")

    def file_of(peer: str) -> Path:
        return folder / f"{peer}.sqlite3"

    def url_of(peer: str) -> str:
        shutil.copy(template, file_of(peer))
        return f"sqlite:///{file_of(peer)}"

    def reset(peer: str) -> None:
        with contextlib.closing(sqlite3.connect(file_of(peer), timeout=20)) as connection:
            connection.execute(DELETE_CREATED)
            connection.commit()

    yield Databases("sqlite", "SQLite", facts, url_of, reset)


@contextlib.contextmanager
def on_postgresql(programs: Path) -> Iterator[Databases]:
    """A PostgreSQL of our own, in a temporary folder."""
    folder = FOLDER / "postgresql"
    folder.mkdir(parents=True, exist_ok=True)
    with run_service_tests.server(programs) as server:

        def address(database: str) -> str:
            return urlsplit(server)._replace(path=f"/{database}").geturl()

        def execute(database: str, *statements: str) -> None:
            with psycopg.connect(address(database), autocommit=True) as connection:
                for statement in statements:
                    connection.execute(statement.encode())

        execute("postgres", "CREATE DATABASE template_bench")
        facts = fill(folder, address("template_bench"))

        def name_of(peer: str) -> str:
            return f"bench_{peer.replace('-', '_')}"

        def url_of(peer: str) -> str:
            name = name_of(peer)
            execute("postgres", f"CREATE DATABASE {name} TEMPLATE template_bench")
            return address(name)

        def reset(peer: str) -> None:
            execute(name_of(peer), DELETE_CREATED, "VACUUM ANALYZE item")

        pid = _postmaster(server)
        yield Databases(
            "postgresql",
            f"PostgreSQL {run_service_tests.version(programs)}",
            facts,
            url_of,
            reset,
            lambda: usage.cpu_seconds(usage.tree(pid)),
        )


def _postmaster(server: str) -> int:
    with psycopg.connect(server) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    return int((Path(folder) / "postmaster.pid").read_text().split()[0])
