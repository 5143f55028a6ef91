"""The lane on the event loop: hot reads cost less than waking a thread for them.

A handler for the front door. With SQLite a query runs where it stands, in the process and in
microseconds, on a connection of the loop's own; one that takes longer than PATIENCE is broken off.
With PostgreSQL the operation waits in a greenlet while the loop goes on, and its statements share
one pipelined connection (pipeline.py). Either way only prepared queries can run here: whatever
needs Django's own cursors, a write or an ordinary queryset, is done again by a thread.
"""

import asyncio
import contextvars
import logging
import sqlite3
import threading
import time
from collections.abc import Awaitable, Sequence
from io import BytesIO
from typing import Any, NamedTuple

import greenlet
from django.core.exceptions import SynchronousOnlyOperation
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from longhouse.frontdoor.protocol import BadRequest, Headers, Response, Scope, target_of
from longhouse.frontdoor.wsgi import build_environ
from longhouse.lane.wsgi import KIND, LEFT_TO_DJANGO, REASON, Answer, Environ, Lane
from longhouse.prepared.execute import fetch_from_sqlite, shared_connection
from longhouse.prepared.rows import Fetched, Form

logger = logging.getLogger(__name__)

PATIENCE = 0.02  # seconds that one SQLite statement may hold up the loop
STEPS = 2_000  # of SQLite's virtual machine between two looks at the clock
RETRY_AFTER = 1.0  # seconds after a connection could not be opened


class _Done(NamedTuple):
    answer: Answer | None


class LoopLane:
    """Called with a scope, it answers it or gives None."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        default: Any = connections[DEFAULT_DB_ALIAS]
        self.vendor = default.vendor
        # What may succeed on a connection that can wait, and can do all that Django's do.
        self.worth_a_thread = (
            DatabaseError,
            SynchronousOnlyOperation,
            default.Database.Error,
        )
        if self.vendor == "postgresql" and not default.settings_dict["OPTIONS"].get(
            "prepare_threshold"
        ):
            self.vendor = ""  # behind a pooler: threads do all of it
        self.sqlite: Any = None  # Django's connection, once it is needed
        self.pipeline: Any = None
        self._idle: list[greenlet.greenlet] = []  # for PostgreSQL
        self._opening: asyncio.Task[None] | None = None
        self._try_again = 0.0
        self._until = 0.0

    def __call__(
        self, scope: Scope, headers: Headers
    ) -> Response | Awaitable[Response | None] | None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        try:
            target = target_of(scope)
        except BadRequest:
            return None  # the door's to refuse
        if not target.path.startswith(self.lane.prefix) or self.lane.find(target.path) is None:
            return None
        environ = build_environ(scope, headers, target.root, target.raw, BytesIO(), 0)
        if self.vendor == "sqlite":
            return self._on_sqlite(environ, scope)
        if self.vendor == "postgresql":
            return self._on_postgresql(environ, scope)
        return None

    def _response(self, answer: Answer | None, environ: Environ, scope: Scope) -> Response | None:
        """The answer; else the scope says what the thread need not find out again."""
        if answer is None:
            reason = environ.get(REASON)
            if reason is not None and not isinstance(reason, self.worth_a_thread):
                scope["environ"] = {LEFT_TO_DJANGO: True}
            return None
        if (known := self.lane.remembered.get(answer.kind)) is None:
            scope["environ"] = {KIND: answer.kind}
            return None
        if not known.fits(environ):
            return None
        own = [(name, value_of(answer).encode()) for name, value_of in known.own_encoded]
        return Response(answer.status, known.encoded + own, answer.body)

    # SQLite ----------------------------------------------------------------------------------

    def _on_sqlite(self, environ: Environ, scope: Scope) -> Response | None:
        if self.sqlite is None and not self._open_sqlite():
            return None
        # Only prepared queries find it: Django opens no connection where a loop runs.
        token = shared_connection.set(self.sqlite)
        self._until = time.monotonic() + PATIENCE
        try:
            return self._response(self.lane.answer(environ), environ, scope)
        finally:
            shared_connection.reset(token)

    def _open_sqlite(self) -> bool:
        if time.monotonic() < self._try_again:
            return False
        connection = connections.create_connection(DEFAULT_DB_ALIAS)
        connection.inc_thread_sharing()
        # Times as text: Django's converters read that too, without Python in SQLite's way.
        # No waiting: nobody else is served meanwhile.
        options = {**connection.settings_dict["OPTIONS"], "detect_types": 0, "timeout": 0}
        connection.settings_dict = {**connection.settings_dict, "OPTIONS": options}
        failed: list[Exception] = []

        def connect() -> None:
            try:
                connection.ensure_connection()
                connection.connection.execute("PRAGMA query_only = ON")
            except Exception as error:  # noqa: BLE001 - threads go on, and Django tells
                failed.append(error)

        opening = threading.Thread(target=connect)
        opening.start()
        opening.join()
        if failed:
            logger.warning("The loop cannot open the database: %s", failed[0])
            self._try_again = time.monotonic() + RETRY_AFTER
            return False
        raw = connection.connection
        raw.set_progress_handler(lambda: time.monotonic() > self._until, STEPS)

        def fetch(sql: str, params: Sequence[Any], _form: Form) -> Fetched:
            # Whatever fails here is done again by a thread: nobody needs Django's errors.
            try:
                return fetch_from_sqlite(raw, sql, params)
            except sqlite3.Error:
                # A new connection may help. It is needed when a statement was broken off: Python
                # takes that one for busy from then on, and prepares it again each time.
                self.sqlite = None
                if time.monotonic() <= self._until:  # not broken off
                    self._try_again = time.monotonic() + RETRY_AFTER
                raise

        # For prepared queries, which look for it (longhouse.prepared.execute).
        setattr(connection, "fetch_prepared", fetch)  # noqa: B010 - Django knows no such attribute
        self.sqlite = connection
        return True

    # PostgreSQL ------------------------------------------------------------------------------

    async def _on_postgresql(self, environ: Environ, scope: Scope) -> Response | None:
        if not self._has_pipeline():
            return None
        running = self._idle.pop() if self._idle else greenlet.greenlet(self._answer_all)
        running.gr_context = context = contextvars.copy_context()
        context.run(shared_connection.set, self.pipeline.django)
        said = running.switch(environ)
        try:
            while not isinstance(said, _Done):
                try:
                    rows = await self.pipeline.fetch(*said)
                except Exception as error:  # noqa: BLE001 - the operation's to see
                    said = running.throw(error)
                else:
                    said = running.switch(rows)
        except BaseException:  # the client has left
            running.throw()
            raise
        self._idle.append(running)
        return self._response(said.answer, environ, scope)

    def _answer_all(self, environ: Environ) -> None:
        """In a greenlet: answer one request after the other. Making a greenlet costs more."""
        while True:
            done = _Done(self.lane.answer(environ))
            environ = greenlet.getcurrent().parent.switch(done)

    def _has_pipeline(self) -> bool:
        """Whether it is open; else it is being opened, by a thread."""
        if self.pipeline is not None and self.pipeline.is_open and not self.pipeline.is_worn:
            return True
        if self._opening is None and time.monotonic() >= self._try_again:
            self._opening = asyncio.create_task(self._open_pipeline())
        return False

    async def _open_pipeline(self) -> None:
        from longhouse.lane.pipeline import Pipeline, connect  # only where there is psycopg

        try:
            django = await asyncio.to_thread(connect, DEFAULT_DB_ALIAS)
            worn, self.pipeline = self.pipeline, Pipeline(django)
            if worn is not None:
                worn.close(ConnectionError("a new pipeline took over"))
        except Exception as error:  # noqa: BLE001 - threads go on, and Django tells
            logger.warning("No pipeline to PostgreSQL: %s", error)
            self._try_again = time.monotonic() + RETRY_AFTER
        finally:
            self._opening = None
