"""Prepared statements of one PostgreSQL connection, past psycopg's cursors.

A cursor costs more than most reads do: here a statement is prepared when it first comes, and then
one call of libpq sends its values and waits for the rows.
"""

import re
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg import pq
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.types.string import TextLoader

from longhouse.prepared.rows import Form

MAX_PREPARED = 1000  # statements kept by one connection
_PLACEHOLDER = re.compile(r"%s|%%")
_AGAIN = (
    psycopg.errors.FeatureNotSupported,  # a column was added: the kept plan gives other rows
    psycopg.errors.InvalidSqlStatementName,  # somebody deallocated it
)
Shape = tuple[str, tuple[int, ...]]  # a statement, and the types of its parameters
Rows = list[tuple[Any, ...]]


class Statements:
    """What has been prepared on a connection, and how its values are written and read."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self.server = connection.pgconn
        # One for each form, shared by all statements: a transformer's state never outlives a call.
        plain = Transformer(connection)
        self._transformers: dict[Form, Any] = {
            "binary": plain,
            "text": plain,
            "json": Transformer(_TextContext(connection)),
        }
        self._names: dict[Shape, bytes] = {}
        self.prepared = 0

    def dump(
        self, params: Sequence[Any], form: Form
    ) -> tuple[Sequence[Any], tuple[int, ...], Sequence[pq.Format] | None]:
        """The values for libpq, their types and their formats."""
        transformer = self._transformers[form]
        values = transformer.dump_sequence(params, [PyFormat.AUTO] * len(params))
        return values, transformer.types or (), transformer.formats

    def load(self, result: pq.abc.PGresult, form: Form) -> Rows:
        transformer = self._transformers[form]
        transformer.set_pgresult(result)
        rows: Rows = transformer.load_rows(0, result.ntuples, tuple)
        return rows

    def find(self, shape: Shape) -> bytes | None:
        return self._names.get(shape)

    def add(self, shape: Shape) -> bytes:
        """A new name; the caller prepares the statement."""
        self.prepared += 1
        name = self._names[shape] = b"read_%d" % self.prepared
        return name

    def forget(self, shape: Shape) -> None:
        self._names.pop(shape, None)


def wire_format(form: Form) -> pq.Format:
    return pq.Format.BINARY if form == "binary" else pq.Format.TEXT


def numbered(sql: str) -> bytes:
    """%s, %s to $1, $2 as PostgreSQL counts them."""
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] == "%%":
            return "%"
        count += 1
        return f"${count}"

    return _PLACEHOLDER.sub(number, sql).encode()


def statements_of(connection: Any) -> Statements | None:
    """What Django's `connection` keeps; None where a cursor has to read.

    That is behind a pooler, and inside a transaction: psycopg drops every prepared statement when
    one is rolled back, and to find that out would break the transaction.
    """
    options = connection.settings_dict["OPTIONS"]
    if not (options.get("server_side_binding") and options.get("prepare_threshold")):
        return None
    raw = connection.connection
    if not raw.autocommit or raw.pgconn.transaction_status != pq.TransactionStatus.IDLE:
        return None
    if (found := _statements.get(raw)) is None:
        found = _statements[raw] = Statements(raw)
    return found if found.prepared < MAX_PREPARED else None


def fetch(statements: Statements, sql: str, params: Sequence[Any], form: Form) -> Rows:
    """All rows of a statement with %s for each parameter. Raises psycopg's errors."""
    server = statements.server
    values, types, formats = statements.dump(params, form)
    shape = (sql, types)
    if (name := statements.find(shape)) is not None:
        result = server.exec_prepared(name, values, formats, wire_format(form))
        if result.status == pq.ExecStatus.TUPLES_OK:
            return statements.load(result, form)
        statements.forget(shape)
        error = psycopg.errors.error_from_result(result)
        if not isinstance(error, _AGAIN):
            raise error
    name = statements.add(shape)
    try:
        _check(server.prepare(name, numbered(sql), types))
        result = server.exec_prepared(name, values, formats, wire_format(form))
        _check(result)
    except psycopg.Error:
        statements.forget(shape)
        raise
    return statements.load(result, form)


def _check(result: pq.abc.PGresult) -> None:
    if result.status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        raise psycopg.errors.error_from_result(result)


_statements: "WeakKeyDictionary[psycopg.Connection[Any], Statements]" = WeakKeyDictionary()


class _TextContext:
    """For psycopg: as a connection has it, but what JSON writes as a text stays that text."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self.connection = connection
        self.adapters = AdaptersMap(connection.adapters)
        for name in ("uuid", "timestamptz", "date", "numeric"):
            self.adapters.register_loader(name, TextLoader)
