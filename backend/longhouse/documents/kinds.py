"""Kinds of documents: who may read, and who may write.

A document's name is a topic, "kind:rest": who may follow it may read it, and is asked again as
often as for any topic.
"""

from collections.abc import Callable

from longhouse.realtime import topics
from longhouse.realtime.topics import Describe, R, Rule

_writers: dict[str, Rule] = {}


def register(kind: str, *, may_write: Rule, presence: Describe | None = None) -> Callable[[R], R]:
    """The decorated `may_read(user, rest)` decides who may read documents `kind:rest`.

    Of those, `may_write(user, rest)` decides who may write too. Both may use the database, and
    should refuse what the document belongs to when it is not there. `presence` is as in
    `topics.register`.
    """

    def keep(may_read: R) -> R:
        topics.register(kind, presence=presence)(may_read)
        _writers[kind] = may_write
        return may_read

    return keep


def is_document(name: str) -> bool:
    """Whether `name` is of a kind that was registered."""
    return name.partition(":")[0] in _writers


def may_write(user: object, name: str) -> bool:
    kind, _, rest = name.partition(":")
    return is_document(name) and topics.allows(user, name) and _writers[kind](user, rest)
