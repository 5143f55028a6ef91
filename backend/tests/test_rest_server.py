"""The public API behind the front door, in a real server with many threads."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from config.env import ROOT

sys.path.insert(0, str(ROOT / "scripts" / "lib"))
from server import server_command

BACKEND = ROOT / "backend"
# scripts/test-services names a PostgreSQL; without, the house has a SQLite file.
POSTGRES = os.environ.get("DATABASE_URL", "")
APP = "https://app.example.org"
ADA = {"email": "ada@example.org", "password": "correct horse battery"}
THREADS = 8


@dataclass
class Answer:
    status: int
    headers: Message
    body: dict[str, Any]


@dataclass
class Server:
    port: int

    def ask(
        self,
        method: str,
        path: str,
        body: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        connection = HTTPConnection("localhost", self.port, timeout=60)
        try:
            connection.request(
                method,
                path,
                json.dumps(body) if body is not None else None,
                {"Content-Type": "application/json"} | (headers or {}),
            )
            with connection.getresponse() as answer:
                return Answer(answer.status, answer.headers, json.loads(answer.read() or "{}"))
        finally:
            connection.close()

    def at_once(self, path: str, body: dict[str, str]) -> list[Answer]:
        """The same POST from all threads at the same moment."""
        start = Barrier(THREADS)

        def post(_: int) -> Answer:
            start.wait()
            return self.ask("POST", path, body)

        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(post, range(THREADS)))


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    if not POSTGRES:
        yield ""
        return
    name = f"rest_{uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("rest")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DJANGO_SECRET_KEY": "a-key-for-the-house-under-test-and-for-nothing-else",
        "DJANGO_ALLOWED_HOSTS": "localhost",
        "CSRF_TRUSTED_ORIGINS": f"http://localhost:{port}",
        "CORS_ALLOWED_ORIGINS": APP,
        "SITE_URL": f"http://localhost:{port}",
        "VAR_DIR": str(folder),
        "FRONTEND_DIST": str(folder / "dist"),
        "DATABASE_URL": database,
        "DB_NAME": "",
        "CACHE_URL": "",
        "WEB_THREADS": str(THREADS),
        "SIGN_IN_RATE": "12/m",
        "DJANGO_SUPERUSER_PASSWORD": ADA["password"],
    }
    for command in (
        ["migrate", "--verbosity", "0"],
        ["createcachetable", "--database", "cache"],
        ["createsuperuser", "--no-input", "--email", ADA["email"], "--display_name", "Ada"],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=BACKEND, env=environment, check=True
        )
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            server_command(port), cwd=BACKEND, env=environment, stdout=output, stderr=output
        )
        try:
            wait_until_it_answers(Server(port), process, log)
            yield Server(port)
        finally:
            process.terminate()
            process.wait(60)


def wait_until_it_answers(server: Server, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            server.ask("GET", "/health/live")
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        else:
            return


def test_of_many_who_use_one_refresh_token_one_gets_a_successor(server: Server) -> None:
    token = server.ask("POST", "/api/v1/token/", ADA).body["refresh"]
    answers = server.at_once("/api/v1/token/refresh/", {"refresh": token})
    assert sorted(answer.status for answer in answers) == [200] + [401] * (THREADS - 1)
    (successor,) = [answer.body["refresh"] for answer in answers if answer.status == 200]
    assert server.ask("POST", "/api/v1/token/refresh/", {"refresh": successor}).status == 200


def test_of_many_who_sign_out_with_one_token_one_does(server: Server) -> None:
    token = server.ask("POST", "/api/v1/token/", ADA).body["refresh"]
    answers = server.at_once("/api/v1/token/blacklist/", {"refresh": token})
    assert sorted(answer.status for answer in answers) == [200] + [401] * (THREADS - 1)


def test_other_origins_ask_before_they_call(server: Server) -> None:
    wish = {"Access-Control-Request-Method": "POST", "Origin": APP}
    answer = server.ask("OPTIONS", "/api/v1/token/", headers=wish)
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    for path, origin in (("/api/v1/token/", "https://evil.example"), ("/health/live", APP)):
        answer = server.ask("OPTIONS", path, headers=wish | {"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/api/v1/", {}, 404),
        ("GET", "/api/v1/nope", {"Accept": "text/html"}, 404),
        ("GET", "/api/v1/token/", {}, 405),
        ("POST", "/api/v1/token/refresh/", {"Accept-Encoding": "gzip, br"}, 422),
        ("POST", "/api/v1/token/refresh/", {"Host": "evil.example"}, 400),
        ("POST", "/api/v1/token/refresh/", {"Content-Length": "999999999"}, 413),
    ],
)
def test_every_error_is_a_problem(
    server: Server, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = server.ask(method, path, {} if method == "POST" else None, headers)
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.body["status"] == status
    assert answer.body["request_id"] == answer.headers["X-Request-ID"]
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_guessing_from_many_threads_is_slowed_down(server: Server) -> None:
    answers = [
        answer
        for _ in range(2)
        for answer in server.at_once("/api/v1/token/", ADA | {"password": "wrong"})
    ]
    refused = [answer for answer in answers if answer.status == 429]
    # Two signed in above; ten of the twelve were left.
    assert len(refused) == 2 * THREADS - 10
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
