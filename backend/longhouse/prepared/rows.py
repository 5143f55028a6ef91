"""From what the database answers to what the queryset would have given."""

import copy
import datetime
import uuid
from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.query import FlatValuesListIterable, ValuesListIterable

from longhouse.prepared.samples import NotPreparable

Fetched = Sequence[tuple[Any, ...]]
Convert = Callable[[Any], Any]


class Rows:
    """Makes the rows of one compiled queryset; calling it gives the same list that it would."""

    def __init__(self, queryset: QuerySet[Any, Any], compiler: Any) -> None:
        if queryset._known_related_objects:  # type: ignore[attr-defined]
            raise NotPreparable("it starts from a row, by a related manager: filter by its key")
        if queryset.query.select_for_update:
            raise NotPreparable("it locks rows")
        self.queryset = queryset
        self.compiler = compiler
        self.is_flat = queryset._iterable_class is FlatValuesListIterable
        is_tuple = queryset._iterable_class is ValuesListIterable
        columns = [column for column, _, _ in compiler.select[: compiler.col_count]]
        self.converters: list[tuple[int, Convert]] | None = None
        if (is_tuple or self.is_flat) and not compiler.has_composite_fields(columns):
            connection = compiler.connection
            self.converters = [
                (position, _fuse(converters, expression, connection))
                for position, (converters, expression) in compiler.get_converters(columns).items()
            ]

    def __call__(self, fetched: Fetched) -> list[Any]:
        if self.converters is None:
            return self._as_django(fetched)
        rows: Any = fetched
        if self.converters:
            rows = list(map(list, fetched))
            for position, convert in self.converters:
                for row in rows:
                    row[position] = convert(row[position])
            if not self.is_flat:
                return list(map(tuple, rows))
        return [row[0] for row in rows] if self.is_flat else list(rows)

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


def _fuse(converters: Iterable[Callable[..., Any]], expression: Any, connection: Any) -> Convert:
    """One function for the converters of a column; direct ones for those that cost most."""
    steps = list(converters)
    names = [getattr(step, "__name__", "") for step in steps]
    if connection.vendor == "sqlite":
        if names == ["convert_uuidfield_value"]:
            return _uuid
        if names == ["convert_datetimefield_value"] and connection.timezone is datetime.UTC:
            return _moment

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, expression, connection)
        return value

    return convert


def _uuid(value: str | None) -> uuid.UUID | None:
    return None if value is None else uuid.UUID(value)


def _moment(value: str | datetime.datetime | None) -> datetime.datetime | None:
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value)
    return value if value is None or value.tzinfo else value.replace(tzinfo=datetime.UTC)
