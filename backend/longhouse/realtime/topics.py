"""Who may follow what: one function for each kind of topic, its name up to the first colon."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

Rule = Callable[[Any, str], bool]
Describe = Callable[[Any], dict[str, Any]]
R = TypeVar("R", bound=Rule)


class Kind(NamedTuple):
    allows: Rule
    presence: Describe | None


_kinds: dict[str, Kind] = {}


def register(name: str, *, presence: Describe | None = None) -> Callable[[R], R]:
    """The decorated `allows(user, rest)` decides who may follow topics `name` and `name:rest`.

    `user` may be anonymous. It is asked again at every heartbeat, in a thread, and so may use the
    database. Those who may follow may be present there too if `presence(user)` says what others
    see of them, as a dict.
    """

    def keep(allows: R) -> R:
        if ":" in name or name in _kinds:
            raise ValueError(f"Topics of the kind {name!r} cannot be registered.")
        _kinds[name] = Kind(allows, presence)
        return allows

    return keep


def kinds() -> list[str]:
    return sorted(_kinds)


def allows(user: Any, topic: str) -> bool:
    """Whether `user` may follow `topic`. False for a kind that nobody registered."""
    name, _, rest = topic.partition(":")
    kind = _kinds.get(name)
    return kind is not None and bool(kind.allows(user, rest))


def has_presence(topic: str) -> bool:
    """Whether people can be present in `topic`."""
    kind = _kinds.get(topic.partition(":")[0])
    return kind is not None and kind.presence is not None


def description(user: Any, topic: str) -> dict[str, Any] | None:
    """What others see of `user` in `topic`; None where nobody can be present."""
    kind = _kinds.get(topic.partition(":")[0])
    if kind is None or kind.presence is None or not user.is_authenticated:
        return None
    return kind.presence(user)


@register("user")
def own(user: Any, rest: str) -> bool:
    """`user:<id>`: everybody's own."""
    return user.is_authenticated and str(user.pk) == rest


# Turbo Streams can be followed by signed names alone: no rule allows them.
TURBO = "turbo:"
