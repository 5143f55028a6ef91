"""Idempotency-Key against real servers: many calls at once, and processes that are killed."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from threading import Barrier
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.house import House

AT_ONCE = 16
TRIALS = 25
PARTS = "/api/v1/parts/"

# Makes the database slow while it stores an answer: the part is written, nothing is committed.
SLOW = {
    "sqlite": """
        CREATE TRIGGER slow BEFORE INSERT ON rest_storedanswer BEGIN
            SELECT count(*) FROM (
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 30000000)
                SELECT i FROM n
            );
        END""",
    "postgresql": """
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_sleep(4); RETURN NEW; END';
        CREATE TRIGGER slow BEFORE INSERT ON rest_storedanswer
            FOR EACH ROW EXECUTE FUNCTION slow()""",
}
FAST = {"sqlite": "DROP TRIGGER slow", "postgresql": "DROP TRIGGER slow ON rest_storedanswer"}


class Program:
    """Creates parts, each with a key and a name of its own."""

    def __init__(self, house: House) -> None:
        self.house = house
        url = house.environment["DATABASE_URL"]
        self.kind = "postgresql" if url else "sqlite"
        self.database = url or str(house.folder / "db.sqlite3")
        self.name = f"Coil {uuid4()}"
        self.key = str(uuid4())
        body = {"email": "maintainer@demo.example", "password": "longhouse"}
        _, answer, _ = self.ask("/api/v1/token/", body)
        self.access = answer["access"]
        _, page, _ = self.ask("/api/v1/machines/?page_size=1", method="GET")
        self.machine = page["results"][0]["slug"]

    def ask(
        self, path: str, body: Any = None, *, method: str = "POST", **headers: str
    ) -> tuple[int, Any, bool]:
        """Status, body, and whether it is an answer from before."""
        connection = HTTPConnection("localhost", self.house.port, timeout=60)
        with closing(connection):
            connection.request(
                method,
                path,
                json.dumps(body) if body is not None else None,
                {"Content-Type": "application/json"} | headers,
            )
            answer = connection.getresponse()
            replayed = answer.headers.get("Idempotency-Replayed") == "true"
            return answer.status, json.loads(answer.read()), replayed

    def create(self) -> tuple[int, Any, bool]:
        body = {"machine": self.machine, "name": self.name}
        headers = {"Authorization": f"Bearer {self.access}", "Idempotency-Key": self.key}
        return self.ask(PARTS, body, **headers)

    def count(self) -> int:
        """How many of the part there are."""
        of_that_name = f"SELECT count(*) FROM museum_part WHERE name = '{self.name}'"  # noqa: S608
        return int(self.execute(of_that_name)[0][0])

    def execute(self, statement: str) -> list[Any]:
        if self.kind == "postgresql":
            with psycopg.connect(self.database, autocommit=True) as connection:
                cursor = connection.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.database, timeout=20, isolation_level=None)) as file:
            return file.execute(statement).fetchall()

    def is_writing(self) -> bool:
        """Whether the server is in the middle of the slow statement."""
        if self.kind == "postgresql":
            sleeping = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            return bool(self.execute(sleeping))
        with closing(sqlite3.connect(self.database, timeout=0, isolation_level=None)) as file:
            try:
                file.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            return False


@pytest.fixture
def program(tmp_path: Any) -> Iterator[Program]:
    house = House(tmp_path, settings={"WEB_THREADS": str(AT_ONCE)})
    house.start()
    yield Program(house)
    house.stop()


def kill(house: House) -> None:
    """The worker first: its parent would tell it to end in peace."""
    assert house.process is not None
    house.process.send_signal(signal.SIGSTOP)
    os.kill(house.worker(), signal.SIGKILL)
    house.process.kill()
    house.process.wait(60)
    house.process = None


def test_of_many_who_create_with_one_key_one_does(program: Program) -> None:
    for _ in range(TRIALS):
        program.name, program.key = f"Coil {uuid4()}", str(uuid4())
        start = Barrier(AT_ONCE)

        def create(_: int, start: Barrier = start) -> tuple[int, Any, bool]:
            start.wait()
            return program.create()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(create, range(AT_ONCE)))
        stored = [body["id"] for status, body, _ in answers if status == 201]
        assert len(set(stored)) == 1
        assert [replayed for status, _, replayed in answers if status == 201].count(False) == 1
        # As the documentation says: on PostgreSQL some may be told that it is under way.
        under_way = {status for status, _, _ in answers} - {201}
        assert under_way <= ({409} if program.kind == "postgresql" else set())
        assert program.count() == 1
        assert program.create()[2]


def test_who_is_killed_in_the_middle_has_created_nothing(program: Program) -> None:
    program.execute(SLOW[program.kind])
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(program.create)
        deadline = time.monotonic() + 30
        while not program.is_writing():
            assert time.monotonic() < deadline
        kill(program.house)
        assert isinstance(first.exception(30), OSError)
    # PostgreSQL notices at the end of its statement that the client is gone; this waits for it.
    program.execute(FAST[program.kind])
    program.house.start()
    status, _, replayed = program.create()
    assert (status, replayed) == (201, False)
    assert program.count() == 1
    assert program.create()[2]


def test_who_is_killed_before_the_answer_arrives_gets_it_later(program: Program) -> None:
    stored = "SELECT 1 FROM rest_storedanswer"
    with ThreadPoolExecutor(1) as pool:
        pool.submit(program.create)
        deadline = time.monotonic() + 30
        while not program.execute(stored):
            assert time.monotonic() < deadline
        kill(program.house)
    program.house.start()
    status, _, replayed = program.create()
    assert (status, replayed) == (201, True)
    assert program.count() == 1
