"""Wake-ups: how the processes learn that there is something to read.

They carry nothing and may be lost: every reader looks again after SWEEP.
"""

import contextlib
import logging
import threading
import time
from typing import Any, Protocol

from django.db import transaction

from longhouse.realtime import conf

logger = logging.getLogger(__name__)

CHANNEL = "longhouse_realtime"
SWEEP = 1.0  # seconds between two looks that no wake-up asked for
# Seconds between two looks at SQLite's counter of commits, each about 0.1 ms of CPU: often while
# events come, and the longer none came, the more rarely: what else is committed wakes us too.
POLL_LEAST, POLL_MOST = 0.001, 0.02
CONNECT_TIMEOUT = 5  # seconds


class Waker(Protocol):
    """In the reader's thread."""

    def wait(self, quiet: float) -> None:
        """Return when there may be something to read, after SWEEP at the latest.

        `quiet` is for how many seconds there was nothing to read.
        """

    def close(self) -> None: ...


def waker(connection: Any) -> Waker:
    """What REALTIME_URL says. `connection` is the thread's own to the database of the log."""
    url = conf.load().url
    if is_redis(url):
        return RedisWaker(url)
    if connection.vendor == "postgresql":
        return PostgresWaker(connection)
    return SQLiteWaker(connection)


def ring(connection: Any) -> None:
    """Wake all readers when the transaction on `connection` is committed."""
    url = conf.load().url
    if is_redis(url):
        transaction.on_commit(bell(url).ring, using=connection.alias)
    elif connection.vendor == "postgresql":
        with connection.cursor() as c:
            c.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    else:
        transaction.on_commit(_committed.set, using=connection.alias)


def is_redis(url: str) -> bool:
    return url.startswith(("redis", "valkey"))


_committed = threading.Event()  # by this process


class SQLiteWaker:
    """Hears of this process's commits, and looks for others at SQLite's counter of them."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._seen = self._version()

    def wait(self, quiet: float) -> None:
        began = time.monotonic()
        while (waited := time.monotonic() - began) < SWEEP:
            pause = min(max(POLL_LEAST, (quiet + waited) / 16), POLL_MOST)
            told = _committed.wait(pause)
            _committed.clear()
            before, self._seen = self._seen, self._version()
            if told or self._seen != before:
                return

    def _version(self) -> int:
        self._connection.ensure_connection()
        version: int = self._connection.connection.execute("PRAGMA data_version").fetchone()[0]
        return version

    def close(self) -> None: ...


class PostgresWaker:
    """LISTEN, on a connection of its own and out of any pool."""

    def __init__(self, connection: Any) -> None:
        import psycopg

        parameters = {**connection.get_connection_params()}
        for name in ("cursor_factory", "context", "prepare_threshold", "server_side_binding"):
            parameters.pop(name, None)
        self._listening = psycopg.connect(
            **{"connect_timeout": CONNECT_TIMEOUT, **parameters}, autocommit=True
        )
        self._listening.execute(f"LISTEN {CHANNEL}".encode())

    def wait(self, quiet: float) -> None:
        for _ in self._listening.notifies(timeout=SWEEP, stop_after=1):
            pass

    def close(self) -> None:
        self._listening.close()


class RedisWaker:
    def __init__(self, url: str) -> None:
        self._client = _client(url)
        self._messages = self._client.pubsub(ignore_subscribe_messages=True)
        self._messages.subscribe(CHANNEL)

    def wait(self, quiet: float) -> None:
        if self._messages.get_message(timeout=SWEEP):
            # Those that came meanwhile are about what will be read now.
            while self._messages.get_message(timeout=0):
                pass

    def close(self) -> None:
        with contextlib.suppress(Exception):  # it is gone either way
            self._messages.close()
            self._client.close()


class Bell:
    """Publishes wake-ups in a thread of its own: a request never waits for Redis.

    What is rung while one is under way becomes one. While Redis is away none gets through; the
    readers' sweep finds what was to be told.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._rung = threading.Event()
        self._thread: threading.Thread | None = None

    def ring(self) -> None:
        self._rung.set()
        if self._thread is None or not self._thread.is_alive():  # the first time, or after a fork
            self._thread = threading.Thread(target=self._run, name="realtime-bell", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        client = _client(self._url)
        told = False
        while True:
            self._rung.wait()
            self._rung.clear()
            try:
                client.publish(CHANNEL, "")
                told = False
            except Exception as error:  # noqa: BLE001 - whatever keeps Redis from us
                if not told:
                    logger.warning("No wake-ups through REALTIME_URL: %s", error)
                told = True
                time.sleep(SWEEP)


_bells: dict[str, Bell] = {}


def bell(url: str) -> Bell:
    return _bells.setdefault(url, Bell(url))


def _client(url: str) -> Any:
    import redis

    return redis.Redis.from_url(
        url.replace("valkey", "redis", 1),
        socket_connect_timeout=CONNECT_TIMEOUT,
        socket_timeout=CONNECT_TIMEOUT,
        health_check_interval=30,
    )
