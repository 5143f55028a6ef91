"""Django Channels beside our paths, in one ASGI application."""

from pathlib import Path

import pytest

from longhouse.realtime.tests.clients import emit, run
from longhouse.realtime.tests.house import House, Server, redis_program, redis_server
from longhouse.realtime.tests.sockets import WebSocket

pytestmark = pytest.mark.skipif(redis_program() is None, reason="There is no Redis or Valkey here.")


async def joined(server: Server, path: str) -> WebSocket:
    return await WebSocket(server, {"Origin": server.url}).connect(path, protocol="")


def test_a_chat_of_channels_and_our_streams_share_servers_and_sessions(tmp_path: Path) -> None:
    with redis_server() as redis:
        house = House(tmp_path, redis=redis.url, entry="channels_server")
        try:
            first, second = house.serve(), house.serve()
            first.get("/enter", name="Ada")

            async def test() -> None:
                ada = await joined(first, "/ws/chat/hall")
                bob = await joined(second, "/ws/chat/hall")
                elsewhere = await joined(second, "/ws/chat/yard")
                cable = await WebSocket(second, {"Origin": second.url}).connect()
                cable.subscribe("EventsChannel", topic="open:a")
                await cable.until("confirm_subscription")
                ada.send({"text": "Hello"})
                said = {"who": "Ada", "text": "Hello"}
                assert await ada.next() == said
                assert await bob.next() == said
                await emit(first, topic="open:a", first=1)
                assert (await cable.next())["message"]["data"]["n"] == 1
                elsewhere.send({"text": "Anybody?"})  # the first thing that is heard there
                assert await elsewhere.next() == {"who": "", "text": "Anybody?"}
                nowhere = await joined(second, "/ws/nothing")
                assert nowhere.status in (403, 404, 500)
                stranger = {"Origin": "https://evil.example"}
                for path in ("/cable", "/ws/chat/hall"):
                    assert (await WebSocket(first, stranger).connect(path)).status == 403

            run(test)
        finally:
            house.stop()
