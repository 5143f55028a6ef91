"""Event streams of real servers: nothing lost, nothing twice, in order, whatever happens."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from longhouse.realtime.tests.clients import Client, emit, run
from longhouse.realtime.tests.house import BACKEND, House, redis_program, redis_server


def test_100_clients_of_two_servers_of_which_20_drop_and_resume(any_house: House) -> None:
    servers = [any_house.serve(), any_house.serve()]
    events = 200

    async def test() -> None:
        clients = [Client(servers[n % 2], topic=["open:a", "open:other"]) for n in range(100)]
        await asyncio.gather(*(client.connect() for client in clients))

        async def follow(number: int, client: Client) -> None:
            if number < 20:
                await client.until(20 + number)
                await client.drop()
                await asyncio.sleep(0.2 + number / 40)
                # Half of them come back to the other process.
                await client.connect(servers[number % 4 < 2])
            await client.until(events)

        publishing = asyncio.gather(
            *(
                emit(servers[n], topic="open:a", times=events // 2, pause=0.005, who=n, first=n)
                for n in range(2)
            ),
            emit(servers[0], topic="open:nobody", times=50, pause=0.01),
        )
        await asyncio.gather(*(follow(n, client) for n, client in enumerate(clients)), publishing)
        expected = [message.text for message in clients[-1].messages]
        assert len(expected) == events
        for client in clients:
            assert [message.text for message in client.messages] == expected
            positions = [int(message.id.partition("-")[2]) for message in client.messages]
            assert positions == sorted(set(positions))
        for who in ("0", "1"):  # each publisher's own order
            of_one = [m.data["data"]["n"] for m in clients[0].messages if who in m.text[-4:]]  # type: ignore[index]
            assert of_one == sorted(of_one)

    run(test)


def test_a_burst_over_full_queues_and_a_client_that_does_not_read(house: House) -> None:
    server = house.serve()
    events = 2000

    async def test() -> None:
        quick = [await Client(server, topic="open:a").connect() for _ in range(5)]
        slow = await Client(server, topic="open:a", slow=True).connect()
        # More than sockets hold: the slow one's connection is full long before the end.
        publishing = asyncio.create_task(emit(server, topic="open:a", times=events, fill=1000))
        await asyncio.gather(*(client.until(events) for client in quick))
        await publishing
        assert not slow.messages
        await slow.until(events)
        for client in [*quick, slow]:
            assert client.numbers() == list(range(events))

    run(test)


def test_a_transaction_that_commits_late_is_not_missed(house: House) -> None:
    """On PostgreSQL its rows have lower ids than what was read meanwhile."""
    server = house.serve()

    async def test() -> None:
        client = await Client(server, topic="open:a").connect()
        late = asyncio.create_task(
            asyncio.to_thread(server.get, "/held", topic="open:a", n=1, seconds=1.5)
        )
        undone = asyncio.create_task(
            asyncio.to_thread(server.get, "/held", topic="open:a", n=2, seconds=0.1, undo="")
        )
        await undone
        await emit(server, topic="open:a", first=3)
        await late
        await emit(server, topic="open:a", first=4)
        await client.until(3)
        assert sorted(client.numbers()) == [1, 3, 4]

    run(test)


def test_an_event_between_the_cursor_and_the_connection_is_not_missed(house: House) -> None:
    server = house.serve()
    cursor = server.get("/cursor").text

    async def test() -> None:
        await emit(server, topic="open:a", times=3)
        client = await Client(server, topic="open:a", after=cursor).connect()
        await client.until(3)
        assert client.numbers() == [0, 1, 2]

    run(test)


def test_reset_when_what_came_after_the_cursor_is_gone_or_unknown(house: House) -> None:
    server = house.serve()

    async def test() -> None:
        client = await Client(server, topic="open:a").connect()
        await emit(server, topic="open:a", times=3)
        await client.until(1)
        await client.drop()
        assert (await asyncio.to_thread(server.get, "/prune")).text == "3"
        old = client.last_id
        epoch = old.partition("-")[0]
        assert old == f"{epoch}-1"
        for cursor in (old, f"{epoch}-{10**17}", f"{epoch}-{'9' * 400}", "cafe-1", "x", "-1", "'"):
            client = Client(server, topic="open:a")
            client.last_id = cursor
            await client.connect()
            assert (await client.next()).type == "reset"  # type: ignore[union-attr]
            await client.drop()
            # It stands where a new one would.
            await emit(server, topic="open:a", first=7)
            await client.connect()
            await client.until_type("tick")
            assert client.numbers() == [7]
            await client.drop()

    run(test)


def test_a_stream_ends_when_its_person_signs_out_or_is_deactivated(house: House) -> None:
    server = house.serve(heartbeat=0.5)

    async def test() -> None:
        for change in ({}, {"is_active": "false"}, {"is_staff": "false"}):
            person = json.loads(server.get("/enter", name="ada", staff="").body)["id"]
            own = f"user:{person}"
            client = await Client(server, topic=["team", own]).connect()
            await emit(server, topic=own)
            await client.until_type("tick")
            if change:
                server.get("/change?" + urlencode({"id": person, **change}))
            else:
                server.get("/leave")
            closed = await client.until_type("closed")
            assert closed.data == {"reason": "unauthorized"}
            assert await client.next() is None
            assert server.get("/events/", topic="team").status in {401, 403}
            server.get(f"/change?id={person}&is_active=true&is_staff=true")

    run(test)


def test_who_may_follow_what(house: House) -> None:
    server = house.serve()
    assert server.get("/events/", topic="team").status == 401
    assert server.get("/events/", topic="user:1").status == 401
    server.get("/enter", name="bob")
    for topic in ("team", "user:999", "unheard-of", "turbo:secret"):
        reply = server.get("/events/", topic=["open", topic])
        assert reply.status == 403, topic
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert topic in reply.text
    for query in (
        {},
        {"topic": "no topic"},
        {"topic": "a" * 201},
        {"topic": "\0"},
        {"topic": [f"open:{n}" for n in range(33)]},
        {"stream": "forged"},
        {"stream": "W10:forged"},
        {"present": "team"},
        {f"f{n}": "1" for n in range(300)},
    ):
        reply = server.get("/events/", **query)
        assert reply.status in {400, 403}, query
    foreign = server.get("/events/", topic="open", headers={"Origin": "https://evil.example"})
    assert foreign.status == 403
    assert server.get("/events/", topic="open", headers={"Host": "evil.example"}).status == 400


def test_signed_names_have_an_owner_and_an_end(house: House) -> None:
    server = house.serve(heartbeat=0.5)
    server.get("/enter", name="ada")
    hers = server.get("/sign", topic="turbo:1").text
    stale = server.get("/sign", topic="turbo:1", age=-1).text

    async def test() -> None:
        await Client(server, stream=hers).connect()
        assert server.get("/events/", stream=stale).status == 403
        assert server.get("/events/", stream=hers[:-1]).status == 400
        # Of a person, in a moment.
        brief = server.get("/sign", topic="turbo:1", age=2).text
        client = await Client(server, stream=brief).connect()
        assert (await client.next()).type == "closed"  # type: ignore[union-attr]
        server.get("/leave")
        assert server.get("/events/", stream=hers).status == 401
        server.get("/enter", name="bob")
        assert server.get("/events/", stream=hers).status == 403

    run(test)


def test_caps_of_a_person_and_of_a_process(house: House) -> None:
    server = house.serve(max_per_person=2, max_connections=3)

    async def test() -> None:
        clients = [await Client(server, topic="open").connect() for _ in range(2)]
        reply = server.get("/events/", topic="open")
        assert (reply.status, reply.headers["Retry-After"]) == (429, "10")
        server.get("/enter", name="ada")
        clients.append(await Client(server, topic="open").connect())
        assert server.get("/events/", topic="open").status == 503
        await clients.pop().drop()
        clients.append(await retry(lambda: Client(server, topic="open").connect()))
        assert server.get("/cursor").status == 200

    run(test)


async def retry(connect: Callable[[], Awaitable[Client]]) -> Client:
    while True:
        try:
            return await connect()
        except AssertionError:
            await asyncio.sleep(0.1)


def test_sigterm_ends_streams_at_once_and_lets_requests_finish(house: House) -> None:
    server = house.serve()

    async def test() -> None:
        clients = [await Client(server, topic="open").connect() for _ in range(20)]
        request = asyncio.create_task(asyncio.to_thread(server.get, "/slow", seconds=4))
        await asyncio.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        for client in clients:
            await client.until_type("shutdown")
            assert await client.next() is None
        assert not request.done()  # the streams did not wait for it
        assert (await request).text == "slow, but done"
        assert await asyncio.to_thread(server.process.wait, 60) == 0
        # They come back to the next one, with nothing lost.
        other = house.serve()
        await emit(other, topic="open", times=2)
        await asyncio.gather(*(client.connect(other) for client in clients))
        for client in clients:
            await client.until_type("tick")
            await client.until_type("tick")
            assert client.numbers() == [0, 1]

    run(test)


def test_a_killed_process_costs_its_clients_nothing(any_house: House) -> None:
    killed, other = any_house.serve(), any_house.serve()

    async def test() -> None:
        clients = [await Client(killed, topic="open:a").connect() for _ in range(10)]
        publishing = asyncio.create_task(emit(other, topic="open:a", times=100, pause=0.01))
        await asyncio.gather(*(client.until(20) for client in clients))
        os.kill(killed.process.pid, signal.SIGKILL)
        os.kill(killed.worker(), signal.SIGKILL)
        await publishing
        for client in clients:
            while await client.next():
                pass
            await client.connect(other)
            await client.until(100)
            assert client.numbers() == list(range(100))

    run(test)


def test_a_connection_lost_by_a_publisher_right_after_its_commit_loses_nothing(
    house: House,
) -> None:
    """The event has no position yet on PostgreSQL, and nobody was woken."""
    server = house.serve()

    async def test() -> None:
        client = await Client(server, topic="open:a").connect()
        code = (
            "import django, os; django.setup();"
            "from longhouse.realtime import wake; wake.ring = lambda connection: None;"
            "from longhouse.realtime.log import publish; publish('open:a', 'tick', {'n': 1});"
            "os.kill(os.getpid(), 9)"
        )
        await asyncio.to_thread(execute, house, code)
        await client.until(1)
        assert client.numbers() == [1]

    run(test)


def test_more_idle_streams_than_a_server_takes_by_default_keep_nobody_waiting(
    house: House,
) -> None:
    server = house.serve()

    async def test() -> None:
        clients = [Client(server, topic="open") for _ in range(1100)]
        for first in range(0, len(clients), 50):
            await asyncio.gather(*(client.connect() for client in clients[first : first + 50]))
        await emit(server, topic="open", first=1)
        await asyncio.gather(*(client.until(1) for client in clients))
        assert all(client.numbers() == [1] for client in clients)

    run(test)


@pytest.mark.skipif(redis_program() is None, reason="There is no redis-server here.")
def test_without_redis_events_come_later_and_nobody_waits_to_publish(tmp_path: Path) -> None:
    with redis_server() as redis:
        house = House(tmp_path, redis=redis.url)
        server = house.serve()

        async def test() -> None:
            client = await Client(server, topic="open").connect()
            await emit(server, topic="open", first=1)
            await client.until(1)
            redis.stop()
            await emit(server, topic="open", first=2, times=20)
            await client.until(21)
            redis.start()
            await emit(server, topic="open", first=22)
            await client.until(22)
            assert client.numbers() == list(range(1, 23))

        try:
            run(test)
        finally:
            house.stop()


def execute(house: House, code: str) -> None:
    subprocess.run([sys.executable, "-c", code], cwd=BACKEND, env=house.environment, check=False)
