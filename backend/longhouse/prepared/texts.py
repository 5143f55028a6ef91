"""Values as JSON writes them, without the Python object in between.

For rows that are written as JSON and nothing else: an identifier, a time or a price comes from the
database's own text in a fraction of the time that its object takes. The JSON is the same to the
letter; what does not look as expected is made the long way.
"""

import datetime
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    DateField,
    DateTimeField,
    DecimalField,
    UUIDField,
)
from django.db.models.expressions import Col

Convert = Callable[[Any], Any]
DIGITS = 15  # that SQLite's JSON keeps of a number with a fraction
# Whose values come as they are, whatever form they travel in: SQLite's JSON, PostgreSQL's binary.
FIELDS_OF_ANY_FORM = frozenset(
    (
        *("AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "CharField"),
        *("DateField", "DateTimeField", "FileField", "IntegerField", "PositiveBigIntegerField"),
        *("PositiveIntegerField", "PositiveSmallIntegerField", "SlugField", "SmallIntegerField"),
        *("TextField", "UUIDField"),
    )
)
KEPT = 16_384  # texts of each kind: hot rows, and those who own them, come again and again
_TRUTH = {0: False, 1: True}


def from_sqlite(column: Any, connection: Any, exact: Convert | None) -> Convert | None:
    """From what SQLite holds in a column to what JSON writes; None when that is the same.

    `exact` is Django's own conversion.
    """
    kind = _type_of(column)
    if kind is UUIDField:
        return _identifier
    if kind is DateTimeField and connection.timezone is datetime.UTC:
        return _moment_of_sqlite
    if kind is BooleanField:
        return _TRUTH.get
    if kind is DateField:
        return None
    if kind is DecimalField and exact is not None:
        return lru_cache(maxsize=KEPT)(lambda value: _decimal(exact(value)))
    return exact


def from_postgresql(column: Any, connection: Any, exact: Convert | None) -> Convert | None:
    """The same for PostgreSQL's text, and for the objects that psycopg makes of it."""
    if _type_of(column) is DateTimeField and connection.timezone is datetime.UTC:
        return _moment_of_postgresql
    return exact


def fits_one_row(column: Any) -> bool:
    """Whether a column's values survive SQLite's JSON."""
    if isinstance(column, Count):
        return True
    field = _field_of(column)
    if type(field) is DecimalField:
        return (field.max_digits or DIGITS + 1) <= DIGITS
    return field is not None and field.get_internal_type() in FIELDS_OF_ANY_FORM


def _type_of(column: Any) -> type | None:
    return type(_field_of(column))


def _field_of(column: Any) -> Any:
    """The field of a plain column; None for what is calculated."""
    if not isinstance(column, Col):
        return None
    field: Any = column.output_field
    while field.is_relation:
        field = field.target_field
    return field


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


@lru_cache(maxsize=KEPT)
def _identifier(digits: str | None) -> str | None:
    if digits is None:
        return None
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


@lru_cache(maxsize=KEPT)
def _moment_of_sqlite(value: Any) -> Any:
    # As Django stores it: in UTC, with six digits of a second or none.
    if type(value) is str and value[10:11] == " ":
        length = len(value)
        if length == 19 or (length == 26 and value[19] == "."):
            return f"{value[:10]}T{value[11:]}Z"
    return _moment(value)


@lru_cache(maxsize=KEPT)
def _moment_of_postgresql(value: Any) -> Any:
    # A connection of Django's is in UTC: 2026-01-31 12:30:00+00, or with six digits of a second;
    # zeros at the end are not written.
    if type(value) is str and len(value) in (22, 29) and value.endswith("+00"):
        return f"{value[:10]}T{value[11:-3]}Z"
    return _moment(value)


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value)
    if value is None or value.tzinfo is not None:
        return value
    # A fifth of what replace() takes.
    return datetime.datetime.combine(value, value.time(), datetime.UTC)
