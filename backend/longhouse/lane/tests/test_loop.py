"""On the event loop the lane answers without a thread, holds nothing up and cannot write."""

import asyncio
import sqlite3
import threading
from itertools import count
from typing import Any

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connection
from django.test import Client

from longhouse.frontdoor.door import FrontDoor
from longhouse.frontdoor.protocol import Message
from longhouse.lane import Lane, LoopLane
from longhouse.lane.pipeline import PATIENCE, STATEMENT_TIMEOUT
from longhouse.lane.tests import urls
from longhouse.lane.tests.test_lane import request_id, things  # noqa: F401 - a fixture
from longhouse.prepared.tests.models import Thing

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("longhouse.lane.tests.urls"),
]
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite does it")
only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="how PostgreSQL does it"
)


class Server:
    """The front door with both lanes, asked on a loop of its own."""

    def __init__(self) -> None:
        django = WSGIHandler()
        self.asked_django = False

        def watched_django(environ, start_response):
            self.asked_django = True
            return django(environ, start_response)

        self.lane = Lane(watched_django, urls.api, request_id=request_id)
        self.threads: list[str] = []
        run = self.lane.run

        def watched(*args, **options):
            self.threads.append(threading.current_thread().name)
            return run(*args, **options)

        self.lane.run = watched  # type: ignore[method-assign]
        self.door = FrontDoor(self.lane, [LoopLane(self.lane)])
        self.loop = asyncio.new_event_loop()

    def get(self, path: str, cookie: str = "", method: str = "GET") -> tuple[int, bytes, bool]:
        """Status, body, and whether the loop answered without a thread."""
        self.threads.clear()
        self.asked_django = False
        where, _, query = path.partition("?")
        headers = [(b"host", b"testserver"), (b"cookie", cookie.encode())]
        scope = {
            "type": "http",
            "method": method,
            "path": where,
            "raw_path": where.encode(),
            "query_string": query.encode(),
            "scheme": "http",
            "headers": headers,
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        async def ask() -> None:
            await self.door(scope, receive, send)
            if (opening := self.loop_lane._opening) is not None:
                await opening

        self.loop.run_until_complete(ask())
        body = b"".join(message.get("body", b"") for message in sent[1:])
        mine = threading.current_thread().name
        by_loop = self.threads == [mine] and not self.asked_django
        return sent[0]["status"], body, by_loop

    @property
    def loop_lane(self) -> LoopLane:
        return next(lane for lane in self.door.handlers if isinstance(lane, LoopLane))

    def close(self) -> None:
        self.loop.run_until_complete(asyncio.to_thread(self.door.pool.close))
        if self.loop_lane.sqlite is not None:
            self.loop_lane.sqlite.connection.close()
        if self.loop_lane.pipeline is not None:
            self.loop_lane.pipeline.close(ConnectionError("the test is over"))
        self.loop.close()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


def test_the_loop_answers_what_threads_have_taught_it(server, things):  # noqa: F811
    first = server.get("/api/things?size=1")
    second = server.get("/api/things?size=1")
    assert first[:2] == second[:2]
    assert [first[2], second[2]] == [False, True]
    Thing.objects.update(size=0)
    assert server.get("/api/things?size=1") == (200, b"[]", True)


def test_people_are_known_on_the_loop(server, client: Client):
    person = get_user_model().objects.create_user("p@example.org", "secret", display_name="P")
    client.force_login(person)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    server.get("/api/me", cookie)
    assert server.get("/api/me", cookie) == (200, b'{"email":"p@example.org"}', True)
    assert server.get("/api/me")[0] == 401
    person.set_password("another")
    person.save()
    assert server.get("/api/me", cookie)[0] == 401


@only_sqlite
def test_what_takes_long_is_left_to_a_thread(server, things):  # noqa: F811
    for _ in range(2):
        server.get("/api/things")
    raw = server.loop_lane.sqlite.connection
    raw.set_progress_handler(lambda: True, 1)  # at the first step
    status, body, by_loop = server.get("/api/things")
    assert (status, by_loop) == (200, False)
    assert b"Thing 2" in body


@only_sqlite
def test_a_statement_that_was_broken_off_is_not_prepared_each_time(
    server, client: Client, monkeypatch
):
    person = get_user_model().objects.create_user("p@example.org", "secret", display_name="P")
    client.force_login(person)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    server.get("/api/me", cookie)
    for last in range(1, 50):  # wherever it is
        assert server.get("/api/me", cookie)[2]
        raw = server.loop_lane.sqlite.connection
        monkeypatch.setattr("longhouse.lane.loop.PATIENCE", -1)
        steps = count()
        raw.set_progress_handler(lambda steps=steps, last=last: next(steps) >= last, 1)
        server.get("/api/me", cookie)
        raw.set_progress_handler(None, 1)
        monkeypatch.undo()
    server.get("/api/me", cookie)
    prepared: list[Any] = []

    def authorize(*what: Any) -> int:
        prepared.append(what)
        return sqlite3.SQLITE_OK

    # Asked about each statement that is prepared; at first about all, because it is new.
    server.loop_lane.sqlite.connection.set_authorizer(authorize)
    server.get("/api/me", cookie)
    prepared.clear()
    assert server.get("/api/me", cookie)[2]
    assert not prepared


def test_ordinary_querysets_are_left_to_a_thread(server, things):  # noqa: F811
    for _ in range(3):
        status, body, by_loop = server.get("/api/things/Thing 1".replace(" ", "%20"))
        assert (status, by_loop) == (200, False)
    assert b"Thing 1" in body


def test_what_only_django_can_answer_is_tried_once(server, things):  # noqa: F811
    for _ in range(2):
        server.get("/api/things")
    here = [threading.current_thread().name]
    assert server.get("/api/greeting") == (200, b'{"known":false}', False)  # of a new kind
    assert server.threads == here  # not again by the thread
    assert server.get("/api/greeting")[2]
    assert server.get("/api/me")[0] == 401
    assert server.threads == here


@only_sqlite
def test_a_broken_connection_is_opened_again(server, things, monkeypatch):  # noqa: F811
    monkeypatch.setattr("longhouse.lane.loop.RETRY_AFTER", 0)
    for _ in range(2):
        server.get("/api/things")
    server.loop_lane.sqlite.connection.close()
    assert server.get("/api/things")[::2] == (200, False)
    assert server.get("/api/things")[::2] == (200, True)


@only_sqlite
def test_the_loops_connection_cannot_write(server, things):  # noqa: F811
    for _ in range(2):
        server.get("/api/things")
    raw = server.loop_lane.sqlite.connection
    with pytest.raises(Exception, match="readonly"):
        raw.execute("DELETE FROM prepared_tests_thing")


def test_bad_requests_are_the_doors(server, things):  # noqa: F811
    assert server.get("/api/things?size=x")[0] == 422
    assert server.get("/api/things", method="HEAD")[0] == 405
    assert server.get("/api/things\0")[0] == 400


@only_postgresql
def test_a_statement_that_waits_is_left_to_a_thread(server, things):  # noqa: F811
    for _ in range(2):
        server.get("/api/things")
    with psycopg.connect(**connection_params()) as other:
        other.execute("LOCK TABLE prepared_tests_thing IN ACCESS EXCLUSIVE MODE")
        threading.Timer(0.6, other.commit).start()
        status, body, by_loop = server.get("/api/things")
    assert (status, by_loop) == (200, False)
    assert b"Thing 2" in body
    assert server.get("/api/things")[2] is True


@only_postgresql
def test_a_lost_connection_is_opened_again(server, things):  # noqa: F811
    for _ in range(2):
        server.get("/api/things")
    pid = server.loop_lane.pipeline._server.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert [server.get("/api/things")[0] for _ in range(2)] == [200, 200]
    assert server.get("/api/things")[::2] == (200, True)


@only_postgresql
def test_many_requests_share_the_connection_and_it_cannot_write(server, things):  # noqa: F811
    for _ in range(2):
        server.get("/api/things")
    pipeline = server.loop_lane.pipeline

    async def ask_at_once() -> list[Any]:
        sql = "SELECT %s::int, pg_sleep(0.01 * (%s::int %% 3))"
        write = "DELETE FROM prepared_tests_thing WHERE size = %s"
        asked = [pipeline.fetch(sql, [n, n]) for n in range(20)]
        asked.insert(7, pipeline.fetch(write, [1]))
        return await asyncio.gather(*asked, return_exceptions=True)

    found = server.loop.run_until_complete(ask_at_once())
    assert isinstance(found.pop(7), psycopg.errors.ReadOnlySqlTransaction)
    assert [rows[0][0] for rows in found] == list(range(20))
    assert Thing.objects.count() == 3


@only_postgresql
def test_what_comes_meanwhile_waits_for_the_answer(server, things):  # noqa: F811
    for _ in range(2):
        server.get("/api/things")
    pipeline = server.loop_lane.pipeline

    async def ask_one_by_one() -> tuple[list[Any], int]:
        first = pipeline.fetch("SELECT 0, pg_sleep(%s)", [0.05])
        await asyncio.sleep(0.01)
        later = [pipeline.fetch("SELECT %s::int", [n]) for n in (1, 2)]
        gone = pipeline.fetch("SELECT nothing FROM nowhere WHERE %s", [True])
        gone.cancel()  # the client has left: it is not asked, or the others would have to be twice
        under_way = len(pipeline._asked)
        rows = await asyncio.gather(first, *later)
        return [found[0][0] for found in rows], under_way

    assert server.loop.run_until_complete(ask_one_by_one()) == ([0, 1, 2], 1)
    assert not pipeline._asked
    assert not pipeline._waiting


@only_postgresql
def test_a_server_that_goes_on_answering_is_not_given_up(server, things):  # noqa: F811
    for _ in range(2):
        server.get("/api/things")
    pipeline = server.loop_lane.pipeline
    slow = 0.9 * STATEMENT_TIMEOUT / 1000
    many = int(PATIENCE / slow) + 3  # all of them take longer than it waits for a sign

    async def ask_at_once() -> list[Any]:
        asked = [pipeline.fetch("SELECT %s::int, pg_sleep(%s)", [n, slow]) for n in range(many)]
        return await asyncio.gather(*asked)

    found = server.loop.run_until_complete(ask_at_once())
    assert [rows[0][0] for rows in found] == list(range(many))
    assert pipeline.is_open


@only_postgresql
def test_what_cannot_be_read_is_an_error_and_not_an_empty_answer(server, things):  # noqa: F811
    for _ in range(2):
        server.get("/api/things")
    pipeline = server.loop_lane.pipeline

    async def ask_at_once() -> list[Any]:
        asked = ["SELECT 'infinity'::date, %s::int", "SELECT %s::int"]
        return await asyncio.gather(
            *(pipeline.fetch(sql, [7]) for sql in asked), return_exceptions=True
        )

    broken, fine = server.loop.run_until_complete(ask_at_once())
    assert isinstance(broken, psycopg.DataError)
    assert fine == [(7,)]


def connection_params() -> dict[str, Any]:
    params = connection.get_connection_params()
    return {name: params[name] for name in ("dbname", "user", "host", "port") if name in params}


def test_a_broken_database_is_told_by_django(server, things, monkeypatch):  # noqa: F811
    for _ in range(2):
        server.get("/api/things")

    def fail(*_args: object, **_options: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr("longhouse.prepared.query.fetch", fail)
    assert server.get("/api/things")[0] == 500
