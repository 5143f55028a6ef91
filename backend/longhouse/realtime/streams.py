"""Signed stream names: a page hands its reader a topic that they could not ask for by its name.

A name says who may use it, until when, and where in the log its page was rendered.
"""

import time
from typing import Any, NamedTuple

from django.core.signing import BadSignature, Signer

from longhouse.realtime import conf, log

SALT = "longhouse.realtime.stream"


class Stream(NamedTuple):
    topic: str
    user: str  # primary key; "": whoever holds the name
    expires: int  # Unix time
    cursor: str  # "": from the moment when it is followed

    def is_for(self, user: Any) -> bool:
        """Whether `user` may use it now."""
        return time.time() < self.expires and self.user in {"", str(user.pk or "")}


def sign(topic: str, user: Any = None, *, cursor: str = "", age: float | None = None) -> str:
    """The signed name of `topic` for `user`, good for `age` seconds (REALTIME_TOKEN_AGE).

    Without a user who has signed in it is good for whoever holds it.
    """
    if not log.is_topic(topic):
        raise log.InvalidEvent(f"{topic!r} is no topic.")
    bound_to = str(user.pk) if user is not None and user.is_authenticated else ""
    expires = int(time.time() + (conf.load().token_age if age is None else age))
    return Signer(salt=SALT).sign_object([topic, bound_to, expires, cursor])


def read(name: str) -> Stream | None:
    """What a signed name says; None when it was not signed here."""
    try:
        parts: Any = Signer(salt=SALT).unsign_object(name)
    except (BadSignature, ValueError):
        return None
    return Stream(*parts)
