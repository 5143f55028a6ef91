"""What version control of the wiki amounts to, and what it costs."""

import json
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from django.db import DatabaseError, connection, transaction

from apps.wiki.models import MergeTime
from apps.wiki.selectors import companions
from longhouse.versioning.models import Branch, Commit, Conflict, Seal

LATEST = 100  # merges that times are of
_POSTGRESQL = """
    SELECT SUM(pg_total_relation_size(to_regclass(name))) FROM UNNEST(%s::text[]) AS name
"""
_SQLITE = """
    SELECT SUM(pgsize) FROM dbstat WHERE aggregate = TRUE AND name IN
    (SELECT name FROM sqlite_master WHERE tbl_name IN (SELECT value FROM json_each(%s)))
"""


@dataclass(frozen=True)
class Numbers:
    commits: int
    merges: int
    reverts: int
    open: int
    drafts: int
    versions: int  # of rows that were kept
    sealed: int


def numbers() -> Numbers:
    return Numbers(
        commits=_main().count(),
        merges=_main().filter(merged__isnull=False).count(),
        reverts=_main().filter(reverts__isnull=False).count(),
        open=Branch.objects.filter(status=Branch.Status.OPEN).count(),
        drafts=Branch.objects.filter(status=Branch.Status.DRAFT).count(),
        versions=sum(companion._base_manager.count() for companion in companions()),
        sealed=Seal.objects.count(),
    )


@dataclass(frozen=True)
class Costs:
    """Each None when there is nothing to measure yet, or the database does not say."""

    merge_ms: float | None  # median of the latest
    longest_merge_ms: int | None
    until_merged: timedelta | None  # from the begin of a draft, median of the latest
    disputed: float | None  # per cent of proposals that had a conflict
    versions_per_change: float | None  # rows
    bytes_per_change: float | None


def costs(known: Numbers) -> Costs:
    """Times of the latest merges, conflicts, storage. A fixed number of queries."""
    took = list(MergeTime.objects.values_list("milliseconds", flat=True)[:LATEST])
    waited = [
        merged - begun
        for begun, merged in _main()
        .filter(merged__isnull=False)
        .order_by("-pk")
        .values_list("merged__created_at", "created_at")[:LATEST]
    ]
    proposals = Branch.objects.exclude(status=Branch.Status.DRAFT)
    disputed = Conflict.objects.filter(branch__in=proposals).values("branch").distinct().count()
    number = proposals.count()
    size = _bytes_of_history()
    return Costs(
        merge_ms=median(took) if took else None,
        longest_merge_ms=max(took, default=None),
        until_merged=median(waited) if waited else None,
        disputed=100 * disputed / number if number else None,
        versions_per_change=known.versions / known.commits if known.commits else None,
        bytes_per_change=size / known.commits if known.commits and size is not None else None,
    )


def _main() -> Any:
    return Commit.objects.filter(branch=None)


def _bytes_of_history() -> int | None:
    """Of the tables that hold earlier versions, and drafts; with their indexes."""
    tables = [companion._meta.db_table for companion in companions()]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(_POSTGRESQL, [tables])
            else:
                cursor.execute(_SQLITE, [json.dumps(tables)])
            return int(cursor.fetchone()[0])
    except DatabaseError:  # a SQLite that was built without dbstat
        return None
