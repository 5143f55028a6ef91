"""Sealing: appending to the chain what was committed since."""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.signals import post_delete
from django.dispatch import receiver

from longhouse.versioning.batch import chunks
from longhouse.versioning.companions import tables
from longhouse.versioning.context import MAIN
from longhouse.versioning.integrity.chain import Chain, rows_digest
from longhouse.versioning.integrity.rows import CHUNK, Change, Commits, Rows, value_digest
from longhouse.versioning.models import Branch, Commit, Seal, SealedRow

AT_ONCE = 200  # commits in one transaction


def seal(*, using: str = DEFAULT_DB_ALIAS) -> int:
    """Seal all commits that are not; how many that were.

    For a schedule: call it every minute, say. Any number of processes may, and be killed.
    """
    sealed = 0
    while count := _seal_some(using):
        sealed += count
    return sealed


def unsealed(using: str) -> "QuerySet[Commit]":
    """Commits that are newer than the last one of their branch that was sealed."""
    last = Seal.objects.filter(
        kind=Seal.Kind.COMMIT, branch=Coalesce(OuterRef("branch_id"), MAIN)
    ).order_by("-commit")
    return (
        Commit.objects.using(using)
        .filter(pk__gt=Coalesce(Subquery(last.values("commit")[:1]), 0))
        .order_by("pk")
    )


def _seal_some(using: str) -> int:
    with transaction.atomic(using=using):
        chain = Chain(using)
        _seal_baselines(chain)
        commits = list(unsealed(using)[:AT_ONCE])
        if not commits:
            return 0
        branches = {MAIN, *(one for c in commits for one in (c.branch_id, c.merged_id) if one)}
        fields = _seal_rows(using, Commits([commit.pk for commit in commits], sorted(branches)))
        for commit in commits:
            salt = os.urandom(16)
            contents = {**described(commit, salt), "fields": fields.get(commit.pk, {})}
            contents["rows"], contents["digest"] = rows_digest(using, commit.pk)
            chain.append(
                Seal.Kind.COMMIT,
                contents,
                commit=commit.pk,
                branch=commit.branch_id or MAIN,
                salt=salt,
            )
        return len(commits)


def described(commit: Commit, salt: bytes) -> dict[str, Any]:
    """What a seal says of a commit but for its rows. Who and why are told by digests."""
    return {
        "created_at": f"{commit.created_at.timestamp():.6f}",
        "merged": commit.merged_id,
        "reverts": commit.reverts_id,
        "picks": commit.picks_id,
        "author": _text_digest(salt, commit.author_id),
        "message": _text_digest(salt, commit.message),
    }


def _text_digest(salt: bytes, value: Any) -> str:
    return value_digest(salt, None if value is None else str(value)).hex()


def _seal_baselines(chain: Chain) -> None:
    """Rows that tables had before they were versioned."""
    known = set(
        Seal.objects.using(chain.using)
        .filter(kind=Seal.Kind.BASELINE)
        .values_list("contents__model", flat=True)
    )
    for versioned in tables.values():
        model = versioned.model._meta.label_lower
        if model not in known:
            fields = _seal_rows(chain.using, Commits([0], [MAIN]), [model])
            rows, total = rows_digest(chain.using, 0, model)
            said = {"model": model, "fields": fields.get(0, {}), "rows": rows, "digest": total}
            chain.append(Seal.Kind.BASELINE, said)


def _seal_rows(
    using: str, commits: Commits, models: Sequence[str] | None = None
) -> dict[int, dict[str, list[str]]]:
    """Seal what the commits did to rows; commit -> model -> fields that its rows had then."""
    fields: dict[int, dict[str, list[str]]] = defaultdict(dict)
    for versioned in tables.values():
        rows = Rows(versioned, using)
        if models is not None and rows.model not in models:
            continue
        names = sorted(rows.fields)

        def sealed(rows: Rows = rows, names: list[str] = names) -> Iterable[SealedRow]:
            for change in rows.changes(commits):
                fields[change.commit][rows.model] = names
                yield sealed_row(rows, change, names)

        for some in chunks(sealed(), CHUNK):
            SealedRow.objects.using(using).bulk_create(some)
    return fields


def sealed_row(rows: Rows, change: Change, names: Sequence[str]) -> SealedRow:
    salt = os.urandom(16)
    return SealedRow(
        commit=change.commit,
        model=rows.model,
        branch=change.branch,
        key=change.key,
        salt=salt,
        hash=rows.hash(change, names, salt),
    )


@receiver(post_delete, sender=Branch, dispatch_uid="versioning_sealed_deletion")
def seal_deletion(instance: Branch, using: str, **_: Any) -> None:
    """A branch that has sealed commits goes; the chain tells that it did."""
    if Seal.objects.using(using).filter(branch=instance.pk).exists():
        Chain(using).append(Seal.Kind.DELETION, {}, branch=instance.pk)
