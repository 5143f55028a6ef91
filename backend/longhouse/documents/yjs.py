"""What comes from clients, read by pycrdt (Yrs). Encoding: Yjs, update format v1."""

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from pycrdt import Doc, get_update

VARINT = 10  # bytes of the longest


class Malformed(ValueError):
    """These bytes are no Yjs update, or no state vector."""


class Incomplete(ValueError):
    """The update builds on others that are not there."""


def merged(updates: Iterable[bytes]) -> Doc[Any]:
    """A document with updates that are known to be good."""
    doc: Doc[Any] = Doc()
    for update in updates:
        doc.apply_update(update)
    return doc


def apply(doc: Doc[Any], update: bytes) -> None:
    """Add an update to `doc`. Raises Malformed, Incomplete; `doc` is of no use then."""
    _check_count(update)
    try:
        doc.apply_update(update)
        rest = get_update(update, doc.get_state())
    except ValueError as error:
        raise Malformed(str(error)) from None
    # What could not be integrated is the structs that are still new to the document.
    if rest[0]:
        raise Incomplete


def since(doc: Doc[Any], state: bytes) -> bytes:
    """What a client with that state vector lacks, as one update. Raises Malformed."""
    _check_count(state)
    try:
        return doc.get_update(state)
    except ValueError as error:
        raise Malformed(str(error)) from None


def _check_count(encoded: bytes) -> None:
    """Both formats begin with a number of clients, for which Yrs makes room before it reads on."""
    head = len(list(takewhile(lambda byte: byte >= 0x80, encoded[:VARINT])))
    count = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(encoded[: head + 1]))
    if not encoded or head == VARINT or count > len(encoded):
        raise Malformed("It does not begin with a number of clients.")
