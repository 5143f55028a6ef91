"""The chain: entries that are only ever appended, by one writer at a time."""

import datetime
import hashlib
from typing import Any

from django.db import connections
from django.utils import timezone

from longhouse.versioning.commits import lock
from longhouse.versioning.models import Seal
from longhouse.versioning.values import digest

SEALING = (1 << 40) - 1  # what is locked, in the place of a branch's number
START = "0" * 64  # what the first entry has for the hash of the one before it


class Chain:
    """The end of the chain, within a transaction: nobody else appends until that ends."""

    def __init__(self, using: str) -> None:
        self.using = using
        lock(connections[using], SEALING)
        last = Seal.objects.using(using).order_by("-id").values_list("id", "hash").first()
        self.number, self.hash = last or (0, START)

    def append(
        self,
        kind: str,
        contents: dict[str, Any],
        *,
        commit: int | None = None,
        branch: int = 0,
        salt: bytes = b"",
    ) -> None:
        entry = Seal(
            id=self.number + 1,
            kind=str(kind),
            commit=commit,
            branch=branch,
            contents=contents,
            salt=salt,
            sealed_at=timezone.now(),
        )
        entry.hash = entry_hash(entry, self.hash)
        entry.save(using=self.using, force_insert=True)
        self.number, self.hash = entry.pk, entry.hash


def entry_hash(entry: Seal, previous: str) -> str:
    """What `entry.hash` must be, after an entry with the hash `previous`."""
    at = entry.sealed_at.astimezone(datetime.UTC) if entry.sealed_at.tzinfo else entry.sealed_at
    said = [entry.pk, entry.kind, entry.commit, entry.branch, entry.contents, at, previous]
    return digest(said).hex()


def rows_digest(using: str, commit: int, model: str | None = None) -> tuple[int, str]:
    """How many rows were sealed with a commit, and the digest of their hashes in order."""
    from longhouse.versioning.models import SealedRow

    rows = SealedRow.objects.using(using).filter(commit=commit)
    if model is not None:
        rows = rows.filter(model=model)
    total, count = hashlib.sha256(), 0
    for row in rows.order_by("hash").values_list("hash", flat=True).iterator(chunk_size=2000):
        total.update(bytes(row))
        count += 1
    return count, total.hexdigest()
