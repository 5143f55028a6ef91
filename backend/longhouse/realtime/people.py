"""Who asks: the session's person, found without changing anything.

Django's own `get_user` may end or renew a session; a stream has no way to send the new cookie.
"""

from http.cookies import CookieError
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import parse_cookie
from django.utils.crypto import constant_time_compare


def session_key(cookies: str) -> str:
    """The session's key in a Cookie header, or ""."""
    try:
        return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    except CookieError:
        return ""


def person(key: str) -> Any:
    """The active user of a session; an anonymous one when there is none (any more).

    Uses the database.
    """
    if not key:
        return AnonymousUser()
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    backend = session.get(auth.BACKEND_SESSION_KEY)
    user_id = session.get(auth.SESSION_KEY)
    if user_id is None or backend not in settings.AUTHENTICATION_BACKENDS:
        return AnonymousUser()
    pk = auth.get_user_model()._meta.pk.to_python(user_id)
    user: Any = auth.load_backend(backend).get_user(pk)
    if user is None or not _matches(user, session.get(auth.HASH_SESSION_KEY) or ""):
        return AnonymousUser()
    return user


def _matches(user: Any, seen: str) -> bool:
    """Whether the session is of the user's present password."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(seen, known) for known in hashes)
