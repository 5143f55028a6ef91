"""Sessions in the database, as Django keeps them, read by a prepared query.

For `SESSION_ENGINE`; the sessions are those of `django.contrib.sessions.backends.db`.
"""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from longhouse.prepared.query import prepare

# Checking a signature and decompressing costs as much as reading the row. What was checked once,
# to the letter, needs no second look: by its text, which no two sessions share.
MAX_DECODED = 4096
_IMMUTABLE = (str, int, float, bool, type(None))
_decoded: dict[bytes | str, dict[str, Any]] = {}


@prepare
def session_data(*, key: str, now: datetime) -> QuerySet[Session, str]:
    live = Session.objects.filter(session_key=key, expire_date__gt=now)
    return live.values_list("session_data", flat=True)


class SessionStore(DatabaseSessionStore):
    def load(self) -> dict[str, Any]:
        data = session_data.first(key=str(self.session_key), now=timezone.now())
        if data is None:
            self._session_key = None
            return {}
        return self.decode(data)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        if (known := _decoded.get(session_data)) is not None:
            return known.copy()
        decoded: dict[str, Any] = super().decode(session_data)
        # Only what nobody can change from within.
        if all(isinstance(value, _IMMUTABLE) for value in decoded.values()):
            if len(_decoded) >= MAX_DECODED:
                _decoded.clear()
            _decoded[session_data] = decoded.copy()
        return decoded
