"""What is kept is JSON, and small."""

from dataclasses import dataclass
from typing import Any, Final

from longhouse.jobs.values import as_json
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
        value, _ = as_json(
            value, what, limit=MAX_BYTES, advice="store it elsewhere, and keep where"
        )
    except ValueError as error:
        raise TooLarge(str(error)) from error
    return value


def last_line(error: str) -> str:
    """Of a traceback: what was raised."""
    return error.strip().rpartition("\n")[2]


def shortened(error: str) -> str:
    """Its end, which says what went wrong. PostgreSQL stores no NUL."""
    return error[-MAX_ERROR:].replace("\0", "\ufffd")
