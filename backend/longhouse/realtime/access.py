"""Who is let in, to which topics, and how many at a time."""

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from longhouse.realtime import log, people, streams, topics
from longhouse.realtime.asgi import Refused
from longhouse.realtime.conf import Conf
from longhouse.realtime.streams import Stream

RETRY_AFTER = 10  # seconds


class Wish(NamedTuple):
    """A topic that a client asks for, by its name or by a signed one."""

    topic: str
    stream: Stream | None = None

    def allowed_to(self, user: Any) -> bool:
        """A signed name is a right by itself, of whom it was signed for."""
        if self.stream is not None:
            return self.stream.is_for(user)
        return topics.allows(user, self.topic)


def wish(topic: str) -> Wish:
    """Raises Refused for what is no topic."""
    if not log.is_topic(topic):
        raise Refused(400, f"“{topic[:50]}” is no topic.")
    return Wish(topic)


def signed_wish(name: str) -> Wish:
    """Raises Refused for a name that was not signed here."""
    stream = streams.read(name)
    if stream is None:
        raise Refused(400, "This stream name was not signed here.")
    return Wish(stream.topic, stream)


def admit(session: str, wishes: Sequence[Wish]) -> Any:
    """The user of a session who may have all of these. Raises Refused. Uses the database."""
    user = people.person(session)
    for one in wishes:
        if not one.allowed_to(user):
            if not user.is_authenticated:
                raise Refused(401, f"Sign in to follow “{one.topic}”.")
            raise Refused(403, f"You may not follow “{one.topic}”.")
    return user


class Gate:
    """Counts the connections of this process."""

    def __init__(self, conf: Conf) -> None:
        self._conf = conf
        self._all = 0
        self._each: Counter[str] = Counter()
        self.stopping = False

    def check(self) -> None:
        """Raises Refused when nobody more can be served."""
        if self.stopping:
            raise Refused(503, "The server is being restarted.", retry_after=2)
        if self._all >= self._conf.max_connections:
            raise Refused(503, "Too many are connected here.", retry_after=RETRY_AFTER)

    @contextlib.contextmanager
    def enter(self, who: str) -> Iterator[None]:
        """Raises Refused when `who`, or everybody, has too many connections already."""
        self.check()
        if self._each[who] >= self._conf.max_per_person:
            limit = self._conf.max_per_person
            raise Refused(
                429, f"You have {limit} connections already. Close one.", retry_after=RETRY_AFTER
            )
        self._all += 1
        self._each[who] += 1
        try:
            yield
        finally:
            self._all -= 1
            self._each[who] -= 1
            if not self._each[who]:
                del self._each[who]


def name_of(user: Any, address: str) -> str:
    """Under which name connections are counted."""
    return f"user {user.pk}" if user.is_authenticated else f"address {address}"
