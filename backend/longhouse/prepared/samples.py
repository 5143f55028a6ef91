"""Sample values: what a builder is called with while the compiler is watched.

Each parameter has three samples of its type, different from those of every other parameter. Text
and numbers refuse to be looked at: a builder that branches on a value would be prepared for one
branch only.
"""

import datetime
import sys
import uuid
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, get_args, get_origin

COUNT = 3  # samples of each parameter; one alone could agree with a conversion by chance

_building: ContextVar[bool] = ContextVar("building", default=False)


class NotPreparable(Exception):
    """The queryset cannot be compiled ahead of its values; the text says why."""


class Text(str):
    """A sample of str that Django may look at and the builder may not."""

    __slots__ = ()
    __hash__ = str.__hash__


class Number(int):
    """A sample of int that Django may look at and the builder may not."""

    __slots__ = ()
    __hash__ = int.__hash__


def _guard(sample: type, names: set[str]) -> None:
    for name in names:
        original = getattr(sample.__base__, name)
        setattr(sample, name, _refusing(f"{sample.__base__.__name__}.{name}", original))  # type: ignore[union-attr]


def _refusing(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def refuse(self: Any, *arguments: Any, **options: Any) -> Any:
        caller = sys._getframe(1).f_globals.get("__name__", "")
        if _building.get() and not caller.startswith("django."):
            raise NotPreparable(f"the builder looks at a value: {name}")
        return original(self, *arguments, **options)

    return refuse


_COMPARE = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"}
_guard(Text, set(dir(str)) - set(dir(object)) - {"__getnewargs__", "maketrans"} | _COMPARE)
_guard(Number, {"__bool__", "__mod__", "__floordiv__"} | _COMPARE)


def build(builder: Callable[..., Any], values: Mapping[str, Any]) -> Any:
    """Call the builder with samples. Raises NotPreparable when it looks at one."""
    token = _building.set(True)
    try:
        return builder(**values)
    finally:
        _building.reset(token)


def _moment(n: int) -> datetime.datetime:
    return datetime.datetime(2001, 2, 3, 4, 5, 6, 7000 + n, tzinfo=datetime.UTC)


# Special characters of LIKE, so that no escaping goes unnoticed. Numbers fit 16-bit columns,
# because Django compiles a number that its column cannot hold to "no row".
_MAKERS: dict[type, Callable[[int], Any]] = {
    str: lambda n: Text(f"Sample {n}_%\\x"),
    int: lambda n: Number(20_011 + 37 * n),
    float: lambda n: 1000.5 + n,
    uuid.UUID: lambda n: uuid.UUID(int=0x5A17E_0000_4000_8000_000000000000 + n),
    Decimal: lambda n: Decimal(7) + Decimal(n) / 100,
    datetime.date: lambda n: datetime.date(2001, 2, 3) + datetime.timedelta(days=n),
    datetime.datetime: _moment,
}
INT64 = 2**63
_KNOWN = frozenset(_MAKERS)

Kind = Any
"""A type (its values may differ), or a tuple that holds what all values of the kind share."""


def kind(value: Any, literal: bool = False) -> Kind:
    """What a prepared query depends on in this value: its type, or the value itself.

    None, bool and members of small enums shape the query, as do parameters marked `literal`. A list
    counts with its length. Raises NotPreparable for what has no samples.
    """
    type_ = type(value)
    if literal or value is None or type_ is bool:
        return ("=", type_, value)
    if type_ in _KNOWN:
        if type_ is int and not -INT64 <= value < INT64:
            raise NotPreparable("a number has more than 64 bits")
        if type_ is datetime.datetime and value.tzinfo is None:
            raise NotPreparable("a time has no time zone")
        return type_
    if isinstance(value, Enum):
        # Fewer members than samples could not tell two parameters apart.
        return type_ if len(type_.__members__) > COUNT else ("=", type_, value)
    if type_ in (list, tuple):
        kinds = {kind(item) for item in value}
        # Django drops what occurs twice.
        if (
            len(kinds) == 1
            and isinstance(of := kinds.pop(), type)
            and len(set(value)) == len(value)
        ):
            return ("list", of, len(value))
        raise NotPreparable("a list is empty, or its items are not different and of one type")
    raise NotPreparable(f"there are no samples of {type_.__name__}")


def is_literal(annotation: Any) -> bool:
    """Whether a parameter is declared to shape the query: `Literal[...]`, alone or in a union."""
    if get_origin(annotation) is Literal:
        return True
    return any(is_literal(part) for part in get_args(annotation))


def draw(kinds: Mapping[str, Kind]) -> list[dict[str, Any]]:
    """COUNT sets of sample values for parameters of these kinds."""
    sets: list[dict[str, Any]] = [{} for _ in range(COUNT)]
    number = 0
    for name, of in kinds.items():
        if isinstance(of, tuple) and of[0] == "list":
            for position, values in enumerate(sets):
                values[name] = [_sample(of[1], number + item, position) for item in range(of[2])]
            number += of[2]
            continue
        for position, values in enumerate(sets):
            values[name] = of[2] if isinstance(of, tuple) else _sample(of, number, position)
        number += 1
    return sets


def _sample(of: type, number: int, position: int) -> Any:
    if issubclass(of, Enum):
        members = list(of)
        return members[(number + position) % len(members)]
    return _MAKERS[of](1 + number * COUNT + position)
