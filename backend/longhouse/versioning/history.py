"""What happened to a row: who, what, when and why; and back to what it was."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models, transaction

from longhouse.versioning.companions import DELETE, Versioned, lineage
from longhouse.versioning.context import INFINITY, MAIN, Layer, View, active, reading
from longhouse.versioning.models import Commit

Values = dict[str, Any]  # attname -> value


@dataclass(frozen=True)
class Revision:
    """A row after one commit. `values` is None where the commit has deleted it."""

    commit_id: int  # 0: what was there before the model was versioned
    values: Values | None
    previous: Values | None
    _commits: "_Commits" = field(compare=False, repr=False)

    @property
    def commit(self) -> Commit | None:
        """Who, when and why. Asked of one revision, it is read for all of the row's."""
        return self._commits.by_id.get(self.commit_id)

    @property
    def kind(self) -> str:
        if self.values is None:
            return "deleted"
        return "created" if self.previous is None else "changed"

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """What it has changed: attname -> (before, after); of a creation, all that is set."""
        before, after = self.previous or {}, self.values or {}
        return {
            name: (before.get(name), after.get(name))
            for name in {**before, **after}
            if before.get(name) != after.get(name)
        }


class _Commits:
    """Those of a history, read at once when one of them is needed."""

    def __init__(self, using: str) -> None:
        self.using = using
        self.ids: list[int] = []

    @cached_property
    def by_id(self) -> dict[int, Commit]:
        return Commit.objects.using(self.using).select_related("author").in_bulk(self.ids)


def history(model: type[models.Model], pk: Any, using: str = DEFAULT_DB_ALIAS) -> list[Revision]:
    """Every version of a row that the active view can tell of, the newest first.

    The row need not exist any more.
    """
    tables = [_Past(versioned, pk, active.get(), using) for versioned in lineage(model)]
    revisions: list[Revision] = []
    commits = _Commits(using)
    previous: Values | None = None
    for commit in sorted({commit for table in tables for commit in table.events()}):
        parts = [table.at(commit) for table in tables]
        # A row of several tables is there when all parts are.
        values = None if any(part is None for part in parts) else _joined(parts)
        if values != previous:
            commits.ids.append(commit)
            revisions.append(Revision(commit, values, previous, commits))
            previous = values
    return revisions[::-1]


def blame(model: type[models.Model], pk: Any, using: str = DEFAULT_DB_ALIAS) -> dict[str, Revision]:
    """For each field (by attname) the revision that gave it its value."""
    found: dict[str, Revision] = {}
    revisions = history(model, pk, using)
    if not revisions or revisions[0].values is None:
        return {}
    for revision in revisions:
        for name in revision.changes:
            found.setdefault(name, revision)
        if revision.previous is None:
            for name in revision.values or {}:
                found.setdefault(name, revision)
            break
    return found


def deleted(model: type[models.Model], using: str = DEFAULT_DB_ALIAS) -> "models.QuerySet[Any]":
    """The last images of rows of main that are there no more: rows of the companion.

    `version_to` is the commit that has deleted them.
    """
    versioned = lineage(model)[0]
    key = versioned.pk_field.attname
    images = versioned.companion._base_manager.using(using)
    later = images.filter(
        **{key: models.OuterRef(key)},
        version_branch=MAIN,
        version_to__gt=models.OuterRef("version_to"),
    )
    alive = versioned.model._base_manager.using(using).filter(pk=models.OuterRef(key))
    found: models.QuerySet[Any] = images.filter(
        ~models.Exists(later), ~models.Exists(alive), version_branch=MAIN
    ).order_by("-version_to")
    return found


def revert(
    model: type[models.Model],
    pk: Any,
    to: Commit | int,
    *,
    fields: Iterable[str] | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> models.Model | None:
    """Make a row what it was just after a commit, or some of its fields; in the active view.

    Saves it again when it is deleted now; deletes it when it did not exist then, and gives None.
    Pairs of a ManyToManyField are rows of their own: reverting a commit takes them along.
    """
    number = to if isinstance(to, int) else to.pk
    then = next((one for one in history(model, pk, using) if one.commit_id <= number), None)
    with transaction.atomic(using=using):
        rows = model._base_manager.using(using)
        now = rows.filter(pk=pk).first()
        if then is None or then.values is None:
            if now is not None:
                now.delete(using=using)
            return None
        names = {field.attname: field for field in model._meta.concrete_fields}
        wanted = None if fields is None else set(fields)
        instance = now if now is not None else model(pk=pk)
        for name, value in then.values.items():
            if wanted is None or name in wanted or names[name].name in wanted:
                setattr(instance, name, value)
        instance.save(using=using)
        return instance


def _joined(parts: Iterable[Values | None]) -> Values:
    return {name: value for part in parts for name, value in (part or {}).items()}


@dataclass(frozen=True, slots=True)
class _Interval:
    """What one layer holds of a row from a commit on, until another."""

    start: int
    end: int
    values: Values | None  # None: the layer hides the row


class _Past:
    """A row in one table, at any commit, as a view shows it."""

    def __init__(self, versioned: Versioned, pk: Any, view: View | None, using: str) -> None:
        layers = (Layer(MAIN),) if view is None else view.layers
        self.layers = [(layer, _intervals(versioned, pk, layer, using)) for layer in layers]

    def events(self) -> set[int]:
        """Commits at which something may have changed."""
        return {
            commit
            for layer, intervals in self.layers
            for interval in intervals
            for commit in (interval.start, interval.end)
            if commit != INFINITY and (layer.at is None or commit <= layer.at)
        }

    def at(self, commit: int) -> Values | None:
        for layer, intervals in self.layers:
            then = commit if layer.at is None else min(commit, layer.at)
            for interval in intervals:
                if interval.start <= then < interval.end:
                    return interval.values
        return None


def _intervals(versioned: Versioned, pk: Any, layer: Layer, using: str) -> list[_Interval]:
    names = [field.attname for field in versioned.fields]
    key = versioned.pk_field
    held = versioned.companion._base_manager.using(using).filter(
        **{key.attname: key.to_python(pk)}, version_branch=layer.branch
    )
    found = [
        _Interval(
            row["version_from"],
            row["version_to"],
            None if row["version_op"] == DELETE else {name: row[name] for name in names},
        )
        for row in held.values("version_from", "version_to", "version_op", *names)
    ]
    if layer.branch == MAIN:
        rev = versioned.rev_field.attname
        with reading(None):
            rows = versioned.model._base_manager.using(using).filter(pk=pk)
            now = rows.values(rev, *names).first()
        if now is not None:
            found.append(_Interval(now.pop(rev), INFINITY, now))
    return found
