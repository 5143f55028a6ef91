"""What is kept is JSON, and small."""

import json
from dataclasses import dataclass
from typing import Any, Final

from django_tasks.utils import normalize_json

from longhouse.workflows.exceptions import TooLarge


@dataclass(frozen=True)
class Failed:
    """In the place of a result: an item of a map that failed."""

    error: str


MAX_BYTES: Final = 64 * 1024
MAX_ERROR: Final = 20_000  # characters


def kept(value: Any, what: str) -> Any:
    """The value as it will be read back. Raises TooLarge, naming `what` it is."""
    try:
        value = normalize_json(value)
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise TooLarge(f"{what} is no JSON: {error}") from error
    if "\\u0000" in text:
        raise TooLarge(f"{what} holds a NUL character.")
    if len(text) > MAX_BYTES:
        raise TooLarge(
            f"{what} has {len(text)} bytes, more than {MAX_BYTES}: store it elsewhere, keep where."
        )
    return value


def last_line(error: str) -> str:
    """Of a traceback: what was raised."""
    return error.strip().rpartition("\n")[2]


def shortened(error: str) -> str:
    """Its end, which says what went wrong. PostgreSQL stores no NUL."""
    return error[-MAX_ERROR:].replace("\0", "\ufffd")
