"""Where code reads and writes: a branch, or a moment."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Max, Model
from django.db.models.signals import post_delete
from django.dispatch import receiver

from longhouse.versioning.commits import lock
from longhouse.versioning.companions import tables
from longhouse.versioning.context import MAIN, Layer, Pruned, View, active, reading
from longhouse.versioning.models import Branch, Commit, Pin, Pruning, Tag, base_layers
from longhouse.versioning.sql import quoted

Moment = datetime.datetime | Commit | Tag | int


@contextmanager
def branch_context(branch: Branch | None) -> Iterator[None]:
    """Within, the ORM reads and writes `branch`; None: main."""
    with reading(None if branch is None else branch.view()):
        yield


@contextmanager
def as_of(moment: Moment, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Within, the ORM reads what is active (main or a branch) as it was, and refuses to write.

    `moment`: an aware time, or a commit or its id: just after it. As of a tag, what the tag names
    is read, whatever is active.
    """
    with reading(view_as_of(moment, active.get(), using)):
        yield


def create_branch(
    name: str,
    *,
    base: Branch | None = None,
    pinned: bool = False,
    at: Tag | None = None,
    owner: Model | None = None,
    title: str = "",
    description: str = "",
    using: str = DEFAULT_DB_ALIAS,
) -> Branch:
    """A branch of main, of `base`, or of what a tag names. Writes one row, whatever there is.

    Live, it sees what its base changes in rows that it has not changed itself; pinned, it sees the
    base as it is now, or as of the tag, until it is refreshed.
    """
    with transaction.atomic(using=using):
        base = at.branch if at is not None else base
        if pinned:
            base = _settled(base, using)
        last = last_commit(using)
        branch = Branch(
            name=name,
            title=title,
            description=description,
            base=base,
            owner_id=None if owner is None else owner.pk,
            synced_at=last,
        )
        if at is not None:
            branch.pins, branch.synced_at = at.pins, max(at.pins)
        elif pinned:
            branch.pin(last)
        branch.save(using=using, force_insert=True)
        return branch


def tag(
    name: str,
    *,
    branch: Branch | None = None,
    author: Model | None = None,
    message: str = "",
    using: str | None = None,
) -> Tag:
    """Give a name to what a branch (None: main) shows now. It stays readable by `as_of`."""
    using = using or DEFAULT_DB_ALIAS
    with transaction.atomic(using=using):
        branch = _settled(branch, using)
        last = last_commit(using)
        return Tag.objects.using(using).create(
            name=name,
            branch=branch,
            pins=[last if layer.at is None else layer.at for layer in base_layers(branch)],
            author_id=None if author is None else author.pk,
            message=message,
        )


def _settled(branch: Branch | None, using: str) -> Branch | None:
    """The branch as it is while nobody is in the middle of a commit to what it shows."""
    for layer in reversed(base_layers(branch)):
        lock(connections[using], layer.branch)
    # What it is pinned to may have moved on.
    return None if branch is None else Branch.objects.using(using).get(pk=branch.pk)


@dataclass(frozen=True, slots=True)
class Distance:
    """Commits that only one side has."""

    ahead: int
    behind: int


def distance(branch: Branch, using: str = DEFAULT_DB_ALIAS) -> Distance:
    """How far a branch and its base are from each other."""
    newer = Commit.objects.using(using)
    merged = newer.filter(merged=branch).aggregate(last=Max("pk"))["last"] or 0
    return Distance(
        ahead=newer.filter(branch=branch, pk__gt=merged).count(),
        behind=newer.filter(branch=branch.base, pk__gt=branch.synced_at).count(),
    )


def last_commit(using: str = DEFAULT_DB_ALIAS) -> int:
    """The id of the last commit to anything; 0 before the first."""
    return Commit.objects.using(using).aggregate(last=Max("pk"))["last"] or 0


@receiver(post_delete, sender=Branch, dispatch_uid="versioning")
def delete_rows(instance: Branch, using: str, **_: Any) -> None:
    """With a branch goes what it holds and held."""
    with connections[using].cursor() as cursor:
        for versioned in tables.values():
            companion = quoted(versioned.companion_table)
            cursor.execute(f"DELETE FROM {companion} WHERE version_branch = %s", [instance.pk])


def view_as_of(moment: Moment, view: View | None, using: str = DEFAULT_DB_ALIAS) -> View:
    """What `view` was at the moment, or what a tag names. Raises Pruned where that is not kept."""
    if isinstance(moment, Tag):
        return moment.view()
    now = (Layer(MAIN),) if view is None else view.layers
    layers = now
    if now[0].at is None and any(layer.at is not None for layer in now):
        layers = _layers_then(Branch.objects.using(using).get(pk=now[0].branch), moment, using)
    then = []
    for layer, present in zip(layers, now, strict=True):
        at = commit_at(moment, layer.branch, using)
        at = at if layer.at is None else min(at, layer.at)
        if layer.branch == MAIN and at != present.at:
            require_kept(at, using)
        then.append(Layer(layer.branch, at))
    return View(tuple(then))


def _layers_then(
    branch: Branch | None, moment: datetime.datetime | Commit | int, using: str
) -> tuple[Layer, ...]:
    """The layers of a branch, pinned to what they were pinned to at the moment."""
    if branch is None:
        return (Layer(MAIN),)
    below = _layers_then(branch.base, moment, using)
    if branch.pins is not None:
        past = Pin.objects.using(using).filter(branch=branch)
        if isinstance(moment, datetime.datetime):
            past = past.filter(ended_at__gt=moment)
        else:
            past = past.filter(until__gt=commit_at(moment, branch.pk, using))
        found = past.order_by("until", "pk").first()
        pinned = zip(below, branch.pins if found is None else found.pins, strict=True)
        below = tuple(Layer(layer.branch, at) for layer, at in pinned)
    return (Layer(branch.pk), *below)


def kept_since(using: str = DEFAULT_DB_ALIAS) -> int:
    """The first commit as of which all of main can be read; 0: any. See `integrity.prune`."""
    return Pruning.objects.using(using).aggregate(last=Max("before"))["last"] or 0


def require_kept(commit: int, using: str = DEFAULT_DB_ALIAS) -> None:
    """Raises Pruned unless main as of the commit can be read."""
    if commit < (first := kept_since(using)):
        raise Pruned(f"What main was before commit {first} is not kept.")


def commit_at(moment: datetime.datetime | Commit | int, branch: int, using: str) -> int:
    """The id of the last commit to a branch until then; 0 before the first."""
    if isinstance(moment, int):
        return moment
    if isinstance(moment, Commit):
        return moment.pk
    last = (
        Commit.objects.using(using)
        .filter(branch=None if branch == MAIN else branch, created_at__lte=moment)
        .aggregate(last=Max("pk"))["last"]
    )
    return last or 0
