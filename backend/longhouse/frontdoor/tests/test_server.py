"""The door in a real server, spoken to by sockets."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest

from longhouse.frontdoor.tests.files import LARGE
from longhouse.frontdoor.tests.test_requests import multipart

BACKEND = Path(__file__).parents[3]


@dataclass
class Reply:
    status: int
    headers: Message
    body: bytes


@dataclass
class Server:
    port: int
    process: subprocess.Popen[bytes]
    home: Path

    def ask(
        self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with closing(connection):
            connection.request(method, target, body or None, headers or {})
            with connection.getresponse() as reply:
                return Reply(reply.status, reply.headers, reply.read())

    def get(self, target: str, headers: dict[str, str] | None = None) -> Reply:
        return self.ask("GET", target, headers)

    def connect(self, request: str) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        client.sendall(request.replace("\n", "\r\n").encode())
        return client


@pytest.fixture
def server(product: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "longhouse.frontdoor.tests.server_settings",
        "TEST_HOME": str(product),
    }
    command = [sys.executable, "-m", "granian", "longhouse.frontdoor.tests.server:application"]
    command += ["--interface", "asginl", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--respawn-failed-workers"]
    log = product / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=BACKEND, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        running = Server(port, process, product)
        try:
            for _ in range(200):
                try:
                    running.get("/hello")
                    break
                except OSError:
                    assert process.poll() is None, log.read_text()
                    time.sleep(0.1)
            yield running
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


def read_all(client: socket.socket) -> bytes:
    data = b""
    while chunk := client.recv(65536):
        data += chunk
    return data


def test_files_and_ranges(server: Server) -> None:
    reply = server.get("/static/admin/base.css", {"Accept-Encoding": "br"})
    assert (reply.status, reply.headers["Content-Encoding"]) == (200, "br")
    assert len(reply.headers.get_all("X-Content-Type-Options") or []) == 1
    assert server.get("/static/film.mp4").body == LARGE
    part = server.get("/static/film.mp4", {"Range": "bytes=-5"})
    assert (part.status, part.body) == (206, LARGE[-5:])
    assert server.get("/static/none").status == 404
    raw = server.connect(
        "GET /media/../server.log HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n"
    )
    with raw:
        assert read_all(raw).startswith(b"HTTP/1.1 404")


def test_each_thread_keeps_its_connection_to_the_database(server: Server) -> None:
    replies = [json.loads(server.get("/database").body) for _ in range(20)]
    used = {reply["thread"]: set[int]() for reply in replies}
    for reply in replies:
        used[reply["thread"]].add(reply["connection"])
    assert set(used) <= {"django-1", "django-2"}
    assert all(len(connections) == 1 for connections in used.values())


def test_a_large_upload_arrives_and_a_larger_one_is_refused(server: Server) -> None:
    headers, chunks = multipart(3_500_000)
    whole = server.ask("POST", "/upload", headers, b"".join(chunks))
    assert json.loads(whole.body) == {"files": {"f": 3_500_000}}
    client = server.connect(
        "POST /upload HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 999999999\n\nbegin"
    )
    with client:
        reply = read_all(client)  # the server answers and closes, without the rest
    assert reply.startswith(b"HTTP/1.1 413")
    assert b"/problems/too-large" in reply


def test_slow_and_vanished_clients_take_no_thread(server: Server) -> None:
    head = "POST /upload HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 1000\n\nx"
    slow = [server.connect(head) for _ in range(10)]
    slow += [
        server.connect("GET /many HTTP/1.1\nHost: 127.0.0.1\n\n") for _ in range(10)
    ]  # and none of them reads
    started = time.monotonic()
    for _ in range(5):
        assert server.get("/hello").body == b"hello"
    assert time.monotonic() - started < 5
    for client in slow:
        client.close()
    assert server.get("/hello").body == b"hello"


def test_a_stream_waits_for_its_reader_in_bounded_memory(server: Server) -> None:
    def memory() -> int:
        """Kilobytes of the worker processes."""
        children = subprocess.run(
            ["ps", "--ppid", str(server.process.pid), "-o", "rss="],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        return sum(map(int, children))

    before = memory()
    # 100,000 chunks of 8 kB: 800 MB if nobody waited.
    with server.connect("GET /many HTTP/1.1\nHost: 127.0.0.1\n\n"):
        time.sleep(1.5)
        assert memory() - before < 40_000


def test_a_broken_stream_is_seen_to_be_broken(server: Server) -> None:
    with pytest.raises(http.client.IncompleteRead):
        server.get("/broken-stream")


def test_a_killed_worker_is_replaced(server: Server) -> None:
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    if not children.exists():
        pytest.skip("needs /proc to find the worker")
    workers = [
        int(child)
        for child in children.read_text().split()
        if b"granian" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    assert workers
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    for _ in range(300):
        try:
            if server.get("/hello").body == b"hello":
                break
        except OSError:
            time.sleep(0.1)
    else:
        pytest.fail("no new worker within 30 seconds")


def test_stopping_finishes_what_was_begun(server: Server) -> None:
    answers: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: answers.append(server.get("/sleep?s=1.5").body))
        for _ in range(4)  # two at work, two in the queue
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    server.process.send_signal(signal.SIGTERM)
    for thread in threads:
        thread.join(15)
    assert answers == [b"slept"] * 4
    assert server.process.wait(15) == 0


def test_stopping_does_not_wait_for_a_client_that_does_not_read(server: Server) -> None:
    with server.connect("GET /many HTTP/1.1\nHost: 127.0.0.1\n\n"):
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
    assert server.process.wait(15) == 0
