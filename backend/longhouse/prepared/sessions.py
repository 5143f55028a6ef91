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
