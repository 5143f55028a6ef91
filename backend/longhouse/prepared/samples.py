"""Sample values: what a builder is called with while the compiler is watched.

Each parameter has three samples of its type, which differ in every part that Django could look
at, and from those of every other parameter. They refuse to be looked at by the builder: one that
branches on a value, or calculates with it, would be prepared for one case only.
"""

import datetime
import math
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
    """A sample that Django may look at and the builder may not; so are all below."""


class Number(int): ...


class Real(float): ...


class Exact(Decimal): ...


class Day(datetime.date): ...


class Moment(datetime.datetime): ...


class Identity(uuid.UUID): ...


SAMPLES: tuple[type, ...] = (Text, Number, Real, Exact, Moment, Day, Identity)
# Needed to make, copy and destroy an object; they tell nothing of its value.
_HARMLESS = {
    *("__new__", "__init__", "__init_subclass__", "__subclasshook__", "__class__", "__doc__"),
    *("__getattribute__", "__setattr__", "__delattr__", "__dir__", "__module__", "__slots__"),
    *("__reduce__", "__reduce_ex__", "__getnewargs__", "__getstate__", "__setstate__", "__dict__"),
    *(
        "__copy__",
        "__deepcopy__",
        "__sizeof__",
        "__weakref__",
        "__class_getitem__",
        "__getformat__",
    ),
    *("__abstractmethods__", "int", "is_safe"),  # a UUID's own two slots
}


def _is_looked_at() -> bool:
    return _building.get() and not (
        sys._getframe(2).f_globals.get("__name__", "").startswith(("django.", "uuid"))
    )


def _guard(sample: type) -> None:
    base = sample.__mro__[1]
    for name in set(dir(base)) - _HARMLESS:
        original = getattr(base, name)
        what = f"{base.__name__}.{name}"
        if callable(original):
            setattr(sample, name, _refusing_call(what, original))
        elif hasattr(original, "__get__"):
            setattr(sample, name, _refusing_property(what, original))


def _refusing_call(what: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def refuse(self: Any, *arguments: Any, **options: Any) -> Any:
        if _is_looked_at():
            raise NotPreparable(f"the builder looks at a value: {what}")
        return original(self, *arguments, **options)

    return refuse


def _refusing_property(what: str, original: Any) -> property:
    def refuse(self: Any) -> Any:
        if _is_looked_at():
            raise NotPreparable(f"the builder looks at a value: {what}")
        return original.__get__(self, type(self))

    return property(refuse)


for _sample_type in SAMPLES:
    _guard(_sample_type)


def build(builder: Callable[..., Any], values: Mapping[str, Any]) -> Any:
    """Call the builder with samples. Raises NotPreparable when it looks at one."""
    token = _building.set(True)
    try:
        return builder(**values)
    finally:
        _building.reset(token)


def _calendar(n: int) -> tuple[int, int, int]:
    return 1990 + n % 40, 1 + n % 12, 1 + n % 28


# Text has the special characters of LIKE, of addresses, and spaces that somebody might strip.
# Numbers fit 16-bit columns, because Django compiles what a column cannot hold to "no row".
_MAKERS: dict[type, Callable[[int], Any]] = {
    str: lambda n: Text(f" Sample:{n}_%\\x "),
    int: lambda n: Number(20_011 + n),
    float: lambda n: Real(1000.25 + 1.5 * n),
    uuid.UUID: lambda n: Identity(int=0x5A17E_0000_4000_8000_000000000000 + n),
    Decimal: lambda n: Exact(f"{7 + 3 * n}.{n % 1000:03}"),
    datetime.date: lambda n: Day(*_calendar(n)),
    datetime.datetime: lambda n: Moment(
        *_calendar(n), n % 24, n % 60, (n + 7) % 60, 1000 + n, tzinfo=datetime.UTC
    ),
}
INT64 = 2**63
_KNOWN = frozenset(_MAKERS)

Kind = Any
"""A type (its values may differ), or a tuple that holds what all values of the kind share."""


def kind(value: Any, literal: bool = False) -> Kind:
    """What a prepared query depends on in this value: its type, or the value itself.

    None, bool, enum members and parameters marked `literal` shape the query. A list counts with its
    length. Raises NotPreparable for what has no samples.
    """
    type_ = type(value)
    if literal or value is None or type_ is bool or isinstance(value, Enum):
        return ("=", type_, value)
    if type_ in _KNOWN:
        if type_ is int and not -INT64 <= value < INT64:
            raise NotPreparable("a number has more than 64 bits")
        if type_ in (float, Decimal) and not math.isfinite(value):
            raise NotPreparable("a number is not finite")
        if type_ is datetime.datetime and value.tzinfo is None:
            raise NotPreparable("a time has no time zone")
        return type_
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
    return _MAKERS[of](1 + number * COUNT + position)
