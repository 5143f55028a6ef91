"""How a query is prepared: by watching Django's compiler, never by guessing.

The queryset is built and compiled with three sets of sample values. What is equal in all three
results is constant. Where a bound parameter, or a number in the text (LIMIT, OFFSET), differs, one
parameter of the builder under one conversion must explain all three values; else the query is not
prepared and the plain queryset runs.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, IntegerField

from longhouse.prepared.samples import INT64, SAMPLES, NotPreparable

Convert = Callable[[Any], Any]
_TOKEN = re.compile(r"(%s|%%|\d+)")


@dataclass(frozen=True, slots=True)
class Observation:
    """What the compiler made of one set of samples."""

    values: Mapping[str, Any]
    sql: str
    params: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One parameter of the statement: a constant, or a value of the builder's under `convert`."""

    name: str | None = None
    item: int | None = None  # position in a list
    convert: Convert | None = None
    constant: Any = None
    is_limit: bool = False


class Statement:
    """SQL with %s for each of its slots, as `cursor.execute` takes it."""

    def __init__(self, sql: str, slots: Sequence[Slot], numbers: tuple[int, int]) -> None:
        self.sql = sql
        # What every integer column that takes part can hold; Django compiles other numbers away.
        self._least, self._most = numbers
        self._integers = [
            (slot.name, slot.item) for slot in slots if slot.name and not slot.is_limit
        ]
        self._constants = [slot.constant for slot in slots]
        self._values = [
            (position, slot.name, slot.item, slot.convert)
            for position, slot in enumerate(slots)
            if slot.name is not None
        ]
        self._limits = [slot.name for slot in slots if slot.is_limit and slot.name is not None]

    def bind(self, values: Mapping[str, Any]) -> list[Any]:
        """What stands for each %s when the builder's parameters have these values."""
        params = self._constants.copy()
        for position, name, item, convert in self._values:
            value = values[name]
            if item is not None:
                value = value[item]
            params[position] = value if convert is None else convert(value)
        return params

    def fits(self, values: Mapping[str, Any]) -> bool:
        """Whether all numbers can be bound; else the plain queryset knows what they mean."""
        if any(not 0 <= values[name] < INT64 for name in self._limits):
            return False
        for name, item in self._integers:
            value = values[name] if item is None else values[name][item]
            if type(value) is int and not self._least <= value <= self._most:
                return False
        return True


def derive(
    observed: Sequence[Observation], fields: Sequence["Field[Any, Any]"], connection: Any
) -> Statement:
    """The statement that explains all observations. Raises NotPreparable when none does.

    `fields` are the columns that values are compared with; they know how to prepare them.
    """
    texts = [_TOKEN.split(one.sql) for one in observed]
    if len({len(text) for text in texts}) > 1:
        raise NotPreparable("the statement itself depends on a value")
    sql: list[str] = []
    slots: list[Slot] = []
    bound = iter(zip(*(one.params for one in observed), strict=True))
    for tokens in zip(*texts, strict=True):
        if tokens[0] == "%s":
            slots.append(_slot(next(bound), observed, fields, connection))
            sql.append("%s")
        elif len(set(tokens)) == 1:
            sql.append(tokens[0])
        elif all(token.isdecimal() for token in tokens):
            slots.append(_limit([int(token) for token in tokens], observed))
            sql.append("%s")
        else:
            raise NotPreparable("the statement itself depends on a value")
    numbers = _held_by(fields, connection)
    for one in observed:
        for name, item in _parameters(one.values):
            value = _pick(one.values, name, item)
            if isinstance(value, int) and not numbers[0] <= value <= numbers[1]:
                raise NotPreparable("there are more numbers than a small column holds")
    return Statement("".join(sql), slots, numbers)


def _held_by(fields: Sequence["Field[Any, Any]"], connection: Any) -> tuple[int, int]:
    """The least and the greatest number that all integer columns among `fields` can hold."""
    low, high = -INT64, INT64 - 1
    for field in fields:
        while field.is_relation and hasattr(field, "target_field"):
            field = field.target_field
        if isinstance(field, IntegerField):
            least, most = connection.ops.integer_field_range(field.get_internal_type())
            low = low if least is None else max(low, least)
            high = high if most is None else min(high, most)
    return low, high


def _slot(
    seen: Sequence[Any],
    observed: Sequence[Observation],
    fields: Sequence["Field[Any, Any]"],
    connection: Any,
) -> Slot:
    if all(_same(value, seen[0]) for value in seen):
        return Slot(constant=seen[0])
    for convert in _conversions(fields, connection):
        for name, item in _parameters(observed[0].values):
            if all(
                _explains(convert, _pick(one.values, name, item), value)
                for one, value in zip(observed, seen, strict=True)
            ):
                return Slot(name, item, convert)
    raise NotPreparable(f"no parameter explains the bound value {seen[0]!r}")


def _limit(seen: Sequence[int], observed: Sequence[Observation]) -> Slot:
    for name, item in _parameters(observed[0].values):
        pairs = zip(observed, seen, strict=True)
        if all(_same(_plain(_pick(one.values, name, item)), value) for one, value in pairs):
            return Slot(name, item, is_limit=True)
    raise NotPreparable("LIMIT or OFFSET is calculated from a value: pass it as it is")


def _conversions(fields: Sequence["Field[Any, Any]"], connection: Any) -> Iterator[Convert | None]:
    """What Django does to values on their way into a statement, the cheapest first."""
    escape = connection.ops.prep_for_like_query
    yield None
    yield _hex
    yield str
    yield escape
    for pattern in ("%{}%", "{}%", "%{}"):
        yield partial(_like, pattern.format, escape)
    yield connection.ops.adapt_datetimefield_value
    yield connection.ops.adapt_datefield_value
    for field in fields:
        yield partial(_prepare, field, connection)


def _hex(value: Any) -> str:
    text: str = value.hex
    return text


def _like(pattern: Callable[[str], str], escape: Callable[[str], str], value: str) -> str:
    return pattern(escape(value))


def _prepare(field: "Field[Any, Any]", connection: Any, value: Any) -> Any:
    return field.get_db_prep_value(field.get_prep_value(value), connection, prepared=True)


def _parameters(values: Mapping[str, Any]) -> Iterator[tuple[str, int | None]]:
    for name, value in values.items():
        if isinstance(value, list):
            yield from ((name, position) for position in range(len(value)))
        else:
            yield name, None


def _pick(values: Mapping[str, Any], name: str, item: int | None) -> Any:
    return values[name] if item is None else values[name][item]


def _plain(value: Any) -> Any:
    """A sample as its readers see it: text and numbers of their builtin types."""
    if isinstance(value, str):
        return str(value)
    return int(value) if type(value) is not bool and isinstance(value, int) else value


def _same(left: Any, right: Any) -> bool:
    # 1 == True == Decimal(1), but the database tells them apart.
    return (left is right) or (_builtin(left) is _builtin(right) and bool(left == right))


def _builtin(value: Any) -> type:
    kind = type(value)
    return kind.__mro__[1] if kind in SAMPLES else kind


def _explains(convert: Convert | None, sample: Any, seen: Any) -> bool:
    try:
        return _same(sample if convert is None else convert(_plain(sample)), seen)
    except (AttributeError, TypeError, ValueError, ArithmeticError, ValidationError):
        return False  # a conversion of another type
