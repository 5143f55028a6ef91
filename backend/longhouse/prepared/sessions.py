"""Sessions in the database, as Django keeps them, read by a prepared query.

For `SESSION_ENGINE`; the sessions are those of `django.contrib.sessions.backends.db`.
"""

from datetime import datetime
from typing import Any

from django.contrib import auth
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.db import router
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from longhouse.prepared.auth import ModelBackend, Person, columns_of_person, read_already
from longhouse.prepared.query import prepare

MAX_KEPT = 4096  # of each kind below

# Checking a signature and decompressing costs as much as reading the row. What was checked once,
# to the letter, needs no second look: by its text, which no two sessions share.
_IMMUTABLE = (str, int, float, bool, type(None))
_decoded: dict[bytes | str, dict[str, Any]] = {}

# Whose a session was when it was last read, by its key: as the session says it, and as a key.
_whose: dict[str, tuple[Any, Any]] = {}

# Whom a session has proved to Django, by its key.
_proved: dict[str, Person] = {}
_BACKEND = f"{ModelBackend.__module__}.{ModelBackend.__qualname__}"


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

    `person` is what was read, for `get_user`; only for requests that do not write, because it is
    as old as the session is.
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
            self.person = Person(pk, row[:-1], data)
        elif self.reads_person and _in_one_database() and (owner := decoded.get(SESSION_KEY)):
            _keep(_whose, key, (owner, get_user_model()._meta.pk.to_python(owner)))
        return decoded

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        if (known := _decoded.get(session_data)) is not None:
            return known.copy()
        decoded: dict[str, Any] = super().decode(session_data)
        # Only what nobody can change from within.
        if all(isinstance(value, _IMMUTABLE) for value in decoded.values()):
            _keep(_decoded, session_data, decoded.copy())
        return decoded


def get_user(request: HttpRequest) -> Any:
    """Django's `get_user`; for the same rows it is not asked a second time."""
    session: Any = request.session
    session.get(SESSION_KEY)  # reads it
    known: Person | None = getattr(session, "person", None)
    if known is None:
        return auth.get_user(request)
    if _proved.get(session.session_key) == known:
        return known.instance()
    with read_already(known):
        user = auth.get_user(request)
    if user.is_authenticated and session[BACKEND_SESSION_KEY] == _BACKEND and _is_plain(type(user)):
        _keep(_proved, session.session_key, known)
    return user


def _keep(kept: dict[Any, Any], key: Any, value: Any) -> None:
    if len(kept) >= MAX_KEPT:
        kept.clear()
    kept[key] = value


def _is_plain(model: type[AbstractBaseUser]) -> bool:
    """Whether nothing but the row says if a session is still this person's."""
    return all(
        getattr(model, name) is getattr(AbstractBaseUser, name)
        for name in ("get_session_auth_hash", "_get_session_auth_hash")
    )


def _in_one_database() -> bool:
    return router.db_for_read(Session) == router.db_for_read(get_user_model())
