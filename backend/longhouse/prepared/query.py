"""The prepared query itself: arguments in, rows out, by the statement or by the plain queryset."""

import inspect
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import starmap
from typing import Any, Generic, ParamSpec, TypeVar, get_type_hints, overload

from django.core.exceptions import EmptyResultSet, FullResultSet, SynchronousOnlyOperation
from django.db import connections, router
from django.db.models import Lookup, QuerySet
from django.utils import timezone

from longhouse.prepared.execute import connection_to, fetch
from longhouse.prepared.pages import in_one_row
from longhouse.prepared.plan import Observation, Statement, derive
from longhouse.prepared.rows import Make, Rows
from longhouse.prepared.samples import Kind, NotPreparable, build, draw, is_literal, kind
from longhouse.versioning.context import active  # feature: versioning

logger = logging.getLogger(__name__)

P = ParamSpec("P")
Row = TypeVar("Row")
Made = TypeVar("Made")

MAX_SHAPES = 256  # statements kept per query; arguments of a further shape run plainly
ZONES = ("Asia/Kathmandu", "America/St_Johns", "UTC")  # one for each set of samples
OFFSET, LIMIT = "offset of the slice", "limit of the slice"  # no builder can have these names


@dataclass(frozen=True, slots=True)
class Plan:
    alias: str
    statement: Statement
    rows: Rows | None  # None: a count


@dataclass(slots=True)
class _Plain:
    """Why arguments of one shape are not prepared."""

    reason: str


class PreparedQuery(Generic[P, Row]):
    """A builder of querysets whose statements are kept. Made by `prepare`.

    The builder must be a pure function of its arguments, and hand them on to the ORM without
    looking at them: what it computes from the clock or from settings is kept with the statement.
    Arguments that are None, bool, enum members or annotated as `Literal` may shape the queryset:
    each combination has its own statement.
    """

    def __init__(
        self,
        builder: Callable[P, QuerySet[Any, Row]],
        make: Make | None = None,
        *,
        for_json: bool = False,
    ) -> None:
        self.builder = builder
        self.make = make
        self.for_json = for_json
        self.names = tuple(inspect.signature(builder).parameters)
        self._literal: frozenset[str] | None = None
        self._plans: dict[Any, Plan | _Plain] = {}
        self._model: Any = None
        self._using: str | None = None  # the builder's own choice of database
        self.__doc__ = builder.__doc__

    def all(self, *args: P.args, **values: P.kwargs) -> list[Row]:
        """Every row."""
        rows: list[Row] = self._run("all", self._named(args, values))
        return rows

    def slice(self, offset: int, limit: int, /, *args: P.args, **values: P.kwargs) -> list[Row]:
        """The rows from `offset` on, `limit` at most."""
        named = self._named(args, values)
        rows: list[Row] = self._run("slice", {**named, OFFSET: offset, LIMIT: limit})
        return rows

    def first(self, *args: P.args, **values: P.kwargs) -> Row | None:
        """The first row in the builder's order, or None."""
        rows: list[Row] = self._run("first", self._named(args, values))
        return rows[0] if rows else None

    def count(self, *args: P.args, **values: P.kwargs) -> int:
        """How many rows there are."""
        total: int = self._run("count", self._named(args, values))
        return total

    def bind(self, *args: P.args, **values: P.kwargs) -> "BoundQuery[Row]":
        """These reads for one set of arguments, as what a Paginator takes."""
        return BoundQuery(self, self._named(args, values))

    def plain(self, *args: P.args, **values: P.kwargs) -> "BoundQuery[Row]":
        """The same, without preparation."""
        return BoundQuery(self, self._named(args, values), is_plain=True)

    def alias(self, *args: P.args, **values: P.kwargs) -> str:
        """The database that is asked."""
        return self._alias(self._named(args, values))

    def why_plain(self, *args: P.args, **values: P.kwargs) -> str:
        """Why `all` does not run prepared for these arguments; empty when it does."""
        plan = self._plan("all", self._named(args, values))
        return plan.reason if isinstance(plan, _Plain) else ""

    def _named(self, args: tuple[Any, ...], values: Mapping[str, Any]) -> dict[str, Any]:
        if len(args) > len(self.names):
            raise TypeError(f"{self.builder.__qualname__} takes {len(self.names)} arguments")
        return {**dict(zip(self.names, args, strict=False)), **values}

    def _run(self, how: str, values: dict[str, Any]) -> Any:
        plan = self._plan(how, values)
        if isinstance(plan, _Plain) or not plan.statement.fits(values):
            return self._run_plainly(how, values)
        statement = plan.statement
        fetched = fetch(
            connection_to(plan.alias),
            statement.sql,
            statement.bind(values),
            "text" if plan.rows is None else plan.rows.form,
        )
        if plan.rows is None:
            return fetched[0][0] if fetched else 0
        return plan.rows(fetched, self.make)

    def _run_plainly(self, how: str, values: dict[str, Any]) -> Any:
        queryset: Any = self.builder(**_given(values))  # type: ignore[call-arg]
        if how == "count":
            return queryset.count()
        if how == "slice":
            queryset = queryset[values[OFFSET] : values[OFFSET] + values[LIMIT]]
        elif how == "first":
            queryset = queryset[:1]
        return list(queryset if self.make is None else starmap(self.make, queryset))

    def _plan(self, how: str, values: dict[str, Any]) -> Plan | _Plain:
        # feature: versioning
        if active.get() is not None:
            return _Plain("a branch or a moment is active, and the statements are main's")
        # end feature: versioning
        try:
            literal = self._find_literal()
            kinds = {name: kind(value, name in literal) for name, value in values.items()}
            key = (how, self._alias(values), *kinds.items())
            plan = self._plans.get(key)
        except NotPreparable as reason:
            return _Plain(str(reason))
        except TypeError:
            return _Plain("an argument cannot be hashed")
        if plan is None:
            if len(self._plans) >= MAX_SHAPES:
                return _Plain("there are too many shapes of its arguments")
            plan = self._plans[key] = self._prepare(how, kinds)
        return plan

    def _alias(self, values: dict[str, Any]) -> str:
        """The database that the queryset would ask."""
        if self._model is None:
            queryset: Any = self.builder(**_given(values))  # type: ignore[call-arg]
            self._using, self._model = queryset._db, queryset.model
        return self._using or router.db_for_read(self._model)

    def _prepare(self, how: str, kinds: Mapping[str, Kind]) -> Plan | _Plain:
        try:
            return self._watch(how, draw(kinds))
        except NotPreparable as reason:
            logger.warning("%s is not prepared: %s", self.builder.__qualname__, reason)
            return _Plain(str(reason))
        except (EmptyResultSet, FullResultSet):
            return _Plain("it finds nothing, whatever the values")
        except SynchronousOnlyOperation:
            raise  # asked where an event loop runs; elsewhere it can be prepared
        except Exception as error:  # noqa: BLE001 - what samples cannot tell, the values will
            logger.warning("%s is not prepared: %r", self.builder.__qualname__, error)
            return _Plain(repr(error))

    def _watch(self, how: str, samples: list[dict[str, Any]]) -> Plan:
        observed: list[Observation] = []
        for zone, values in zip(ZONES, samples, strict=True):
            # What depends on the current time zone must not be kept for everybody.
            with timezone.override(zone):
                queryset: QuerySet[Any, Any] = build(self.builder, _given(values))
                if queryset.query.is_empty():
                    raise EmptyResultSet
                # feature: versioning
                if getattr(queryset, "bound_view", None) is not None:
                    raise NotPreparable("it is bound to a branch or a moment")
                # end feature: versioning
                if how in ("slice", "first") and queryset.query.is_sliced:
                    raise NotPreparable("the builder slices already")
                if how == "slice":
                    queryset = queryset[values[OFFSET] : values[OFFSET] + values[LIMIT]]
                elif how == "first":
                    queryset = queryset[:1]
                if how == "count":
                    sql, params = record_count(queryset)
                else:
                    compiler = queryset.query.get_compiler(queryset.db)
                    sql, params = compiler.as_sql()
                observed.append(Observation(values, sql, tuple(params)))
        statement = derive(observed, compared_fields(queryset), connections[queryset.db])
        if how == "count":
            return Plan(queryset.db, statement, None)
        rows = Rows(queryset, compiler, for_json=self.for_json, has_limit=how == "slice")
        if rows.in_one_row:
            statement.sql = in_one_row(statement.sql, compiler)
        return Plan(queryset.db, statement, rows)

    def _find_literal(self) -> frozenset[str]:
        if self._literal is None:  # late: annotations may name what is defined further down
            hints = get_type_hints(self.builder)
            self._literal = frozenset(name for name in self.names if is_literal(hints.get(name)))
        return self._literal


@dataclass(frozen=True, slots=True)
class BoundQuery(Generic[Row]):
    """A prepared query with its arguments; made by `bind` or `plain`."""

    query: PreparedQuery[Any, Row]
    values: dict[str, Any]
    is_plain: bool = False

    def all(self) -> list[Row]:
        rows: list[Row] = self._run("all")
        return rows

    def first(self) -> Row | None:
        rows: list[Row] = self._run("first")
        return rows[0] if rows else None

    def count(self) -> int:
        total: int = self._run("count")
        return total

    def __getitem__(self, part: slice) -> list[Row]:
        """The rows `[offset:end]`."""
        offset = part.start or 0
        rows: list[Row] = self._run("slice", {OFFSET: offset, LIMIT: part.stop - offset})
        return rows

    def _run(self, how: str, part: dict[str, int] | None = None) -> Any:
        values = {**self.values, **(part or {})}
        return (self.query._run_plainly if self.is_plain else self.query._run)(how, values)


@overload
def prepare(builder: Callable[P, QuerySet[Any, Row]], /) -> PreparedQuery[P, Row]: ...
@overload
def prepare(
    *, into: Callable[..., Made], for_json: bool = False
) -> Callable[[Callable[P, QuerySet[Any, Any]]], PreparedQuery[P, Made]]: ...
def prepare(builder: Any = None, /, *, into: Make | None = None, for_json: bool = False) -> Any:
    """Decorator: keep the statements of a function that builds a queryset.

    Rows are what the queryset gives: instances with what they select and prefetch, tuples of
    `values_list`, single values, dicts. With `into`, each tuple is handed to that callable, such as
    a msgspec struct, column by column.

    `for_json`: the rows will only be written as JSON. A value that JSON writes as a text, such as
    an identifier or a time, may be that text already.
    """
    if builder is not None:
        return PreparedQuery(builder)
    return lambda builder: PreparedQuery(builder, into, for_json=for_json)


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the builder takes."""
    return {name: value for name, value in values.items() if name not in (OFFSET, LIMIT)}


class _Recorded(Exception):
    def __init__(self, sql: str, params: Any) -> None:
        self.statement = sql, params


def record_count(queryset: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    """The statement of `queryset.count()`, which is not executed."""

    def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> None:
        raise _Recorded(sql, params)

    try:
        with connections[queryset.db].execute_wrapper(record):
            queryset.count()
    except _Recorded as recorded:
        return recorded.statement
    raise EmptyResultSet


def compared_fields(queryset: QuerySet[Any, Any]) -> list[Any]:
    """The columns that the queryset compares values with, at any depth of its conditions."""
    found: dict[Any, None] = {}

    def visit(node: Any) -> None:
        if isinstance(node, Lookup):
            found[node.lhs.output_field] = None
        for child in [*getattr(node, "children", ()), *_sources(node)]:
            visit(child)

    visit(queryset.query.where)
    for annotation in queryset.query.annotations.values():
        visit(annotation)
    return list(found)


def _sources(node: Any) -> list[Any]:
    sources = getattr(node, "get_source_expressions", None)
    return [source for source in sources() if source is not None] if sources else []
