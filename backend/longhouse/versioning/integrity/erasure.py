"""Erasure: values of a row, or a commit's message, go from everywhere; the chain stays whole."""

import os
from collections.abc import Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLUpdateCompiler

from longhouse.versioning import commits
from longhouse.versioning.companions import Versioned, lineage
from longhouse.versioning.context import MAIN, reading
from longhouse.versioning.integrity.chain import Chain
from longhouse.versioning.integrity.rows import Change, Rows, salt_of, value_digest
from longhouse.versioning.integrity.sealing import described
from longhouse.versioning.models import Branch, Commit, Conflict, Seal, SealedRow


def erase(
    model: type[models.Model],
    pk: Any,
    values: Mapping[str, Any],
    *,
    using: str = DEFAULT_DB_ALIAS,
) -> int:
    """Put `values` (by the field's name) in the place of every value that the row ever had.

    On main, in branches and in history, by no commit: what was is not to be told. How many versions
    of the row were changed. The row need not exist any more. Raises FieldDoesNotExist, and
    IntegrityError where a value must be unique.
    """
    changed = 0
    for name in values:
        model._meta.get_field(name)
    with transaction.atomic(using=using), reading(None):
        connection: Any = connections[using]
        branches = Branch.objects.using(using).order_by("pk").values_list("pk", flat=True)
        for branch in (MAIN, *branches):
            commits.lock(connection, branch)
        chain = Chain(using)
        for versioned in lineage(model):
            fields = {field.name: field for field in versioned.fields}
            own = {name: value for name, value in values.items() if name in fields}
            if own:
                _open(versioned, pk, [fields[name].attname for name in own], chain)
                changed += _overwrite(versioned, pk, own, using)
        labels = [versioned.model._meta.label for versioned in lineage(model)]
        Conflict.objects.using(using).filter(model__in=labels, object_pk=str(pk)).delete()
    return changed


def erase_message(commit: Commit, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Empty the message of a commit. That of its revert may repeat it."""
    with transaction.atomic(using=using):
        chain = Chain(using)
        commit.refresh_from_db(using=using)
        commit.message = ""
        commit.save(using=using, update_fields=["message"])
        # Its digest stays, but not the salt by which a guess could be tried against it.
        if Seal.objects.using(using).filter(commit=commit.pk).update(salt=b""):
            salt = os.urandom(16)
            said = described(commit, salt)
            contents = {"commit": commit.pk, "author": said["author"], "message": said["message"]}
            chain.append(Seal.Kind.ERASURE, contents, salt=salt)


def _open(versioned: Versioned, pk: Any, names: list[str], chain: Chain) -> None:
    """Keep the digests of these values, forget their salts, and say so in the chain."""
    rows = Rows(versioned, chain.using)
    key = str(versioned.pk_field.to_python(pk))
    held = {change.identity: change for change in rows.versions_of([key])}
    sealed = SealedRow.objects.using(chain.using).filter(model=rows.model, key=key)
    found = list(sealed)
    for row in found:
        change = held.get((row.commit, row.branch, row.key))
        if change is not None and change.op is None:
            continue  # no values
        if change is not None:
            row.openings = _without(row, change, names, rows)
        row.salt = b""
    SealedRow.objects.using(chain.using).bulk_update(found, ["openings", "salt"], batch_size=200)
    if found:
        said = {"model": rows.model, "key": key, "fields": sorted(names)}
        chain.append(Seal.Kind.ERASURE, said)


def _without(row: SealedRow, change: Change, names: list[str], rows: Rows) -> Any:
    salts = {name: salt_of(bytes(row.salt), name).hex() for name in rows.fields}
    openings = row.openings or {"erased": {}, "salts": salts}
    for name in names:
        salt = openings["salts"].pop(name, None)
        if salt is not None:
            digest = value_digest(bytes.fromhex(salt), rows.value(change, name))
            openings["erased"][name] = digest.hex()
    return openings


def _overwrite(versioned: Versioned, pk: Any, values: dict[str, Any], using: str) -> int:
    changed = 0
    connection = connections[using]
    for model in (versioned.model, versioned.companion):
        key = versioned.pk_field.attname
        rows = model._base_manager.using(using).filter(**{key: versioned.pk_field.to_python(pk)})
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(values)
        # Django's own compiler: versioning's would keep what is overwritten.
        with connection.cursor() as cursor:
            cursor.execute(*SQLUpdateCompiler(query, connection, using).as_sql())
            changed += cursor.rowcount
    return changed
