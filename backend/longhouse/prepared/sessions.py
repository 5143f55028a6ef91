"""Sessions in the database, as Django keeps them, read by a prepared query.

For `SESSION_ENGINE`; the sessions are those of `django.contrib.sessions.backends.db`.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.db import router
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from longhouse.prepared.auth import Person, columns_of_person
from longhouse.prepared.query import prepare

# Checking a signature and decompressing costs as much as reading the row. What was checked once,
# to the letter, needs no second look: by its text, which no two sessions share.
MAX_DECODED = 4096
_IMMUTABLE = (str, int, float, bool, type(None))
_decoded: dict[bytes | str, dict[str, Any]] = {}

# Whose a session was when it was last read, by its key: as the session says it, and as a key.
MAX_KNOWN = 4096
_whose: dict[str, tuple[Any, Any]] = {}


@prepare
def session_data(*, key: str, now: datetime) -> QuerySet[Session, str]:
    live = Session.objects.filter(session_key=key, expire_date__gt=now)
    return live.values_list("session_data", flat=True)


@prepare
def person_with_session(*, pk: Any, key: str, now: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    live = Session.objects.filter(session_key=key, expire_date__gt=now)
    people = get_user_model()._default_manager.filter(pk=pk)
    return people.values_list(*columns_of_person(), Subquery(live.values("session_data")))


class SessionStore(DatabaseSessionStore):
    """With `reads_person`, it reads whose it is by the same statement, once that is known.

    `person` is what was read, for `longhouse.prepared.auth.read_already`; only for requests that
    do not write, because it is as old as the session is.
    """

    reads_person = False
    person: Person | None = None

    def load(self) -> dict[str, Any]:
        key, now = str(self.session_key), timezone.now()
        owner, pk = _whose.get(key, (None, None)) if self.reads_person else (None, None)
        row = person_with_session.first(pk=pk, key=key, now=now) if owner else None
        data = row[-1] if row else session_data.first(key=key, now=now)
        if data is None:
            self._session_key = None
            return {}
        decoded = self.decode(data)
        if row and decoded.get(SESSION_KEY) == owner:
            self.person = Person(pk, row[:-1])
        elif self.reads_person and _in_one_database():
            if len(_whose) >= MAX_KNOWN:
                _whose.clear()
            if owner := decoded.get(SESSION_KEY):
                _whose[key] = owner, get_user_model()._meta.pk.to_python(owner)
        return decoded

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


def _in_one_database() -> bool:
    return router.db_for_read(Session) == router.db_for_read(get_user_model())
