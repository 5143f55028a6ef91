"""Retention: old versions go, and the chain tells up to where.

Hashes of what is removed stay, without their salts, so the chain is what it was. What follows shows
by its own hash which version it took the place of.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from longhouse.versioning import sql
from longhouse.versioning.batch import chunks
from longhouse.versioning.branches import commit_at, kept_since
from longhouse.versioning.commits import lock
from longhouse.versioning.companions import Versioned, tables
from longhouse.versioning.context import MAIN
from longhouse.versioning.integrity.chain import Chain
from longhouse.versioning.integrity.rows import Rows
from longhouse.versioning.integrity.sealing import seal
from longhouse.versioning.models import Branch, Commit, Pruning, Seal, SealedRow, Tag

CHUNK = 400  # rows named in one statement


def prune(before: datetime.datetime | Commit | int, *, using: str = DEFAULT_DB_ALIAS) -> int:
    """Remove versions of main's rows that were over by `before`; how many they were.

    What tags and pinned branches show stays, and what changes in branches were made from. Asking
    for what was before raises Pruned from then on. Commits stay; what a branch held goes with the
    branch. In one transaction, for which writers to main wait.
    """
    with transaction.atomic(using=using):
        lock(connections[using], MAIN)
        seal(using=using)
        last = max(commit_at(before, MAIN, using), kept_since(using))
        pins = sorted(_pins(using))
        removed = sum(_remove(versioned, last, pins, using) for versioned in tables.values())
        if removed or last > kept_since(using):
            said = {"before": last, "pins": pins, "removed": removed}
            Chain(using).append(Seal.Kind.PRUNING, said)
            Pruning.objects.using(using).create(before=last)
    return removed


def _pins(using: str) -> set[int]:
    """Commits as of which somebody reads main."""
    pinned: list[Any] = [*Branch.objects.using(using).filter(pins__isnull=False)]
    pinned += Tag.objects.using(using)
    return {one.pins[-1] for one in pinned}


def _remove(versioned: Versioned, last: int, pins: Sequence[int], using: str) -> int:
    companion, pk = sql.quoted(versioned.companion_table), sql.quoted(versioned.pk)
    seen = "".join(
        f" AND NOT (v.version_from <= {pin} AND v.version_to > {pin})" for pin in pins if pin < last
    )
    over = (
        f"v.version_branch = {MAIN} AND v.version_to <= {last}{seen} AND NOT EXISTS"
        f" (SELECT 1 FROM {companion} o WHERE o.{pk} = v.{pk} AND o.version_branch <> {MAIN}"
        " AND o.version_base >= v.version_from AND o.version_base < v.version_to)"
    )
    rows = Rows(versioned, using)
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT v.{pk}, v.version_from FROM {companion} v WHERE {over}")
        found = [(commit, str(rows.read_key(key))) for key, commit in cursor.fetchall()]
        for some in chunks(found, CHUNK):
            marks = ", ".join(["(%s, %s)"] * len(some))
            cursor.execute(
                f"UPDATE {sql.quoted(SealedRow._meta.db_table)} SET salt = %s, openings = NULL"
                f" WHERE model = %s AND branch = {MAIN}"
                f' AND ("commit", "key") IN (VALUES {marks})',
                [b"", rows.model, *(part for one in some for part in one)],
            )
        cursor.execute(f"DELETE FROM {companion} AS v WHERE {over}")
    return len(found)
