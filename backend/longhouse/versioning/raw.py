"""Raw SQL that reads what is active: a branch, or a moment.

A statement gets a common table expression for each versioned table that it names: the name then
stands for what is seen of the table.
"""

import re
from contextlib import AbstractContextManager, nullcontext

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from django.db.models.query import RawQuerySet
from django.db.models.sql import RawQuery

from longhouse.versioning import sql
from longhouse.versioning.companions import Versioned, tables
from longhouse.versioning.context import View, active, reading

_NO_CODE = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_READS = re.compile(r"[\s(]*(?:SELECT|WITH|VALUES)\b", re.IGNORECASE)
_WITH = re.compile(r"\s*WITH\s+(?:RECURSIVE\s+)?", re.IGNORECASE)
_WRITES = re.compile(
    r"\b(?:INSERT|REPLACE|MERGE)\s+(?:OR\s+\w+\s+)?INTO\b|\bDELETE\s+FROM\b"
    r"|(?<!FOR )(?<!KEY )\bUPDATE\s+(?!OF\b|NOWAIT\b|SKIP\b|FROM\b)[\w\"]",
    re.IGNORECASE,
)


def visible(text: str, using: str = DEFAULT_DB_ALIAS) -> str:
    """A statement for `cursor.execute` that reads what is active; on main it stays as it is.

    Raises NotSupportedError for one that writes, and for names of versioned tables with a schema.
    """
    if (view := active.get()) is None or not _named(text):
        return text
    if not _READS.match(_NO_CODE.sub(" ", text)):
        raise NotSupportedError(f"Raw SQL in a branch or in the past only selects: {text}")
    return seen(connections[using].vendor, text, view)


def seen(vendor: str, text: str, view: View) -> str:
    """A statement or an expression that reads `view`. Raises NotSupportedError, as `visible`."""
    if not (named := _named(text)):
        return text
    code = _NO_CODE.sub(" ", text)
    if _WRITES.search(code):
        raise NotSupportedError("Raw SQL cannot write in a branch or in the past: use the ORM.")
    for versioned in named:
        if _reads(code, versioned, r"(?:\w+|\"[^\"]+\")\s*\.\s*"):
            raise NotSupportedError(
                f"Raw SQL in a branch or in the past names {versioned.table} without a schema."
            )
    shown = ", ".join(sql.common_table(vendor, versioned, view) for versioned in named)
    if not _READS.match(code):  # an expression, or a condition
        reads = any(_reads(code, versioned) for versioned in named)
        return f"(WITH {shown} SELECT ({text}))" if reads else text
    if not _WITH.match(code):
        return f"WITH {shown} {text}"
    if vendor == "postgresql":  # where tables that follow RECURSIVE would mean themselves
        return f"WITH {shown} SELECT * FROM (\n{text.strip().rstrip(';')}\n) own_"
    return f"WITH RECURSIVE {shown}, {_WITH.sub('', _without_comments(text), count=1)}"


def _named(text: str) -> list[Versioned]:
    """Versioned tables whose names occur; one too many does no harm."""
    lowered = text.lower()
    return [versioned for name, versioned in tables.items() if name.lower() in lowered]


def _reads(code: str, versioned: Versioned, schema: str = "") -> bool:
    """Whether the table is named where tables are, not in front of a column."""
    name = re.escape(versioned.table)
    place = rf"(?:\bFROM|\bJOIN|,)[\s(]*{schema}(?:\"{name}\"|{name}\b)(?!\s*\.)"
    return re.search(place, code, re.IGNORECASE) is not None


def _without_comments(text: str) -> str:
    """Without those at its beginning."""
    return re.sub(r"\A(?:\s+|--[^\n]*|/\*.*?\*/)+", "", text, flags=re.DOTALL)


class VersionedRawQuery(RawQuery):
    """Reads what it is bound to, else what is active."""

    bound: tuple[View | None] | None = None

    def reading(self) -> AbstractContextManager[None]:
        return nullcontext() if self.bound is None else reading(self.bound[0])

    def clone(self, using: str) -> "VersionedRawQuery":
        clone = VersionedRawQuery(self.sql, using, params=self.params)
        clone.bound = self.bound
        return clone

    def _execute_query(self) -> None:
        text = self.sql
        try:
            with self.reading():
                self.sql = visible(text, self.using)
                super()._execute_query()  # type: ignore[misc]
        finally:
            self.sql = text


class VersionedRawQuerySet(RawQuerySet):  # type: ignore[type-arg]
    query: VersionedRawQuery

    def _fetch_all(self) -> None:
        with self.query.reading():  # what it prefetches, too
            super()._fetch_all()  # type: ignore[misc]
