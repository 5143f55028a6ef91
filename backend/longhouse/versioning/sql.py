"""SQL of what a view shows of one table.

The shapes matter: PostgreSQL plans a UNION ALL well only when its arms have no conditions; SQLite
wants the conditions inside. Numbers are written into the text, so that planners see them.
"""

from functools import lru_cache
from typing import Any

from django.core.exceptions import FullResultSet

from longhouse.versioning.companions import CREATE, DELETE, IMAGE, UPDATE, Versioned
from longhouse.versioning.context import INFINITY, MAIN, Layer, View

__all__ = ["CREATE", "DELETE", "IMAGE", "INFINITY", "UPDATE"]


# Conditions on `version_op` are written as those of the companion's partial indexes are, "< 3":
# neither database would use them otherwise.


def quoted(name: str) -> str:
    # As both databases quote; their own functions leave quoted names alone, which none here is.
    return '"{}"'.format(name.replace('"', '""'))


def columns(names: list[str], alias: str = "") -> str:
    prefix = f"{alias}." if alias else ""
    return ", ".join(prefix + quoted(name) for name in names)


def within(layer: Layer, alias: str) -> str:
    """Whether a companion's row, deleted or not, is what `layer` holds of its key."""
    if layer.at is None:
        return f"{alias}.version_branch = {layer.branch} AND {alias}.version_to = {INFINITY}"
    return (
        f"{alias}.version_branch = {layer.branch} AND {alias}.version_from <= {layer.at}"
        f" AND {alias}.version_to > {layer.at}"
    )


def hidden(versioned: Versioned, layers: tuple[Layer, ...], key: str) -> str:
    """Whether one of `layers` holds a row of the key that the SQL `key` names."""
    own = " OR ".join(f"({within(layer, 'o_')})" for layer in layers)
    return (
        f"EXISTS (SELECT 1 FROM {quoted(versioned.companion_table)} o_"
        f" WHERE o_.{quoted(versioned.pk)} = {key} AND ({own}))"
    )


def relation(vendor: str, versioned: Versioned, view: View | None) -> str:
    """What stands for the table in FROM, without an alias."""
    if view is None:
        return quoted(versioned.table)
    return _relation(vendor, versioned, view)


@lru_cache(maxsize=4096)
def _relation(vendor: str, versioned: Versioned, view: View) -> str:
    return (_flat if vendor == "postgresql" else _arms)(versioned, view)


def _flat(versioned: Versioned, view: View) -> str:
    names, key = versioned.all_columns, f"u.{quoted(versioned.pk)}"
    rev = quoted(versioned.rev)
    *overlays, bottom = view.layers
    live = len(overlays) == 1 and overlays[0].at is None and bottom.at is None
    # The constants of the ordinary table: those that let the planner fold the conditions.
    branch = overlays[0].branch if live else MAIN
    if live:
        shown = (
            f"{within(overlays[0], 'u')} AND u.version_op < {DELETE} AND NOT "
            f"(u.version_op = {IMAGE} AND {hidden(versioned, tuple(overlays), key)})"
        )
    else:
        parts = []
        for position, layer in enumerate(view.layers):
            part = within(layer, "u")
            if layer is not bottom:
                part += f" AND u.version_op < {DELETE}"
            if position:
                part += f" AND NOT {hidden(versioned, view.layers[:position], key)}"
            parts.append(part)
        shown = parts[0] if len(parts) == 1 else " OR ".join(f"({part})" for part in parts)
    return (
        f"(SELECT {columns(names, 'u')}, u.version_from AS {rev} FROM ("
        f"SELECT {columns(names, 'm')}, m.{rev} AS version_from,"
        f" {branch}::bigint AS version_branch, {INFINITY}::bigint AS version_to,"
        f" {IMAGE}::smallint AS version_op"
        f" FROM {quoted(versioned.table)} m"
        f" UNION ALL SELECT {columns(names, 'v')}, v.version_from, v.version_branch, v.version_to,"
        f" v.version_op FROM {quoted(versioned.companion_table)} v) u WHERE {shown})"
    )


def _arms(versioned: Versioned, view: View) -> str:
    rev = quoted(versioned.rev)
    shown = []
    for arm in arms(versioned, view):
        own = rev if arm.startswith(f"{quoted(versioned.table)} ") else f"version_from AS {rev}"
        shown.append(f"SELECT {columns(versioned.all_columns, 'v')}, v.{own} FROM {arm}")
    return f"({' UNION ALL '.join(shown)})"


def arms(versioned: Versioned, view: View) -> list[str]:
    """What follows FROM for each place where the view has rows: a table as `v`, and conditions."""
    found = []
    for position, layer in enumerate(view.layers):
        shown = f" AND v.version_op < {DELETE}" if layer.branch != MAIN else ""
        if position:
            key = f"v.{quoted(versioned.pk)}"
            shown += f" AND NOT {hidden(versioned, view.layers[:position], key)}"
        if layer.branch == MAIN:
            time = "1 = 1" if layer.at is None else f"v.{quoted(versioned.rev)} <= {layer.at}"
            found.append(f"{quoted(versioned.table)} v WHERE {time}{shown}")
        if layer.branch != MAIN or layer.at is not None:
            companion = quoted(versioned.companion_table)
            found.append(f"{companion} v WHERE {within(layer, 'v')}{shown}")
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
