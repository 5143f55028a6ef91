"""What Django gets from the door, and what the door does when there is too much of it."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from pytest_django import Settings

from longhouse.frontdoor import body
from longhouse.frontdoor.door import FrontDoor
from longhouse.frontdoor.tests import urls
from longhouse.frontdoor.tests.asgi import Response, ask, make_scope, request


def environ(door: FrontDoor, target: str, *args: Any, **kwargs: Any) -> Any:
    return json.loads(ask(door, "GET", target, *args, **kwargs).body)


def test_the_environ_says_who_asks_and_how(door: FrontDoor) -> None:
    seen = environ(door, "/environ?a=1&b=%C3%A9", {"X-Thing": "1"}, scheme="https")
    assert seen["REQUEST_METHOD"] == "GET"
    assert seen["query"] == {"a": "1", "b": "é"}
    assert (seen["REMOTE_ADDR"], seen["REMOTE_PORT"]) == ("192.0.2.7", "4711")
    assert (seen["SERVER_NAME"], seen["SERVER_PORT"]) == ("testserver", "80")
    assert seen["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert seen["HTTP_X_THING"] == "1"
    assert seen["length"] == 0
    assert "CONTENT_LENGTH" not in seen


def test_paths_arrive_as_they_were_meant(door: FrontDoor) -> None:
    assert environ(door, "/environ/Z%C3%BCrich%20%2F%25")["path"] == "/environ/Zürich /%"
    assert environ(door, "/environ/x", raw_path=b"/environ/%ff")["path"] == "/environ/%FF"
    mounted = environ(door, "/house/environ", root_path="/house")
    assert (mounted["SCRIPT_NAME"], mounted["PATH_INFO"]) == ("/house", "/environ")


def test_headers_are_joined_and_dangerous_names_left_out(door: FrontDoor) -> None:
    headers = [
        *(("Cookie", "a=1"), ("Cookie", "b=2")),
        *(("Accept", "text/html"), ("Accept", "*/*")),
        *(("X_Forwarded_For", "10.0.0.1"), ("Proxy", "http://evil"), ("X-Name", "caf\xe9")),
    ]
    seen = environ(door, "/environ", headers)
    assert seen["HTTP_COOKIE"] == "a=1; b=2"
    assert seen["HTTP_ACCEPT"] == "text/html, */*"
    assert "HTTP_X_FORWARDED_FOR" not in seen
    assert "HTTP_PROXY" not in seen
    assert seen["HTTP_X_NAME"] == "caf\xe9"


def test_two_hosts_are_refused(door: FrontDoor) -> None:
    assert ask(door, "GET", "/hello", [("Host", "testserver"), ("Host", "evil")]).status == 400


def test_every_cookie_is_set_by_its_own_header(door: FrontDoor) -> None:
    reply = ask(door, "GET", "/cookies")
    cookies = [value for name, value in reply.headers if name == "set-cookie"]
    assert [c.split(";")[0] for c in cookies] == ["a=1", "b=2"]
    assert reply["x-name"] == "caf\xe9"
    assert reply["content-length"] == "7"


def multipart(size: int) -> tuple[dict[str, str], list[bytes]]:
    head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    data = head + b"d" * size + b"\r\n--x--\r\n"
    headers = {
        "Content-Type": "multipart/form-data; boundary=x",
        "Content-Length": str(len(data)),
    }
    return headers, [data[at : at + 65536] for at in range(0, len(data), 65536)]


@pytest.mark.parametrize("size", [0, 1000, 1024 * 1024, 3_000_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_bodies_of_any_size_arrive_whole(door: FrontDoor, size: int, chunked: bool) -> None:
    headers, chunks = multipart(size)
    if chunked:
        del headers["Content-Length"]
        headers["Transfer-Encoding"] = "chunked"
    reply = ask(door, "POST", "/upload", headers, chunks)
    assert json.loads(reply.body) == {"files": {"f": size}}


def test_large_bodies_wait_on_disk_and_leave_nothing(
    door: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    spools = []

    def remember() -> Any:
        spools.append(TemporaryFile())  # noqa: SIM115 - the door closes it
        return spools[-1]

    monkeypatch.setattr(body, "TemporaryFile", remember)
    headers, chunks = multipart(3_000_000)
    assert ask(door, "POST", "/upload", headers, chunks).status == 200
    assert len(spools) == 1
    assert spools[0].closed
    ask(door, "POST", "/upload", headers | {"Content-Length": "3999999"}, chunks)
    assert len(spools) == 2
    assert spools[1].closed


def assert_problem(reply: Response, status: int, slug: str) -> None:
    assert reply.status == status
    assert reply["content-type"] == "application/problem+json"
    problem = json.loads(reply.body)
    assert (problem["status"], problem["type"]) == (status, f"/problems/{slug}")
    assert problem["request_id"] == reply["x-request-id"]


def test_too_much_is_refused_before_it_is_read(door: FrontDoor) -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield b"x" * 1_000_000

    declared = ask(door, "POST", "/upload", {"Content-Length": "100000000"}, endless())
    assert_problem(declared, 413, "too-large")
    assert declared["connection"] == "close"
    assert read == []
    undeclared = ask(door, "POST", "/upload", {"Transfer-Encoding": "chunked"}, endless())
    assert_problem(undeclared, 413, "too-large")
    assert len(read) == 5  # 4 MiB are allowed


@pytest.mark.parametrize("length", ["-1", "+5", "1e3", "0x5", "5, 5", "", "9" * 30, "\xb2"])
def test_a_length_that_is_no_number_is_refused(door: FrontDoor, length: str) -> None:
    assert ask(door, "POST", "/upload", {"Content-Length": length}).status == 400


def test_a_request_that_is_cut_off_never_reaches_django(door: FrontDoor) -> None:
    started = []
    request_started.connect(lambda **_: started.append(1), weak=False, dispatch_uid="test")
    try:
        reply = ask(door, "POST", "/upload", {"Content-Length": "1000"}, [b"x"])
    finally:
        request_started.disconnect(dispatch_uid="test")
    assert reply.status == 0
    assert started == []


def test_no_path_writes_a_line_of_its_own_into_the_log(
    door: FrontDoor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        ask(door, "POST", "/hello%0AERROR%20root%20forged", {"Content-Length": "9"}, [b"1234"])
    assert "The client left: POST" in caplog.text
    assert not any("\n" in record.getMessage() for record in caplog.records)


def test_a_client_that_stops_sending_is_given_up(
    settings: Settings, make_door: Callable[..., FrontDoor]
) -> None:
    settings.FRONTDOOR_BODY_TIMEOUT = 0.05
    door = make_door()
    sent: list[dict[str, Any]] = []

    async def run() -> None:
        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        silence: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        await door(make_scope("POST", "/upload", {"Content-Length": "5"}), lambda: silence, send)

    asyncio.run(run())
    assert sent[0]["status"] == 408


def test_when_all_threads_are_busy_some_wait_and_the_rest_is_told(
    settings: Settings, make_door: Callable[..., FrontDoor]
) -> None:
    settings.FRONTDOOR_THREADS = 2
    settings.FRONTDOOR_QUEUE = 3
    door = make_door()

    async def run() -> tuple[list[Response], Response, Response]:
        taken = [asyncio.create_task(request(door, "GET", "/wait")) for _ in range(5)]
        await asyncio.sleep(0.1)
        refused = await request(door, "GET", "/wait")
        page = await request(door, "GET", "/static/film.mp4")  # files need no thread
        urls.hold.set()
        return await asyncio.gather(*taken), refused, page

    taken, refused, page = asyncio.run(run())
    assert [reply.body for reply in taken] == [b"waited"] * 5
    assert_problem(refused, 503, "service-unavailable")
    assert refused["retry-after"] == "2"
    assert page.status == 200
    assert ask(door, "GET", "/hello").status == 200


def test_signals_surround_each_request_in_one_thread(door: FrontDoor) -> None:
    seen: list[tuple[str, str]] = []
    finished = threading.Event()

    def on_start(**_: Any) -> None:
        seen.append(("started", threading.current_thread().name))

    def on_finish(**_: Any) -> None:
        seen.append(("finished", threading.current_thread().name))
        finished.set()

    request_started.connect(on_start)
    request_finished.connect(on_finish)
    try:
        ask(door, "GET", "/hello")
        assert finished.wait(5)
    finally:
        request_started.disconnect(on_start)
        request_finished.disconnect(on_finish)
    assert [what for what, _ in seen] == ["started", "finished"]
    assert seen[0][1] == seen[1][1]
    assert seen[0][1].startswith("django-")
