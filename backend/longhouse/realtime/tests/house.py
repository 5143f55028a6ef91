"""Servers for the tests: real processes over one database, spoken to from outside."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

BACKEND = Path(__file__).parents[3]
# scripts/test-services names a PostgreSQL.
POSTGRES = os.environ.get("DATABASE_URL", "")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Server:
    port: int
    process: "subprocess.Popen[bytes]"
    log: Path
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, *, headers: dict[str, str] | None = None, **query: object) -> Reply:
        """GET with the cookies that earlier answers set."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        target = f"{path}?{urlencode(query, doseq=True)}" if query else path
        with contextlib.closing(connection):
            connection.request("GET", target, headers={**self.as_header(), **(headers or {})})
            reply = connection.getresponse()
            for value in reply.headers.get_all("set-cookie") or []:
                name, _, rest = value.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            return Reply(reply.status, reply.headers, reply.read())

    def as_header(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies} if cookies else {}

    def worker(self) -> int:
        """Process id of the worker, as Granian's log tells it."""
        return int(self.log.read_text().rpartition("with PID: ")[2].split()[0])

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise


class House:
    """One database and its servers."""

    def __init__(
        self,
        folder: Path,
        *,
        redis: str = "",
        settings: str = "longhouse.realtime.tests.settings",
        entry: str = "server",
    ) -> None:
        self.folder = folder
        self.entry = entry
        self.servers: list[Server] = []
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": settings,
            "TEST_HOME": str(folder),
            "TEST_REALTIME_URL": redis or "db://",
            "TEST_DATABASE": _database() if POSTGRES else "",
        }
        self.django("migrate", "--verbosity", "0")

    def django(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "django", *arguments],
            cwd=BACKEND,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def serve(self, port: int = 0, **settings: object) -> Server:
        """Start one more server, on the database of all."""
        port = port or free_port()
        log = self.folder / f"server-{port}.log"
        command = [
            sys.executable,
            "-m",
            "granian",
            f"longhouse.realtime.tests.{self.entry}:application",
        ]
        command += ["--interface", "asginl", "--host", "127.0.0.1", "--port", str(port)]
        command += ["--backlog", "4096", "--backpressure", "16384"]
        command += ["--workers-kill-timeout", "600"]  # a server that hangs fails its test
        environment = self.environment | {
            f"TEST_{name.upper()}": str(value) for name, value in settings.items()
        }
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=BACKEND, env=environment, stdout=output, stderr=subprocess.STDOUT
            )
        server = Server(port, process, log)
        self.servers.append(server)
        deadline = time.monotonic() + 60
        while True:
            try:
                server.get("/cursor")
            except OSError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            else:
                return server

    def stop(self) -> None:
        for server in self.servers:
            server.stop()
        if database := self.environment["TEST_DATABASE"]:
            _execute(f'DROP DATABASE "{urlsplit(database).path[1:]}" WITH (FORCE)')


def _database() -> str:
    name = f"realtime_{uuid4().hex[:12]}"
    _execute(f'CREATE DATABASE "{name}"')
    return urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()


def _execute(statement: str) -> None:
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextlib.contextmanager
def redis_server() -> "Iterator[Redis]":
    """A Redis or Valkey in a folder of its own, on a free port of this machine."""
    with tempfile.TemporaryDirectory(prefix="realtime-redis-") as folder:
        server = Redis(Path(folder), free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop()


def redis_program() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


class Redis:
    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.url = f"redis://127.0.0.1:{port}/0"

    def start(self) -> None:
        program = redis_program()
        assert program is not None
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5):
                    return
            except OSError:
                assert self.process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


@dataclass
class Message:
    """One server-sent event."""

    id: str
    type: str
    text: str

    @property
    def data(self) -> object:
        return json.loads(self.text)


def parse(block: str) -> Message:
    message = Message("", "message", "")
    for line in block.splitlines():
        name, _, value = line.partition(": ")
        if name == "id":
            message.id = value
        elif name == "event":
            message.type = value
        elif name == "data":
            message.text += value
    return message
