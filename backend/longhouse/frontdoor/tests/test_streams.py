import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.signals import request_finished
from pytest_django import Settings

from longhouse.frontdoor.door import FrontDoor
from longhouse.frontdoor.tests import urls
from longhouse.frontdoor.tests.asgi import Response, ask, request


def test_streams_arrive_in_order_and_end(door: FrontDoor) -> None:
    finished: list[int] = []

    def on_finish(**_: Any) -> None:
        finished.append(1)

    request_finished.connect(on_finish)
    try:
        reply = ask(door, "GET", "/many?n=50")
    finally:
        request_finished.disconnect(on_finish)
    assert reply.body == b"".join(b"%08d" % n * 1024 for n in range(50))
    assert reply.complete
    assert reply.get("content-length") is None
    assert urls.ended.is_set()
    assert finished == [1]


def test_files_come_in_large_chunks(door: FrontDoor) -> None:
    reply = ask(door, "GET", "/download")
    assert reply.body == b"d" * 300_000
    assert len(reply.chunks) <= 6
    assert reply["content-length"] == "300000"
    assert reply["content-disposition"] == 'attachment; filename="d.bin"'


def test_head_of_a_stream_reads_nothing_of_it(door: FrontDoor) -> None:
    reply = ask(door, "HEAD", "/many")
    assert (reply.status, reply.body, reply.complete) == (200, b"", True)
    assert urls.produced == []


def test_a_slow_client_is_waited_for_without_a_thread_of_the_pool(
    settings: Settings, make_door: Callable[..., FrontDoor]
) -> None:
    settings.FRONTDOOR_THREADS = 1
    door = make_door()

    async def run() -> tuple[int, Response]:
        leave, read = asyncio.Event(), asyncio.Event()

        async def on_chunk(response: Response) -> None:
            if len(response.chunks) == 3:
                read.set()
                await asyncio.Event().wait()  # takes no more

        slow = asyncio.create_task(request(door, "GET", "/many", on_chunk=on_chunk, leave=leave))
        await read.wait()
        await asyncio.sleep(0.1)
        produced = len(urls.produced)
        other = await request(door, "GET", "/hello")
        leave.set()
        await slow
        return produced, other

    produced, other = asyncio.run(run())
    assert produced == 3
    assert other.body == b"hello"


def test_a_client_that_leaves_ends_the_stream(door: FrontDoor) -> None:
    async def run() -> Response:
        leave = asyncio.Event()

        async def on_chunk(response: Response) -> None:
            if len(response.chunks) == 3:
                leave.set()
                await asyncio.sleep(60)

        return await request(door, "GET", "/many", on_chunk=on_chunk, leave=leave)

    started = time.monotonic()
    reply = asyncio.run(run())
    assert time.monotonic() - started < 10
    assert not reply.complete
    assert urls.ended.wait(5)
    assert len(urls.produced) <= 4
    assert door.django.free_streams == door.conf.streams


def test_a_client_that_takes_nothing_for_too_long_is_given_up(
    settings: Settings, make_door: Callable[..., FrontDoor]
) -> None:
    settings.FRONTDOOR_SEND_TIMEOUT = 0.05
    door = make_door()

    async def run() -> None:
        async def on_chunk(response: Response) -> None:
            await asyncio.sleep(60)

        await request(door, "GET", "/many", on_chunk=on_chunk)

    asyncio.run(run())
    assert urls.ended.wait(5)


def test_a_stream_that_breaks_is_not_ended_as_if_it_were_whole(
    door: FrontDoor, caplog: pytest.LogCaptureFixture
) -> None:
    responses: list[Response] = []

    async def run() -> None:
        async def on_chunk(response: Response) -> None:
            responses[:] = [response]

        await request(door, "GET", "/broken-stream", on_chunk=on_chunk)

    asyncio.run(run())
    assert responses[0].body == b"first"
    assert not responses[0].complete
    assert "no second" in caplog.text


def test_more_streams_than_allowed_are_told(
    settings: Settings, make_door: Callable[..., FrontDoor]
) -> None:
    settings.FRONTDOOR_STREAMS = 1
    door = make_door()

    async def run() -> Response:
        leave, read = asyncio.Event(), asyncio.Event()

        async def on_chunk(response: Response) -> None:
            read.set()
            await asyncio.Event().wait()

        first = asyncio.create_task(request(door, "GET", "/many", on_chunk=on_chunk, leave=leave))
        await read.wait()
        second = await request(door, "GET", "/many")
        leave.set()
        await first
        return second

    assert asyncio.run(run()).status == 503
    assert ask(door, "GET", "/many?n=1").status == 200
