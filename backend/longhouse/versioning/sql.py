"""SQL of what a view shows of one table.

The shapes matter: PostgreSQL plans a UNION ALL well only when its arms have no conditions; SQLite
wants the conditions inside. Numbers are written into the text, so that planners see them.
"""

from functools import cache, lru_cache
from typing import Any

from django.core.exceptions import FullResultSet

from longhouse.versioning.companions import CREATE, DELETE, IMAGE, UPDATE, Versioned
from longhouse.versioning.context import INFINITY, MAIN, Layer, View

__all__ = ["CREATE", "DELETE", "IMAGE", "INFINITY", "UPDATE"]


_FEW = 200  # rows, which are counted in a few microseconds

# Conditions on `version_op` are written as those of the companion's partial indexes are, "< 3":
# neither database would use them otherwise.


@cache
def quoted(name: str) -> str:
    # As both databases quote; their own functions leave quoted names alone, which none here is.
    return '"{}"'.format(name.replace('"', '""'))


@lru_cache(maxsize=4096)
def columns(names: tuple[str, ...], alias: str = "") -> str:
    prefix = f"{alias}." if alias else ""
    return ", ".join(prefix + quoted(name) for name in names)


def within(layer: Layer, alias: str) -> str:
    """Whether a companion's row, deleted or not, is what `layer` holds of its key."""
    if layer.at is None:
        return f"{alias}.version_branch = {layer.branch} AND {alias}.version_to = {INFINITY}"
    # When nearly all end later, no index is to be chosen for that.
    end = f"{'+' if layer.few_ended else ''}{alias}.version_to > {layer.at}"
    start = f"{alias}.version_branch = {layer.branch} AND {alias}.version_from <= {layer.at}"
    return f"{start} AND {end}"


def holds_anything(versioned: Versioned, layer: Layer) -> str:
    """A query that has a row if the layer holds a row of the table, deleted or not."""
    return f"SELECT 1 FROM {quoted(versioned.companion_table)} o WHERE {within(layer, 'o')} LIMIT 1"


def has_rows(versioned: Versioned, layer: Layer) -> str:
    """A query that has a row if the layer holds a row of the table that is not deleted."""
    return holds_anything(versioned, layer).replace(" LIMIT", f" AND o.version_op < {DELETE} LIMIT")


def has_changed(versioned: Versioned, at: int) -> str:
    """A query that has a row if main's table is not as it was after that commit."""
    return (
        f"SELECT 1 FROM {quoted(versioned.table)} WHERE {quoted(versioned.rev)} > {at} UNION ALL"
        f" SELECT 1 FROM {quoted(versioned.companion_table)}"
        f" WHERE version_branch = {MAIN} AND version_to < {INFINITY} AND version_to > {at} LIMIT 1"
    )


def has_many_left(versioned: Versioned, at: int) -> str:
    """A query that has a row if more than a few rows of main are as old as that commit."""
    where = f"{quoted(versioned.rev)} <= {at}"
    return f"SELECT 1 FROM {quoted(versioned.table)} WHERE {where} LIMIT 1 OFFSET {_FEW}"


def has_many_ended(versioned: Versioned, at: int) -> str:
    """A query that has a row if more than a few versions of main's had ended by that commit."""
    where = f"version_branch = {MAIN} AND version_to < {INFINITY} AND version_to <= {at}"
    return f"SELECT 1 FROM {quoted(versioned.companion_table)} WHERE {where} LIMIT 1 OFFSET {_FEW}"


def hidden(versioned: Versioned, layers: tuple[Layer, ...], key: str, more: str = "") -> str:
    """Whether one of `layers` holds a row of the key that the SQL `key` names."""
    own = " OR ".join(f"({within(layer, 'o_')})" for layer in layers)
    return (
        f"EXISTS (SELECT 1 FROM {quoted(versioned.companion_table)} o_"
        f" WHERE o_.{quoted(versioned.pk)} = {key} AND ({own}){more})"
    )


def relation(
    vendor: str, versioned: Versioned, view: View | None, *, joins_few: bool = False
) -> str:
    """What stands for the table in FROM, without an alias.

    `joins_few`: so few tables are joined that PostgreSQL may join what hides their rows as well.
    """
    if view is None:
        return quoted(versioned.table)
    return _relation(vendor, versioned, view, joins_few)


@lru_cache(maxsize=4096)
def _relation(vendor: str, versioned: Versioned, view: View, joins_few: bool) -> str:
    return _flat(versioned, view, joins_few) if vendor == "postgresql" else _arms(versioned, view)


def common_table(vendor: str, versioned: Versioned, view: View) -> str:
    """What stands for the table in the statements that follow this in their WITH."""
    if vendor == "postgresql":
        shown = _flat(versioned, view, joins_few=False)
    else:  # where the name would mean itself
        shown = _arms(versioned, view, schema="main.")
    return f"{quoted(versioned.table)} AS NOT MATERIALIZED {shown}"


def _flat(versioned: Versioned, view: View, joins_few: bool) -> str:
    def unless_hidden(below: str, above: tuple[Layer, ...]) -> str:
        # Alone, NOT EXISTS becomes an anti join, whose cost is known. Within another condition it
        # is a subplan, which looks costly; but the order of more than eight joins is not sought,
        # and those on what one of several layers holds find no index.
        if joins_few and len(view.layers) == 2:
            return f" AND NOT {hidden(versioned, above, key, f' AND {below}')}"
        return f" AND NOT ({below} AND {hidden(versioned, above, key)})"

    names, key = versioned.all_columns, f"u.{quoted(versioned.pk)}"
    rev = quoted(versioned.rev)
    *overlays, bottom = view.layers
    live = len(overlays) == 1 and overlays[0].at is None and bottom.at is None
    # The constants of the ordinary table: those that let the planner fold the conditions.
    branch = overlays[0].branch if live else MAIN
    if live:
        shown = f"{within(overlays[0], 'u')} AND u.version_op < {DELETE}"
        shown += unless_hidden(f"u.version_op = {IMAGE}", view.layers[:1])
    else:
        parts = [
            within(layer, "u") + ("" if layer is bottom else f" AND u.version_op < {DELETE}")
            for layer in view.layers
        ]
        shown = parts[0] if len(parts) == 1 else f"({' OR '.join(f'({part})' for part in parts)})"
        for position, layer in enumerate(view.layers[1:], start=1):
            shown += unless_hidden(f"u.version_branch = {layer.branch}", view.layers[:position])
    return (
        f"(SELECT {columns(names, 'u')}, u.version_from AS {rev} FROM ("
        f"SELECT {columns(names, 'm')}, m.{rev} AS version_from,"
        f" {branch}::bigint AS version_branch, {INFINITY}::bigint AS version_to,"
        f" {IMAGE}::smallint AS version_op"
        f" FROM {quoted(versioned.table)} m"
        f" UNION ALL SELECT {columns(names, 'v')}, v.version_from, v.version_branch, v.version_to,"
        f" v.version_op FROM {quoted(versioned.companion_table)} v) u WHERE {shown})"
    )


# Beside main's table in FROM: one row, which is always there. What hides a row depends on it,
# because conditions on a joined table alone make SQLite read all of it into a Bloom filter first.
_IS_ONE_ROW = "k_.rowid = (SELECT MIN(rowid) FROM sqlite_master)"


def _arms(versioned: Versioned, view: View, schema: str = "") -> str:
    rev, names = quoted(versioned.rev), columns(versioned.all_columns, "v")
    shown = []
    places = _places(versioned, view)
    if len(places) > 1:  # one alone may be to the right of a LEFT JOIN, if it is of one table
        places = _places(versioned, view, " AND k_.rowid > 0")
    for source, where in places:
        start = "" if source == versioned.table else "version_from AS "
        table = f"{schema}{quoted(source)} v WHERE"
        if "k_." in where:
            table = f"sqlite_master k_ JOIN {table} {_IS_ONE_ROW} AND"
        shown.append(f"SELECT {names}, v.{start}{rev} FROM {table} {where}")
    return f"({' UNION ALL '.join(shown)})"


def arms(versioned: Versioned, view: View) -> list[str]:
    """What follows FROM for each place where the view has rows: a table as `v`, and conditions."""
    return [f"{quoted(source)} v WHERE {where}" for source, where in _places(versioned, view)]


def _places(versioned: Versioned, view: View, beside: str = "") -> list[tuple[str, str]]:
    """Tables where the view has rows, and conditions on them as `v`.

    `beside`: what hides a row of main's table must hold as well.
    """
    found = []
    for position, layer in enumerate(view.layers):
        key = f"v.{quoted(versioned.pk)}"
        above = view.layers[:position]
        if layer.branch == MAIN:
            where = "1 = 1" if layer.at is None else f"v.{quoted(versioned.rev)} <= {layer.at}"
            if layer.few_left:
                where = f"likelihood({where}, 0.0001)"
            if above:
                where += f" AND NOT {hidden(versioned, above, key, beside)}"
            found.append((versioned.table, where))
        if layer.has_rows and (layer.branch != MAIN or layer.at is not None):
            where = within(layer, "v")
            if layer.branch != MAIN:
                where += f" AND v.version_op < {DELETE}"
            elif not layer.few_ended:  # they are all past: the index of the past wants to be told
                where += f" AND v.version_to < {INFINITY}"
            if above:
                where += f" AND NOT {hidden(versioned, above, key)}"
            found.append((versioned.companion_table, where))
    return found


def condition(compiler: Any, where: Any) -> tuple[str, list[Any]]:
    """The WHERE of a compiler's query. Raises EmptyResultSet."""
    try:
        sql, params = compiler.compile(where)
    except FullResultSet:
        return "1 = 1", []
    return (sql, list(params)) if sql else ("1 = 1", [])


def distinct_from(vendor: str) -> str:
    """The operator that tells values apart where NULL is a value too."""
    return "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
