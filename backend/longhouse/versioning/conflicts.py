"""Conflicts as people see them: rows of the table `Conflict`, kept until they are decided."""

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model

from longhouse.versioning import commits
from longhouse.versioning.branches import branch_context
from longhouse.versioning.companions import Versioned, lineage
from longhouse.versioning.context import INFINITY
from longhouse.versioning.models import Branch, Conflict

Kind = Conflict.Kind


class MergeConflict(Exception):
    """Nothing was merged. `conflicts` are to be resolved, then it can be tried again."""

    def __init__(self, branch: Branch, conflicts: list[Conflict]) -> None:
        super().__init__(f"{len(conflicts)} conflicts of branch {branch}")
        self.branch = branch
        self.conflicts = conflicts


@dataclass(frozen=True, slots=True)
class Found:
    """A conflict, before anybody has seen it."""

    versioned: Versioned
    key: Any  # the primary key as a Python value
    kind: str
    field: str = ""
    base: Any = dataclasses.field(default=None, compare=False)
    ours: Any = dataclasses.field(default=None, compare=False)
    theirs: Any = dataclasses.field(default=None, compare=False)

    @property
    def identity(self) -> tuple[str, str, str, str]:
        return self.versioned.model._meta.label, str(self.key), str(self.kind), self.field


class _Encoder(DjangoJSONEncoder):
    def default(self, value: Any) -> Any:
        try:
            return super().default(value)
        except TypeError:  # what is only to be looked at
            return str(value)


def as_json(value: Any) -> Any:
    """A field's value as JSON keeps it."""
    return json.loads(json.dumps(value, cls=_Encoder))


def keep(branch: Branch, found: Iterable[Found], using: str) -> list[Conflict]:
    """Make the table say what was found; decisions stay where the sides have not changed."""
    with transaction.atomic(using=using):
        known = {
            (one.model, one.object_pk, one.kind, one.field): one
            for one in Conflict.objects.using(using).filter(branch=branch)
        }
        kept = []
        for one in found:
            sides = {name: as_json(getattr(one, name)) for name in ("base", "ours", "theirs")}
            conflict = known.pop(one.identity, None)
            if conflict is None:
                model, key, kind, name = one.identity
                conflict = Conflict(
                    branch=branch, model=model, object_pk=key, kind=kind, field=name, **sides
                )
                conflict.save(using=using)
            elif any(getattr(conflict, name) != value for name, value in sides.items()):
                for name, value in {**sides, "choice": "", "value": None}.items():
                    setattr(conflict, name, value)
                conflict.save(using=using)
            kept.append(conflict)
        Conflict.objects.using(using).filter(pk__in=[one.pk for one in known.values()]).delete()
    return kept


def decisions(branch: Branch, using: str) -> dict[tuple[str, str, str, str], Conflict]:
    """What people have decided, by the identity of the conflict."""
    decided = Conflict.objects.using(using).filter(branch=branch).exclude(choice="")
    return {(one.model, one.object_pk, one.kind, one.field): one for one in decided}


def still_holds(decision: Conflict, found: Found) -> bool:
    """Whether what was decided about is what there is now."""
    return all(
        getattr(decision, name) == as_json(getattr(found, name))
        for name in ("base", "ours", "theirs")
    )


def choices_of(conflict: Conflict) -> tuple[str, ...]:
    """The decisions that there are for its kind."""
    choices = {
        Kind.FIELD: ("ours", "theirs", "value"),
        Kind.UNIQUE: ("ours", "value"),
        Kind.DANGLING: ("ours", "theirs", "value"),
    }
    return choices.get(Kind(conflict.kind), ("ours", "theirs"))


def resolve(conflict: Conflict, choice: str, value: Any) -> None:
    """See `Conflict.resolve`. Raises ValueError for a choice that this kind does not have."""
    if choice not in choices_of(conflict):
        raise ValueError(f"{conflict.get_kind_display()}: cannot be resolved by {choice!r}")
    model = apps.get_model(conflict.model)
    if conflict.kind in (Kind.UNIQUE, Kind.DANGLING):
        # About more than one row: decided by a change in the branch.
        with transaction.atomic(), branch_context(conflict.branch):
            _change(conflict, model, choice, value)
            conflict.delete()
        return
    conflict.choice = choice
    conflict.value = as_json(value) if choice == "value" else None
    conflict.save(update_fields=["choice", "value"])


def _change(conflict: Conflict, model: type[Model], choice: str, value: Any) -> None:
    rows = model._base_manager.filter(pk=conflict.object_pk)
    if choice == "value":
        rows.update(**(value if isinstance(value, dict) else {conflict.field: value}))
    elif choice == "theirs":  # what is there no more takes along what points to it
        rows.delete()
    elif conflict.theirs and conflict.kind == Kind.DANGLING:
        parent = apps.get_model(conflict.theirs["model"])
        discard(conflict.branch, parent, conflict.theirs["pk"])
    else:
        discard(conflict.branch, model, conflict.object_pk)


def discard(branch: Branch, model: type[Model], pk: Any, using: str = "default") -> None:
    """Take back what the branch did to a row: it is again what the base has."""
    with transaction.atomic(using=using):
        connection: Any = transaction.get_connection(using)
        for versioned in lineage(model):
            commit = commits.current(connection, branch.pk, versioned.model)
            rows = versioned.companion._base_manager.using(using).filter(
                version_branch=branch.pk,
                version_to=INFINITY,
                **{versioned.pk_field.attname: versioned.pk_field.to_python(pk)},
            )
            rows.filter(version_from=commit).delete()
            rows.update(version_to=commit)
