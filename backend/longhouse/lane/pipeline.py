"""One connection to PostgreSQL on the event loop that many requests share at once.

Statements are prepared once each and answered in their order (libpq's pipeline mode); nothing waits
for a thread. What comes while PostgreSQL is at work is sent in batches, once it has answered: one
batch wakes either side once, and an answer waits for those behind it. When one of a batch fails,
PostgreSQL skips the rest: they are asked again, each alone. The connection can only read, and the
server ends what takes longer than STATEMENT_TIMEOUT, because all others wait behind it.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any

import greenlet
import psycopg
from django.db import connections
from psycopg import pq

from longhouse.prepared.postgresql import (
    MAX_PREPARED,
    Rows,
    Shape,
    Statements,
    numbered,
    wire_format,
)
from longhouse.prepared.rows import Form

STATEMENT_TIMEOUT = 250  # milliseconds
PATIENCE = 2.0  # seconds until a server that says nothing is given up
BATCH = 6  # statements that are answered together: within PATIENCE, however slow
CONNECT_TIMEOUT = 5  # seconds
MAX_UNDER_WAY = 64  # statements; more do not wait behind each other

Dumped = tuple[Sequence[Any], Sequence[pq.Format] | None]  # values as they travel, their formats


class _Asked:
    """One statement under way."""

    __slots__ = ("answer", "dumped", "error", "form", "shape", "to_prepare")

    def __init__(
        self, shape: Shape, form: Form, dumped: Dumped, answer: "asyncio.Future[Rows]"
    ) -> None:
        self.shape = shape
        self.form = form
        self.dumped = dumped
        self.answer = answer
        self.to_prepare = False  # an answer to that comes first
        self.error: Exception | None = None  # of its preparation


class Pipeline:
    """On the running loop; `fetch` is for coroutines, `fetch_prepared` for greenlets.

    `django` is a connection of `connect`'s.
    """

    def __init__(self, django: Any) -> None:
        self.django = django
        # For prepared queries, which look for it (longhouse.prepared.execute).
        self.django.fetch_prepared = self.fetch_prepared
        self._raw: psycopg.Connection[Any] = self.django.connection
        self._server = self._raw.pgconn
        self._server.nonblocking = 1
        self._server.enter_pipeline_mode()
        self._statements = Statements(self._raw)
        self._waiting: deque[_Asked] = deque()  # for the answers to those before them
        self._asked: deque[_Asked] = deque()  # sent, not yet answered
        self._is_to_send = False
        self._heard = 0.0  # when it said something last, or had nothing to say
        self._watch: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._socket = self._server.socket
        self._loop.add_reader(self._socket, self._read)
        self.is_open = True

    def fetch_prepared(self, sql: str, params: Sequence[Any], form: Form) -> Rows:
        """From a greenlet: as if it waited for the rows that its parent fetches."""
        rows: Rows = greenlet.getcurrent().parent.switch((sql, params, form))
        return rows

    def fetch(
        self, sql: str, params: Sequence[Any], form: Form = "binary"
    ) -> "asyncio.Future[Rows]":
        """The rows of a statement with %s for each parameter.

        Raises psycopg's errors, now or when it is awaited; OperationalError too when the server
        does not answer.
        """
        if not self.is_open or len(self._asked) + len(self._waiting) >= MAX_UNDER_WAY:
            raise psycopg.OperationalError("the pipeline is closed, or full")
        values, types, formats = self._statements.dump(params, form)
        answer = self._loop.create_future()
        if not self._asked:
            self._send_soon()
            self._heard = self._loop.time()
        self._waiting.append(_Asked((sql, types), form, (values, formats), answer))
        if self._watch is None:
            self._watch = self._loop.call_at(self._heard + PATIENCE, self._look)
        return answer

    def _send(self, asked: _Asked) -> None:
        """Into libpq's buffer; `_sync` sends it."""
        self._asked.append(asked)
        if (name := self._statements.find(asked.shape)) is None:
            name = self._statements.add(asked.shape)
            sql, types = asked.shape
            self._server.send_prepare(name, numbered(sql), types)
            asked.to_prepare = True
        self._server.send_query_prepared(name, *asked.dumped, wire_format(asked.form))

    def _send_soon(self) -> None:
        """After whatever else this turn of the loop asks."""
        if not self._is_to_send:
            self._is_to_send = True
            self._loop.call_soon(self._send_waiting)

    def _send_waiting(self) -> None:
        self._is_to_send = False
        try:
            together = 0
            while self._waiting:
                asked = self._waiting.popleft()
                if asked.answer.done():  # nobody waits any more
                    continue
                if together == BATCH:
                    self._server.pipeline_sync()
                    together = 0
                self._send(asked)
                together += 1
            if together:
                self._sync()
        except psycopg.OperationalError as error:
            self.close(error)

    def _sync(self) -> None:
        """The end of what is sent together, and on its way with it."""
        self._server.pipeline_sync()
        self._write()

    @property
    def is_worn(self) -> bool:
        """It has prepared so much that a new one should take over."""
        return self._statements.prepared >= MAX_PREPARED

    def close(self, reason: Exception) -> None:
        """End it; whoever waits gets `reason`."""
        if self.is_open:
            self.is_open = False
            if self._watch is not None:
                self._watch.cancel()
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._raw.close()
            for asked in (*self._asked, *self._waiting):
                if not asked.answer.done():
                    asked.answer.set_exception(reason)
            self._asked.clear()
            self._waiting.clear()

    def _look(self) -> None:
        """Give the server up when it has said nothing for too long."""
        self._watch = None
        if not (self._asked or self._waiting):
            return
        until = self._heard + PATIENCE
        if until <= self._loop.time():
            self.close(psycopg.OperationalError("the server does not answer"))
        else:
            self._watch = self._loop.call_at(until, self._look)

    def _write(self) -> None:
        try:
            if self._server.flush():
                self._loop.add_writer(self._socket, self._write)
            else:
                self._loop.remove_writer(self._socket)
        except psycopg.OperationalError as error:
            self.close(error)

    def _read(self) -> None:
        try:
            self._server.consume_input()
            self._heard = self._loop.time()
            separators = 0
            while self._asked and separators < 2 and not self._server.is_busy():
                result = self._server.get_result()
                separators = 0 if result else separators + 1  # two: nothing more has come
                if result:
                    self._take(result)
            if self._waiting and not self._asked:
                self._send_soon()
        except Exception as error:  # noqa: BLE001 - who comes next must not get what is left
            self.close(error)

    def _take(self, result: pq.abc.PGresult) -> None:
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return
        asked = self._asked[0]
        if asked.to_prepare:
            asked.to_prepare = False
            if result.status != pq.ExecStatus.COMMAND_OK:
                self._statements.forget(asked.shape)
            if result.status == pq.ExecStatus.FATAL_ERROR:
                asked.error = psycopg.errors.error_from_result(result)
            return
        self._asked.popleft()
        rows: Rows = []
        error = asked.error
        match result.status:
            case pq.ExecStatus.TUPLES_OK:
                try:
                    rows = self._statements.load(result, asked.form)
                except Exception as reason:  # noqa: BLE001 - such as a date beyond Python's
                    error = reason
            case pq.ExecStatus.PIPELINE_ABORTED:
                if error is None and not asked.answer.done():  # another one failed
                    self._send(asked)
                    self._sync()
                    return
            case pq.ExecStatus.FATAL_ERROR:
                error = psycopg.errors.error_from_result(result)
                if not isinstance(error, psycopg.errors.QueryCanceled):
                    # Perhaps it never was prepared, or its tables have changed.
                    self._statements.forget(asked.shape)
                if result.error_field(pq.DiagnosticField.SEVERITY_NONLOCALIZED) == b"FATAL":
                    self.close(error)  # the connection ends with it
        if asked.answer.done():  # nobody waits any more
            return
        if error:
            asked.answer.set_exception(error)
        else:
            asked.answer.set_result(rows)


def connect(alias: str) -> Any:
    """Django's connection with its settings and adapters, out of any pool. Blocks; for a thread.

    That it only reads and how long a statement may take is said when it starts: a pooler that
    would hand such a session to somebody else refuses it.
    """
    django = connections.create_connection(alias)
    options = {**django.settings_dict["OPTIONS"]}
    options.pop("pool", None)
    options["connect_timeout"] = CONNECT_TIMEOUT
    options["options"] = " ".join(
        (
            str(options.get("options", "")),
            "-c default_transaction_read_only=on",
            f"-c statement_timeout={STATEMENT_TIMEOUT}",
        )
    ).strip()
    django.settings_dict = {**django.settings_dict, "OPTIONS": options}
    django.inc_thread_sharing()
    django.ensure_connection()
    return django
