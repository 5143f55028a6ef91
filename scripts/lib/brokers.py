"""RabbitMQ and Redis for the tests of jobs, in temporary folders; those that are installed."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

RABBITMQ = "usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server"


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports: list[int] = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@contextlib.contextmanager
def brokers() -> Iterator[dict[str, str]]:
    """Run them; yields the variables by which the tests find them."""
    with contextlib.ExitStack() as stack:
        found = {}
        if rabbitmq := next(iter(sorted(Path("/").glob(RABBITMQ))), None):
            found["JOBS_TEST_RABBITMQ"] = stack.enter_context(_rabbitmq(rabbitmq))
        if redis := shutil.which("valkey-server") or shutil.which("redis-server"):
            found["JOBS_TEST_REDIS"] = stack.enter_context(_redis(redis))
        yield found


@contextlib.contextmanager
def _rabbitmq(program: Path) -> Iterator[str]:
    port, between, names = free_ports(3)
    with tempfile.TemporaryDirectory(prefix="longhouse-rabbitmq-") as folder:
        environment = {
            "HOME": folder,  # its cookie
            "ERL_EPMD_PORT": str(names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"jobs{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(between),
            "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_CONFIG_FILE": f"{folder}/none",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
        }
        with _server([str(program)], port, folder, environment):
            yield f"amqp://guest:guest@127.0.0.1:{port}//"


@contextlib.contextmanager
def _redis(program: str) -> Iterator[str]:
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory(prefix="longhouse-redis-") as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        with _server([*command, "--dir", folder], port, folder, {}):
            yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def _server(
    command: list[str], port: int, folder: str, environment: Mapping[str, str]
) -> Iterator[None]:
    with Path(folder, "out").open("w") as log:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 90
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{command[0]} did not start:\n{Path(folder, 'out').read_text()}")
            time.sleep(0.2)
        yield
    finally:
        # The group: RabbitMQ's script is not RabbitMQ.
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
