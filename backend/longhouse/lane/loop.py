"""The lane on the event loop: reads that SQLite answers faster than a thread could be woken.

A handler for the front door. The query runs where it stands, in the process and in microseconds, on
a connection of the loop's own. One that takes longer than PATIENCE is broken off and done again by
a thread, as is all that needs Django's own cursors: a write, a queryset that is not prepared. With
a database behind a socket the loop would have to wait, so there threads do all of it.
"""

import threading
import time
from io import BytesIO
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from longhouse.frontdoor.protocol import (
    ASGIApp,
    BadRequest,
    HeaderList,
    Receive,
    Scope,
    Send,
    collect_headers,
    target_of,
)
from longhouse.frontdoor.wsgi import build_environ
from longhouse.lane.wsgi import Answer, Lane, Remembered

PATIENCE = 0.005  # seconds that one statement may hold up the loop
STEPS = 2_000  # of SQLite's virtual machine between two looks at the clock


class LoopLane:
    """Called with a scope, it answers it or gives None."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.is_sqlite = connections[DEFAULT_DB_ALIAS].vendor == "sqlite"
        self._connection: Any = None

    def __call__(self, scope: Scope) -> ASGIApp | None:
        if not self.is_sqlite or scope["type"] != "http" or scope["method"] != "GET":
            return None
        try:
            target = target_of(scope)
        except BadRequest:
            return None  # the door's to refuse
        if not target.path.startswith(self.lane.prefix) or self.lane.find(target.path) is None:
            return None
        self._connect()
        environ = build_environ(
            scope, collect_headers(scope), target.root, target.raw, BytesIO(), 0
        )
        self._until = time.monotonic() + PATIENCE
        answer = self.lane.answer(environ)
        if answer is None or (known := self.lane.remembered.get(answer.kind)) is None:
            return None
        return _sending(answer, known) if known.fits(environ) else None

    def _connect(self) -> None:
        """Give this request a connection that only prepared queries can use.

        Django opens none where an event loop runs, for fear of ordinary queries there; those still
        find no way, because the cursors of this connection are refused as ever.
        """
        if self._connection is None:
            self._connection = connections.create_connection(DEFAULT_DB_ALIAS)
            self._connection.inc_thread_sharing()
            # Times as text: Django's converters read that too, without Python in SQLite's way.
            options = {**self._connection.settings_dict["OPTIONS"], "detect_types": 0}
            self._connection.settings_dict = {
                **self._connection.settings_dict,
                "OPTIONS": options,
            }
            opening = threading.Thread(target=self._connection.ensure_connection)
            opening.start()
            opening.join()
            raw = self._connection.connection
            raw.execute("PRAGMA busy_timeout = 0")
            raw.execute("PRAGMA query_only = ON")
            raw.set_progress_handler(self._is_too_long, STEPS)
        # Every request has a context of its own, and Django a set of connections for each.
        connections[DEFAULT_DB_ALIAS] = self._connection

    def _is_too_long(self) -> bool:
        return time.monotonic() > self._until


def _sending(answer: Answer, known: Remembered) -> ASGIApp:
    headers: HeaderList = [
        *known.encoded,
        *((name.lower().encode(), value_of(answer).encode()) for name, value_of in known.own),
    ]
    start = {"type": "http.response.start", "status": answer.status, "headers": headers}
    body = {"type": "http.response.body", "body": answer.body}

    async def send_it(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start)
        await send(body)

    return send_it
