"""Several processes at one database, and one that is killed."""

import json
import sqlite3
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from longhouse.versioning.tests.concurrent import WRITERS, moves

BACKEND = Path(__file__).parents[3]
Process = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A database of its own: a file, or one on the server that the tests run on."""
    if connection.vendor == "sqlite":
        yield {
            "ENGINE": "longhouse.versioning.backends.sqlite3",
            "NAME": str(tmp_path / "db.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE", "timeout": 60,
                "init_command": "PRAGMA journal_mode=WAL",
            },
        }  # fmt: skip
        return
    import psycopg

    given = connection.settings_dict
    name = f"versioning_{uuid.uuid4().hex[:12]}"
    server = {"host": given["HOST"], "port": given["PORT"] or None, "user": given["USER"]}
    server = {key: value for key, value in server.items() if value}
    if given["PASSWORD"]:
        server["password"] = given["PASSWORD"]
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        yield {
            "ENGINE": "longhouse.versioning.backends.postgresql",
            "NAME": name,
            **{key: given[key] for key in ("HOST", "PORT", "USER", "PASSWORD")},
        }
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def process(database: dict[str, Any]) -> Process:
    def start(*arguments: object) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "longhouse.versioning.tests.concurrent"]
        return subprocess.Popen(
            [*command, json.dumps(database), *map(str, arguments)],
            cwd=BACKEND, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    return start


def finish(*processes: "subprocess.Popen[str]") -> None:
    for one in processes:
        said, _ = one.communicate(timeout=180)
        assert one.returncode == 0, said


@pytest.fixture
def ask(database: dict[str, Any]) -> Callable[[str], list[Any]]:
    """Rows, asked past Django."""

    def fetch(sql: str) -> list[Any]:
        if connection.vendor == "sqlite":
            with sqlite3.connect(database["NAME"], timeout=60) as file:
                return file.execute(sql).fetchall()
        import psycopg

        keys = {"dbname": "NAME", "host": "HOST", "port": "PORT", "user": "USER"}
        named = {name: database[key] for name, key in keys.items() if database[key]}
        with psycopg.connect(password=database["PASSWORD"] or None, **named) as server:
            return server.execute(sql).fetchall()

    return fetch


def intervals_are_whole(ask: Callable[[str], list[Any]]) -> None:
    """Each version of each row of main ends where the next one begins."""
    table = "versioning_tests_park"
    rows = ask(
        f"SELECT id, version_from, version_to FROM {table}_v WHERE version_branch = 0"
        f" UNION ALL SELECT id, rev, {2**63 - 1} FROM {table} ORDER BY 1, 2"
    )
    for (key, start, end), (next_key, next_start, _) in pairwise(rows):
        assert start < end
        if key == next_key:
            assert end == next_start


def test_merges_and_writers_lose_nothing(process: Process, ask: Callable[[str], list[Any]]) -> None:
    processes, writers, times = 4, 5, 3
    finish(process("fill", 100))
    running = [process("write", writers, times) for _ in range(processes)]
    finish(*running, process("merge", "b0"))
    table = "versioning_tests_park"
    total = processes * writers * times
    assert ask(f"SELECT visitors FROM {table} WHERE id IN (99, 100)") == [(total,), (total,)]
    held = ask(
        f"SELECT visitors FROM {table}_v v JOIN versioning_branch b ON b.id = v.version_branch"
        f" WHERE b.name = 'b1' AND v.version_to = {2**63 - 1} AND v.id IN (99, 100)"
    )
    assert held == [(total,), (total,)]
    # One image for each commit that changed the row.
    images = ask(f"SELECT count(*) FROM {table}_v WHERE version_branch = 0 AND id = 100")
    assert images == [(total,)]
    intervals_are_whole(ask)
    assert ask(f"SELECT count(*) FROM {table} WHERE description = 'of 0'") == [(49,)]


def test_twenty_histories_and_two_merges_are_as_if_one_after_the_other(
    process: Process, ask: Callable[[str], list[Any]]
) -> None:
    finish(process("fill", 100))
    half = WRITERS // 2
    writing = [process("histories", first, first + half) for first in (0, half)]
    finish(*writing, process("merge", "b0"), process("merge", "b1"))
    done = [(number, step, *move) for number in range(WRITERS)
            for step, move in enumerate(moves(number))]  # fmt: skip
    counted = Counter(pk for _, _, kind, pk in done if kind in ("counts", "locks"))
    measured = {pk: step + 1 for _, step, kind, pk in done if kind == "measures"}
    created, added, deleted, tags = (
        {f"{kind}-{number}-{step}": pk for number, step, kind, pk in done if kind == wanted}
        for wanted in ("creates", "adds", "deletes", "tags")
    )

    def check(merged: bool) -> None:
        table = "versioning_tests_park"
        rows = ask(f"SELECT id, visitors, hectares, description FROM {table} WHERE id <= 100")
        assert sorted((pk, visitors, int(size), text) for pk, visitors, size, text in rows) == [
            (pk, counted[pk], measured.get(pk, 0) if merged else 0, f"of {int(pk > 50)}")
            for pk in range(1, 101)
            if pk not in (1, 51)
        ]
        slugs = ask(f"SELECT slug FROM {table} WHERE id > 100")
        made = [*created, *(added if merged else deleted), "new-0", "new-1"]
        assert sorted(slug for (slug,) in slugs) == sorted(made)
        pairs = ask(
            f"SELECT t.word, p.park_id FROM {table}_tags p"
            " JOIN versioning_tests_tag t ON t.id = p.tag_id"
        )
        assert dict(pairs) == (tags if merged else {})
        intervals_are_whole(ask)
        # An image of each number that a row ever had.
        for pk in counted:
            images = ask(
                f"SELECT DISTINCT visitors FROM {table}_v WHERE version_branch = 0 AND id = {pk}"
                f" UNION SELECT visitors FROM {table} WHERE id = {pk} ORDER BY 1"
            )
            assert images == [(number,) for number in range(counted[pk] + 1)]

    check(merged=False)
    names = [f"h{number}" for number in range(WRITERS)]
    finish(process("merges", *names[::2]), process("merges", *names[1::2]))
    check(merged=True)


def test_sealing_beside_writers(process: Process, ask: Callable[[str], list[Any]]) -> None:
    finish(process("fill", 100))
    writers = [process("write", 4, 3) for _ in range(2)]
    sealers = [process("seal", 25) for _ in range(2)]
    finish(*writers, *sealers, process("merge", "b0"))
    finish(process("seal", 1))
    finish(process("check"))
    # Each commit once, in the order of its branch.
    sealed = ask("SELECT branch, \"commit\" FROM versioning_seal WHERE kind = 'commit' ORDER BY id")
    commits = ask("SELECT id FROM versioning_commit ORDER BY id")
    assert sorted((number,) for _, number in sealed) == commits
    for branch in {branch for branch, _ in sealed}:
        own = [number for one, number in sealed if one == branch]
        assert own == sorted(own)


def test_two_merges_at_once(process: Process, ask: Callable[[str], list[Any]]) -> None:
    finish(process("fill", 100))
    finish(process("merge", "b0"), process("merge", "b1"), process("merge", "b0"))
    table = "versioning_tests_park"
    assert ask(f"SELECT count(*) FROM {table} WHERE description <> ''") == [(98,)]
    assert ask(f"SELECT count(*) FROM {table}") == [(100,)]
    assert ask("SELECT count(*) FROM versioning_commit WHERE merged_id IS NOT NULL") == [(2,)]
    intervals_are_whole(ask)


@pytest.mark.parametrize(
    ("what", "description", "rows"), [("merge", "of 0", 49), ("batch", "of the batch", 15)]
)
def test_a_killed_process_leaves_all_or_nothing(
    process: Process, ask: Callable[[str], list[Any]], what: str, description: str, rows: int
) -> None:
    finish(process("fill", 100))
    tables = ("versioning_tests_park", "versioning_tests_park_v", "versioning_commit")

    def content() -> Any:
        return [sorted(map(str, ask(f"SELECT * FROM {table}"))) for table in tables]

    before = content()
    after, killed = 1, 0
    while True:
        one = process("die", what, after)
        said, _ = one.communicate(timeout=120)
        if one.returncode == 0:
            break
        assert one.returncode == -9, said
        if content() != before:  # killed once all was committed, in what follows a commit
            break
        killed += 1
        after += 7
    assert killed >= 3
    done = f"SELECT count(*) FROM versioning_tests_park WHERE description = '{description}'"
    assert ask(done) == [(rows,)]
    intervals_are_whole(ask)


@pytest.mark.parametrize("what", ["merge", "batch"])
def test_a_process_killed_in_a_statement_leaves_all_or_nothing(
    process: Process, ask: Callable[[str], list[Any]], what: str
) -> None:
    size = 800
    finish(process("fill", size))
    queries = (
        "SELECT count(*), sum(id), sum(rev) FROM versioning_tests_park",
        "SELECT count(*), sum(version_from) FROM versioning_tests_park_v",
        "SELECT count(*) FROM versioning_commit",
    )

    def content() -> Any:
        return [ask(query) for query in queries]

    before = content()
    milliseconds, killed = 4, 0
    while True:
        one = process("die_within", what, milliseconds, size)
        said, _ = one.communicate(timeout=120)
        assert one.returncode in (0, -9), said
        if content() != before:  # it may be killed after the end, too
            break
        assert one.returncode == -9
        killed += 1
        milliseconds *= 3
    assert killed >= 2
    counts = "SELECT count(*) FROM versioning_tests_park WHERE description"
    if what == "merge":
        assert ask(f"{counts} = 'of 0'") == [(size // 2 - 1,)]
    else:
        assert ask(f"{counts} = 'of the batch'") == [(size // 4 * 3,)]
        assert ask("SELECT count(*) FROM versioning_tests_park") == [(size + size // 4 * 3,)]
    intervals_are_whole(ask)


def test_sealing_that_is_killed_is_done_by_the_next(
    process: Process, ask: Callable[[str], list[Any]]
) -> None:
    finish(process("fill", 20))
    after, killed = 1, 0
    while True:
        one = process("die", "seal", after)
        said, _ = one.communicate(timeout=120)
        if one.returncode == 0:
            break
        assert one.returncode == -9, said
        killed += 1
        assert ask("SELECT count(*) FROM versioning_seal") == [(0,)]
        after += 19
    assert killed >= 3
    head, _ = (first := process("check")).communicate(timeout=120)
    assert first.returncode == 0, head
    for step in (("merge", "b0"), ("seal", 1), ("check", head.strip())):
        finish(process(*step))
