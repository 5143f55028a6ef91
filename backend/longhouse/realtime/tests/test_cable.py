"""/cable, spoken to as no client library would."""

import asyncio
import json
import signal

from longhouse.realtime.tests.clients import emit, run
from longhouse.realtime.tests.house import House
from longhouse.realtime.tests.sockets import PROTOCOL, WebSocket


def test_an_identifier_comes_back_to_the_letter(house: House) -> None:
    server = house.serve()

    async def test() -> None:
        socket = await WebSocket(server).connect()
        assert await socket.next() == {"type": "welcome"}
        identifier = '{ "topic":"open:a" ,"channel":"EventsChannel","x":"\\u00e9" }'
        for _ in range(2):  # a client that did not hear the answer asks again
            socket.send({"command": "subscribe", "identifier": identifier})
            confirmed = {"type": "confirm_subscription", "identifier": identifier}
            assert await socket.next() == confirmed
        await emit(server, topic="open:a", first=1)
        data = {"type": "tick", "data": {"n": 1, "who": ""}}
        assert await socket.next() == {"identifier": identifier, "message": data}
        socket.send({"command": "unsubscribe", "identifier": identifier})
        other = socket.subscribe("EventsChannel", topic="open:b")
        await socket.until("confirm_subscription")
        await emit(server, topic="open:a", first=2)
        await emit(server, topic="open:b", first=3)
        assert (await socket.next())["identifier"] == other

    run(test)


def test_who_comes_from_elsewhere_or_speaks_otherwise_is_not_let_in(house: House) -> None:
    server = house.serve()

    async def test() -> None:
        attempts: list[tuple[dict[str, str], str]] = [
            ({"Origin": "https://evil.example"}, PROTOCOL),
            ({"Origin": f"http://127.0.0.1.evil.example:{server.port}"}, PROTOCOL),
            ({"Origin": "null"}, PROTOCOL),
            ({"Host": "evil.example"}, PROTOCOL),
            ({}, "graphql-ws"),
        ]
        for headers, protocol in attempts:
            socket = await WebSocket(server, headers).connect(protocol=protocol)
            assert socket.status == 403, (headers, protocol)
        for origin in (f"http://127.0.0.1:{server.port}", "https://trusted.example"):
            socket = await WebSocket(server, {"Origin": origin}).connect()
            assert socket.status == 101

    run(test)


NO_COMMANDS = [
    b"",
    b"no JSON",
    b"[]",
    b"7",
    b"{}",
    b'{"command": "subscribe", "identifier": 7}',
    b'{"command": "subscribe", "identifier": "%s"}' % (b"x" * 5000),
    b"[" * 20_000,
    b'{"command": "x", "identifier": "' + b"x" * 70_000 + b'"}',
]


def test_a_frame_that_is_no_command_ends_the_connection(house: House) -> None:
    server = house.serve()

    async def test() -> None:
        for frame, opcode in [*((frame, 1) for frame in NO_COMMANDS), (b"\xff\x00", 2)]:
            socket = await WebSocket(server).connect()
            socket.send_frame(frame, opcode=opcode)
            said = await socket.until("disconnect")
            assert said == {"type": "disconnect", "reason": "invalid_request", "reconnect": False}
            assert await socket.next() is None

    run(test)


def test_what_cannot_be_subscribed_to_is_rejected_and_costs_nothing_else(house: House) -> None:
    server = house.serve()

    async def test() -> None:
        socket = await WebSocket(server).connect()
        await socket.until("welcome")
        for identifier in (
            "",
            "no JSON",
            "[]",
            "{}",
            '{"channel": 7}',
            '{"channel": ["EventsChannel"]}',
            '{"channel": "EventsChannel"}',
            '{"channel": "EventsChannel", "topic": "team"}',
            '{"channel": "EventsChannel", "topic": "user:1"}',
            '{"channel": "EventsChannel", "topic": "turbo:a"}',
            '{"channel": "EventsChannel", "topic": "open:a", "after": 7}',
            '{"channel": "EventsChannel", "topic": "open:a", "present": true}',
            '{"channel": "ChatChannel"}',
            '{"channel": "Turbo::StreamsChannel", "signed_stream_name": null}',
        ):
            socket.send({"command": "subscribe", "identifier": identifier})
            rejected = {"type": "reject_subscription", "identifier": identifier}
            assert await socket.next() == rejected
        for command in ("message", "unsubscribe", "history", "no such"):
            socket.send({"command": command, "identifier": "unknown", "data": "{}"})
        identifiers = [socket.subscribe("EventsChannel", topic=f"open:{n}") for n in range(33)]
        said = [await socket.next() for _ in identifiers]
        assert [message["type"] for message in said[:32]] == ["confirm_subscription"] * 32
        assert said[32]["type"] == "reject_subscription"

    run(test)


def test_a_right_that_is_lost_ends_the_subscription_a_session_the_connection(
    house: House,
) -> None:
    server = house.serve(heartbeat=0.5)
    person = json.loads(server.get("/enter", name="ada", staff="").body)["id"]

    async def test() -> None:
        socket = await WebSocket(server).connect()
        team = socket.subscribe("EventsChannel", topic="team")
        await socket.until("confirm_subscription")
        socket.subscribe("EventsChannel", topic=f"user:{person}")
        await socket.until("confirm_subscription")
        server.get(f"/change?id={person}&is_staff=false")
        assert (await socket.until("reject_subscription"))["identifier"] == team
        await emit(server, topic="team", first=1)
        await emit(server, topic=f"user:{person}", first=2)
        assert await socket.numbers(1) == [2]
        server.get(f"/change?id={person}&is_active=false")
        said = await socket.until("disconnect")
        assert said == {"type": "disconnect", "reason": "unauthorized", "reconnect": False}
        assert await socket.next() is None

    run(test)


def test_too_many_are_told_to_come_later(house: House) -> None:
    server = house.serve(max_per_person=2)

    async def test() -> None:
        for _ in range(2):
            assert await (await WebSocket(server).connect()).until("welcome")
        said = await (await WebSocket(server).connect()).until("disconnect")
        assert said == {"type": "disconnect", "reason": "too_many_connections", "reconnect": True}

    run(test)


def test_a_socket_that_does_not_read_holds_up_nobody_and_misses_nothing(house: House) -> None:
    server = house.serve()
    events = 2000

    async def test() -> None:
        quick = await WebSocket(server).connect()
        slow = await WebSocket(server, slow=True).connect()
        for socket in (quick, slow):
            socket.subscribe("EventsChannel", topic="open:a")
            await socket.until("confirm_subscription")
        publishing = asyncio.create_task(emit(server, topic="open:a", times=events, fill=1000))
        assert await quick.numbers(events) == list(range(events))
        await publishing
        assert await slow.numbers(events) == list(range(events))

    run(test)


def test_sigterm_tells_sockets_to_come_again(house: House) -> None:
    server = house.serve()

    async def test() -> None:
        sockets = [await WebSocket(server).connect() for _ in range(10)]
        for socket in sockets:
            socket.subscribe("EventsChannel", topic="open:a")
            await socket.until("confirm_subscription")
        server.process.send_signal(signal.SIGTERM)
        for socket in sockets:
            said = await socket.until("disconnect")
            assert said == {"type": "disconnect", "reason": "server_restart", "reconnect": True}
            assert await socket.next() is None
        assert await asyncio.to_thread(server.process.wait, 60) == 0

    run(test)


def test_an_action_that_fails_does_not_end_the_connection(house: House) -> None:
    server = house.serve()
    server.get("/enter", name="ada")

    async def test() -> None:
        socket = await WebSocket(server).connect()
        identifier = socket.subscribe("ChatChannel", room="a")
        await socket.until("confirm_subscription")
        for data in ({"action": "speak"}, {"action": "secret"}, {"action": "__init__"}, {}):
            content = json.dumps(data)
            socket.send({"command": "message", "identifier": identifier, "data": content})
        content = json.dumps({"action": "speak", "text": "Still here"})
        socket.send({"command": "message", "identifier": identifier, "data": content})
        said = [await socket.next(), await socket.next()]
        assert said[0]["message"] == {"welcome": "ada"}
        assert said[1]["message"]["data"] == {"text": "Still here", "by": "ada"}
        assert "KeyError: 'text'" in server.log.read_text()

    run(test)
