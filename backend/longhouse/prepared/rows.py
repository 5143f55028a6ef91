"""From what the database answers to what the queryset would have given."""

import copy
import datetime
import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import starmap
from types import SimpleNamespace
from typing import Any, Literal

import msgspec
from django.db.models import DecimalField, QuerySet, prefetch_related_objects
from django.db.models.query import FlatValuesListIterable, ValuesListIterable

from longhouse.prepared import texts
from longhouse.prepared.samples import NotPreparable
from longhouse.prepared.texts import Convert

Fetched = Sequence[tuple[Any, ...]]
Form = Literal["text", "binary", "json"]
"""How PostgreSQL may send rows: "json" is text that stays text where JSON has one."""
Make = Callable[..., Any]


class Rows:
    """Makes the rows of one compiled queryset; calling it gives the same list that it would."""

    def __init__(
        self,
        queryset: QuerySet[Any, Any],
        compiler: Any,
        *,
        for_json: bool = False,
        has_limit: bool = False,
    ) -> None:
        if queryset._known_related_objects:  # type: ignore[attr-defined]
            raise NotPreparable("it starts from a row, by a related manager: filter by its key")
        if queryset.query.select_for_update:
            raise NotPreparable("it locks rows")
        self.queryset = queryset
        self.compiler = compiler
        self.is_flat = queryset._iterable_class is FlatValuesListIterable
        is_tuple = queryset._iterable_class is ValuesListIterable
        columns = [column for column, _, _ in compiler.select[: compiler.col_count]]
        # All of them as one JSON text, by the statement that pages.in_one_row makes.
        self.in_one_row = False
        self.form: Form = "binary" if all(map(_reads_binary, columns)) else "text"
        self.converters: list[tuple[int, Convert]] | None = None
        if (is_tuple or self.is_flat) and not compiler.has_composite_fields(columns):
            converters = _converters(columns, compiler)
            if for_json and (adapt := _FOR_JSON.get(compiler.connection.vendor)):
                self.form = "json" if self.form == "binary" else "text"
                for position, column in enumerate(columns):
                    exact = converters.pop(position, None)
                    if convert := adapt(column, compiler.connection, exact):
                        converters[position] = convert
                if has_limit and compiler.connection.vendor == "sqlite":
                    self.in_one_row = all(map(texts.fits_one_row, columns))
            self.converters = list(converters.items())

    def __call__(self, fetched: Fetched, make: Make | None = None) -> list[Any]:
        """The rows, each handed to `make` column by column if there is one."""
        if self.in_one_row:
            fetched = _decode(fetched[0][0])  # type: ignore[assignment] # lists do as well
        if self.converters is None:
            rows = self._as_django(fetched)
            return rows if make is None else list(starmap(make, rows))
        if not fetched:
            return []
        # Column by column, so that the loops run in C.
        columns: list[Iterable[Any]] = list(zip(*fetched, strict=True))
        for position, convert in self.converters:
            columns[position] = map(convert, columns[position])
        if self.is_flat:
            return list(columns[0])
        return list(zip(*columns, strict=True) if make is None else map(make, *columns))

    def _as_django(self, fetched: Fetched) -> list[Any]:
        """Through Django's own iterables, which know instances, dicts and named tuples."""
        compiler = copy.copy(self.compiler)
        compiler.execute_sql = lambda *_args, **_options: [fetched]
        query = copy.copy(self.queryset.query)
        query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign]
        queryset: Any = self.queryset
        source = SimpleNamespace(
            db=queryset.db,
            model=queryset.model,
            query=query,
            _fields=queryset._fields,
            _hints={},
            _known_related_objects={},
        )
        rows = list(queryset._iterable_class(source))
        if queryset._prefetch_related_lookups:
            prefetch_related_objects(rows, *queryset._prefetch_related_lookups)
        return rows


def _converters(columns: list[Any], compiler: Any) -> dict[int, Convert]:
    found = compiler.get_converters(columns)
    return {
        position: _fuse(converters, expression, compiler.connection)
        for position, (converters, expression) in found.items()
    }


_decode = msgspec.json.Decoder(list[list[Any]]).decode
_FOR_JSON = {"sqlite": texts.from_sqlite, "postgresql": texts.from_postgresql}

# What psycopg reads faster from PostgreSQL's binary format, to the same values. Not among them:
# JSON and network addresses, which Django wants as text.
_BINARY = texts.FIELDS_OF_ANY_FORM | {"DecimalField", "FloatField"}


def _reads_binary(column: Any) -> bool:
    field = column.output_field
    while field.is_relation:
        field = field.target_field
    return field.get_internal_type() in _BINARY


def _fuse(converters: Iterable[Callable[..., Any]], expression: Any, connection: Any) -> Convert:
    """One function for the converters of a column; direct ones for those that cost most."""
    steps = list(converters)
    names = [getattr(step, "__name__", "") for step in steps]
    if connection.vendor == "sqlite":
        if names == ["convert_uuidfield_value"]:
            return _uuid
        if names == ["convert_datetimefield_value"] and connection.timezone is datetime.UTC:
            return _moment
    if len(steps) == 1:
        step = steps[0]
        if type(expression.output_field) is DecimalField:
            # Prices come again and again.
            return lru_cache(maxsize=4096)(lambda value: step(value, expression, connection))
        return lambda value: step(value, expression, connection)

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, expression, connection)
        return value

    return convert


_UNKNOWN = uuid.SafeUUID.unknown
_set_int = uuid.UUID.int.__set__  # type: ignore[attr-defined,misc]
_set_is_safe = uuid.UUID.is_safe.__set__  # type: ignore[attr-defined,misc]


def _uuid(value: str | None) -> uuid.UUID | None:
    """UUID(value) at a fifth of its time: the hexadecimal digits are known to be well formed."""
    if value is None:
        return None
    made = object.__new__(uuid.UUID)
    _set_int(made, int(value, 16))
    _set_is_safe(made, _UNKNOWN)
    return made


def _moment(value: str | datetime.datetime | None) -> datetime.datetime | None:
    """A time of the database, which keeps UTC without saying so; expressions come as text."""
    if isinstance(value, str):
        try:
            return datetime.datetime.fromisoformat(value + "+00:00")
        except ValueError:  # it names an offset itself
            return datetime.datetime.fromisoformat(value)
    if value is None or value.tzinfo is not None:
        return value
    # A fifth of what replace() takes.
    return datetime.datetime.combine(value, value.time(), datetime.UTC)
