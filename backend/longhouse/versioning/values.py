"""Values of fields: as the driver gives them, as Python has them, and as bytes to be hashed."""

import datetime
import hashlib
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone

Reader = Callable[[Any], Any]


def reader(field: Any, connection: Any) -> Reader:
    """What makes the field's Python value of the driver's."""
    while field.is_relation:
        field = field.target_field
    column = field.get_col(field.model._meta.db_table)
    converters: list[Callable[..., Any]] = [
        *connection.ops.get_db_converters(column),
        *field.get_db_converters(connection),
    ]

    def read(value: Any) -> Any:
        for convert in converters:
            value = convert(value, column, connection)
        return value

    return read


def python(field: Any, value: Any, connection: Any) -> Any:
    """A value as the driver gives it, as the field's Python value."""
    return reader(field, connection)(value)


def digest(value: Any) -> bytes:
    """SHA-256 of the canonical encoding: 32 bytes."""
    return hashlib.sha256(encode(value)).digest()


def encode(value: Any) -> bytes:
    """The canonical encoding: the same bytes for the same value, whatever database it came from.

    Each value is a letter for its kind, the length of what follows in bytes, a colon, and that.
    Numbers are equal when their values are: JSON of PostgreSQL gives 1 for what was 1e0.
    """
    if type(value) is str:  # most are
        kind, content = b"s", value.encode("utf-8", "surrogatepass")
    elif type(value) is int:
        kind, content = b"d", b"%d" % value
    else:
        kind, content = _encode(value)
    return b"%b%d:%b" % (kind, len(content), content)


def _encode(value: Any) -> tuple[bytes, bytes]:
    match value:
        case None:
            return b"n", b""
        case bool():
            return b"b", b"1" if value else b"0"
        case int() | float() | Decimal():
            return b"d", _number(value).encode()
        case str():
            # Not as it is printed: members of enumerations are strings too.
            return b"s", str.__str__(value).encode("utf-8", "surrogatepass")
        case bytes() | bytearray() | memoryview():
            return b"x", bytes(value)
        case datetime.datetime():
            moment = value.astimezone(datetime.UTC) if timezone.is_aware(value) else value
            return b"t", moment.isoformat(timespec="microseconds").encode()
        case datetime.date():
            return b"t", value.isoformat().encode()
        case datetime.time():
            return b"t", value.isoformat(timespec="microseconds").encode()
        case datetime.timedelta():
            return b"i", str(value // datetime.timedelta(microseconds=1)).encode()
        case uuid.UUID():
            return b"u", value.bytes
        case dict():
            items = sorted((str(key), item) for key, item in value.items())
            return b"o", b"".join(encode(key) + encode(item) for key, item in items)
        case list() | tuple():
            return b"a", b"".join(encode(item) for item in value)
        case _:  # what is left prints itself: addresses, geometries
            return b"s", str(value).encode()


def _number(value: float | Decimal) -> str:
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return str(exact)
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
