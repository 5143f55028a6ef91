"""Who is here, across processes that come, go and are killed."""

import json
import os
import signal
from typing import Any

from longhouse.realtime.tests.clients import Client, run
from longhouse.realtime.tests.house import House, Server
from longhouse.realtime.tests.sockets import WebSocket


async def come(server: Server, name: str) -> tuple[Client, list[Any]]:
    """A client of a person, and who it is told is there."""
    server.cookies.clear()
    server.get("/enter", name=name)
    client = await Client(server, present="open:room").connect()
    here = await client.until_type("presence.here")
    return client, [person["meta"]["name"] for person in here.data["data"]]  # type: ignore[index]


def test_people_come_and_go_whatever_the_number_of_their_connections(house: House) -> None:
    servers = [house.serve(), house.serve()]

    async def test() -> None:
        ada, seen = await come(servers[0], "ada")
        assert seen == ["ada"]
        bob, seen = await come(servers[1], "bob")
        assert seen == ["ada", "bob"]
        joined = await ada.until_type("presence.joined")
        while joined.data["data"]["meta"]["name"] == "ada":  # type: ignore[index]
            joined = await ada.until_type("presence.joined")
        bobs = joined.data["data"]  # type: ignore[index]
        assert bobs["meta"] == {"name": "bob"}
        second, _ = await come(servers[0], "bob")
        cable = await WebSocket(servers[0]).connect()  # of bob too
        cable.subscribe("EventsChannel", topic="open:room", present=True)
        await cable.until("confirm_subscription")
        here = (await cable.next())["message"]
        assert [person["meta"]["name"] for person in here["data"]] == ["ada", "bob"]
        for one in (bob, second, cable):
            await one.drop()
        left = await ada.until_type("presence.left")
        assert left.data["data"] == {"user": bobs["user"]}  # type: ignore[index]
        # Once, although there were three.
        count = [message.type for message in ada.messages].count("presence.joined")
        assert count == 2

    run(test)


def test_who_was_in_a_killed_process_is_gone_after_a_while(house: House) -> None:
    settings = {"presence_age": 3, "heartbeat": 1}
    killed, other = house.serve(**settings), house.serve(**settings)

    async def test() -> None:
        ada, _ = await come(other, "ada")
        await come(killed, "bob")
        await ada.until_type("presence.joined")
        os.kill(killed.process.pid, signal.SIGKILL)
        os.kill(killed.worker(), signal.SIGKILL)
        left = await ada.until_type("presence.left")
        person = json.loads(killed_id(house))
        assert left.data["data"] == {"user": str(person)}  # type: ignore[index]
        # Who is alive stays.
        assert (await come(other, "cyd"))[1] == ["ada", "cyd"]

    run(test)


def killed_id(house: House) -> str:
    """Of bob."""
    code = "from django.contrib.auth.models import User; print(User.objects.get(username='bob').pk)"
    return house.django("shell", "--no-imports", "-c", code)


def test_nobody_can_be_present_without_a_name_or_where_it_is_not_meant(house: House) -> None:
    server = house.serve()
    assert server.get("/events/", present="open:room").status == 400
    server.get("/enter", name="ada")
    assert server.get("/events/", present="user:1").status == 400
    assert server.get("/events/", present="team").status == 403
