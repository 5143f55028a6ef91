"""A page of a list as one row of JSON, for SQLite.

The driver lets other threads run at every row: with threads that wait for that, twenty rows cost
less as one. And a page is joined to what its rows refer to after it was cut out: SQLite would look
that up for every row before it, too.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import ForeignKey, OneToOneField
from django.db.models.expressions import Col, RawSQL
from django.db.models.sql import Query
from django.db.models.sql.constants import INNER, LOUTER
from django.db.models.sql.where import ExtraWhere


def in_one_row(sql: str, compiler: Any) -> str:
    """The compiler's statement, which ends with a LIMIT, with all its rows as one JSON text."""
    if late := _joined_late(sql, compiler):
        return late
    names = ", ".join(f"c{position}" for position in range(compiler.col_count))
    return f"WITH found({names}) AS ({sql}) SELECT {_as_json(names)} FROM found"  # noqa: S608


def _as_json(columns: str) -> str:
    return f"json_group_array(json_array({columns}))"


def _joined_late(sql: str, compiler: Any) -> str | None:
    """The same with its joins after the LIMIT; None where that might find other rows.

    It does not when each join finds the one row that a foreign key refers to, and the joined
    tables have no say in which rows are found, or in what order.
    """
    query = compiler.query
    tables = [table for alias, table in query.alias_map.items() if query.alias_refcount[alias]]
    if len(tables) < 2 or query.combinator or query.group_by is not None or query.extra_tables:
        return None
    if not all(_adds_one_row(join, query.alias_map) for join in tables[1:]):
        return None
    if not all(isinstance(column, Col) for column, _, _ in compiler.select):
        return None
    if any(isinstance(part, (ExtraWhere, RawSQL)) for part in _parts(query.where)):
        return None  # who knows which tables it means
    quote = compiler.connection.ops.quote_name
    table = compiler.quote_name_unless_alias
    first, *joins = compiler.get_from_clause()[0]
    columns = [text for _, (text, _), _ in compiler.select]
    named = [
        text if alias is None else f"{text} AS {quote(alias)}"
        for _, (text, _), alias in compiler.select
    ]
    start = " ".join(["SELECT", ", ".join(named), "FROM", first, *joins, ""])
    if not sql.startswith(start):
        return None
    base = tables[0].table_alias
    rest = _ordered_by_name(sql.removeprefix(start), columns, f"{table(base)}.")
    if rest is None or any(f"{table(join.table_alias)}." in rest for join in tables[1:]):
        return None
    # What the rows themselves have, once each.
    needed = dict.fromkeys(
        [column.target.column for column, _, _ in compiler.select if column.alias == base]
        + [
            lhs.column
            for join in tables[1:]
            for lhs, _ in join.join_fields
            if join.parent_alias == base
        ]
    )
    inner = ", ".join(f"{table(base)}.{quote(name)} AS {quote(name)}" for name in needed)
    # CROSS JOIN is SQLite's way to say which of two tables comes first: the order stays.
    after = " ".join(join.replace(INNER, "CROSS JOIN", 1) for join in joins)
    return (
        f"SELECT {_as_json(', '.join(columns))} "  # noqa: S608 - all of it is the compiler's
        f"FROM (SELECT {inner} FROM {first} {rest}) AS {table(base)} {after}"
    )


def _ordered_by_name(rest: str, columns: list[str], prefix: str) -> str | None:
    """What follows a statement's tables, ordered by columns, not by their positions.

    None when it is ordered by anything but columns that begin with `prefix`.
    """
    before, found, order = rest.rpartition("ORDER BY ")
    if not found:
        return rest
    if before.count("(") != before.count(")"):
        return None  # that of a subquery
    order, limit, after = order.partition(" LIMIT ")
    terms = []
    for term in order.split(", "):
        name, space, direction = term.partition(" ")
        if name.isdecimal():
            name = columns[int(name) - 1]
        if not name.startswith(prefix):
            return None
        terms.append(name + space + direction)
    return f"{before}{found}{', '.join(terms)}{limit}{after}"


def _adds_one_row(join: Any, tables: dict[str, Any]) -> bool:
    """Whether a join finds exactly one row, or NULLs, for each row before it.

    A key that refers to nothing until its transaction ends, as SQLite allows, makes a page shorter.
    """
    field: Any = getattr(join, "join_field", None)
    if type(field) not in (ForeignKey, OneToOneField) or join.filtered_relation is not None:
        return False
    if not (field.model._meta.managed and field.related_model._meta.managed):
        return False  # whoever made the tables may have left out what the models say
    if join.join_type == LOUTER:
        return True
    return not field.null and field.db_constraint and tables[join.parent_alias].join_type != LOUTER


def _parts(node: Any) -> Iterator[Any]:
    """A condition, and all that it is made of."""
    yield node
    sources: Any = getattr(node, "get_source_expressions", list)()
    inner = [node.where] if isinstance(node, Query) else []
    for part in [*sources, *inner]:
        yield from _parts(part)
