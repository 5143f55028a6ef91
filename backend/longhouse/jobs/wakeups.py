"""Telling workers that there is something to do, and hearing of it.

Nothing depends on being heard: workers look by themselves once a second too.
"""

import time
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from django.db import InterfaceError, transaction

from longhouse.jobs import doorbell, sql

CHANNEL: Final = "longhouse_jobs"
#: seconds between two looks at SQLite's data_version, about 5 microseconds each
POLL: Final = 0.005


def notify(queue: str) -> None:
    """Wake the workers when the transaction around is committed.

    Nothing to do on SQLite: its workers see every commit.
    """
    if doorbell.configured():
        transaction.on_commit(partial(doorbell.doorbell.ring, queue), using=sql.alias())
    elif notified_by_database():
        with sql.connection().cursor() as cursor:
            # Of one transaction's equal notifications PostgreSQL delivers one.
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, queue])


def notified_by_database() -> bool:
    return sql.on_postgresql() and not doorbell.configured()


def listen(channel: str) -> Any:
    """A connection that listens. Not from the pool: it lives as long as who listens.

    Raises InterfaceError.
    """
    import psycopg

    try:
        listener = psycopg.connect(**sql.connection().get_connection_params(), autocommit=True)
        listener.execute(f"LISTEN {channel}")
    except psycopg.Error as error:
        raise InterfaceError(str(error)) from error
    return listener


def heard(listener: Any) -> Iterator[str]:
    """What has come, without a wait. Raises OperationalError of psycopg when it is cut off."""
    # As Connection.notifies() does, which first prepares for a wait.
    listener.pgconn.consume_input()
    while notification := listener.pgconn.notifies():
        yield notification.extra.decode()


class Ears:
    """Waits for messages of children and for news in the database."""

    def __init__(self, queues: Iterable[str]) -> None:
        self._queues = frozenset(queues)
        self._seen: Any = None
        self._listener: Any = None

    def wait(
        self, pipes: Sequence[Connection], timeout: float, *, listen: bool
    ) -> tuple[list[Any], Set[str]]:
        """The pipes with something to read, and the queues that may have news.

        At most `timeout` seconds; with `listen` off it only waits for pipes.
        """
        if not listen:
            return wait(pipes, timeout), frozenset()
        if sql.on_postgresql():
            return self._wait_for_notification(pipes, timeout)
        until = time.monotonic() + timeout
        while True:
            left = max(0.0, until - time.monotonic())
            ready = wait(pipes, min(POLL, left))
            changed = self._changed()
            if ready or changed or left <= POLL:
                return ready, self._queues if changed else frozenset()

    def _changed(self) -> bool:
        """Whether another connection wrote to the SQLite file since the last look."""
        with sql.connection().cursor() as cursor:
            (version,) = cursor.execute("PRAGMA data_version").fetchone()
        before, self._seen = self._seen, version
        return bool(before != version)

    def _wait_for_notification(
        self, pipes: Sequence[Connection], timeout: float
    ) -> tuple[list[Any], Set[str]]:
        if self._listener is None or self._listener.closed:
            self._listener = listen(CHANNEL)
        ready = wait([*pipes, self._listener], timeout)
        if self._listener not in ready:
            return ready, frozenset()
        ready.remove(self._listener)
        try:
            news = set(heard(self._listener))
        except Exception:  # noqa: BLE001 - whatever ended it, it is made anew
            self.close()
            return ready, self._queues  # what came meanwhile nobody heard
        return ready, news & self._queues

    def close(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
