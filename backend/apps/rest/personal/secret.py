"""The text of a personal token: `lh_pat_`, 256 random bits and a checksum, in hex.

Scanners of repositories find it by its prefix, and the checksum keeps false alarms away.
"""

import secrets
from hashlib import sha256
from zlib import crc32

PREFIX = "lh_pat_"
SECRET_BYTES = 32


def make() -> str:
    random = secrets.token_hex(SECRET_BYTES)
    return f"{PREFIX}{random}{_checksum(random)}"


def is_well_formed(text: str) -> bool:
    random, checksum = text.removeprefix(PREFIX)[:-8], text[-8:]
    return len(random) == 2 * SECRET_BYTES and checksum == _checksum(random)


def digest(text: str) -> str:
    """What is stored. A fast hash is enough: nobody guesses 256 bits."""
    return sha256(text.encode()).hexdigest()


def _checksum(random: str) -> str:
    return f"{crc32(random.encode()):08x}"
