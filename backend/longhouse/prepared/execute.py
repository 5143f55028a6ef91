"""Run a statement on one of Django's connections with what a read needs of a Django cursor.

Django's cursor wrapper takes longer than SQLite does for one row. When nobody listens (query log,
execute wrappers), the driver is called directly; errors, broken transactions and new connections
are treated as ever.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from django.db import connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

from longhouse.prepared.rows import Fetched, Form

# What an event loop reads by, in the place of Django's connection, which takes long to look up.
shared_connection: ContextVar[Any] = ContextVar("shared_connection", default=None)


def connection_to(alias: str) -> Any:
    """The connection that prepared queries use."""
    shared = shared_connection.get()
    return shared if shared is not None and shared.alias == alias else connections[alias]


def fetch(connection: Any, sql: str, params: Sequence[Any], form: Form = "text") -> Fetched:
    """All rows as the driver gives them. Raises Django's database errors."""
    rows: Fetched
    if fetch_prepared := getattr(connection, "fetch_prepared", None):
        # A connection that has a way of its own, such as one that a loop shares.
        rows = fetch_prepared(sql, params, form)
        return rows
    if connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
        return rows
    if connection.connection is None:
        connection.ensure_connection()
    else:
        connection.close_if_health_check_failed()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            rows = fetch_from_sqlite(connection.connection, sql, params)
        elif connection.vendor == "postgresql" and (
            kept := _postgresql().statements_of(connection)
        ):
            rows = _postgresql().fetch(kept, sql, params, form)
        else:
            with connection.create_cursor() as cursor:
                cursor.execute(sql, params)
                rows = cursor.fetchall()
    return rows


def fetch_from_sqlite(raw: Any, sql: str, params: Sequence[Any]) -> Fetched:
    """All rows from a connection of the driver's. Raises its errors."""
    rows: Fetched = raw.execute(_qmark(sql), params).fetchall()
    return rows


@cache
def _postgresql() -> Any:
    """The module for PostgreSQL, which needs psycopg."""
    return import_module("longhouse.prepared.postgresql")


@lru_cache(maxsize=1024)
def _qmark(sql: str) -> str:
    """As Django's SQLite cursor rewrites a statement: %s to ?, %% to %."""
    return FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
