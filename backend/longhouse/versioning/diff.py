"""What differs: between a branch and its base, between two moments, and by one commit.

Changes come in the order of tables and keys, a page at a time, with a fixed number of queries for
each table. A row of several tables (multi-table inheritance) is a change of each.
"""

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Q

from longhouse.versioning.branches import Moment, view_as_of
from longhouse.versioning.companions import DELETE, Versioned, tables, versioned_of
from longhouse.versioning.context import INFINITY, MAIN, View, reading
from longhouse.versioning.models import Branch, Commit

Kind = Literal["created", "changed", "deleted"]
Values = dict[str, Any]  # attname -> value

LIMIT = 100
WORDS = 2000  # in one line; a longer one is shown as changed as a whole
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: `base` before, `theirs` after, `ours` what the base has of it by now."""

    base: Any
    theirs: Any
    ours: Any

    @property
    def is_disputed(self) -> bool:
        """Whether the base has changed it meanwhile, to something else."""
        return bool(self.ours not in (self.base, self.theirs))


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one row. Of a created or deleted one, `fields` has all that was set."""

    model: type[models.Model]
    pk: Any
    kind: Kind
    fields: dict[str, FieldChange]  # by attname
    label: str  # the first text that the row has

    @property
    def cursor(self) -> str:
        """What to give as `after` for the changes that follow this one."""
        return _cursor(self.model, self.pk)


@dataclass(frozen=True, slots=True)
class Page:
    """Some changes. `next` is the `after` of the next page; empty on the last one.

    A page may be shorter than its limit: rows that were written and are as before count.
    """

    changes: list[Change]
    next: str = ""


def diff(
    branch: Branch,
    *,
    model: type[models.Model] | None = None,
    limit: int = LIMIT,
    after: str = "",
    using: str = DEFAULT_DB_ALIAS,
) -> Page:
    """What a merge of the branch would bring to its base, conflicts aside.

    Raises ValidationError when `after` is not a cursor.
    """

    def keys(versioned: Versioned) -> list["models.QuerySet[Any]"]:
        return [
            versioned.companion._base_manager.using(using).filter(
                version_branch=branch.pk, version_to=INFINITY
            )
        ]

    def changes(versioned: Versioned, found: list[Any]) -> Iterable[Change]:
        view = branch.view()
        ours = _rows(versioned, found, view.base, using)
        base = _bases(versioned, found, branch, using)
        theirs = _rows(versioned, found, view, using)
        for key in found:
            change = _change(versioned, key, base.get(key), theirs.get(key), ours.get(key))
            if change is not None:
                yield change

    return _page(model, limit, after, keys, changes)


def compare(
    old: Moment,
    new: Moment,
    *,
    branch: Branch | None = None,
    model: type[models.Model] | None = None,
    limit: int = LIMIT,
    after: str = "",
    using: str = DEFAULT_DB_ALIAS,
) -> Page:
    """What has changed in a branch (None: main) from one moment to a later one."""
    view = None if branch is None else branch.view()
    start, end = (view_as_of(moment, view, using) for moment in (old, new))

    def keys(versioned: Versioned) -> list["models.QuerySet[Any]"]:
        return [
            rows
            for past, layer in zip(start.layers, end.layers, strict=True)
            if past != layer
            for rows in _written(versioned, layer.branch, past.at, layer.at, using)
        ]

    def changes(versioned: Versioned, found: list[Any]) -> Iterable[Change]:
        before = _rows(versioned, found, start, using)
        now = _rows(versioned, found, end, using)
        for key in found:
            change = _change(versioned, key, before.get(key), now.get(key), before.get(key))
            if change is not None:
                yield change

    return _page(model, limit, after, keys, changes)


def commit_diff(
    commit: Commit,
    *,
    model: type[models.Model] | None = None,
    limit: int = LIMIT,
    after: str = "",
    using: str = DEFAULT_DB_ALIAS,
) -> Page:
    """What one commit, or a merge, did to its branch or to main."""
    return compare(
        commit.pk - 1,
        commit.pk,
        branch=commit.branch,
        model=model,
        limit=limit,
        after=after,
        using=using,
    )


# Rows ---------------------------------------------------------------------------------------------


def _page(
    model: type[models.Model] | None,
    limit: int,
    after: str,
    keys: Callable[[Versioned], list["models.QuerySet[Any]"]],
    changes: Callable[[Versioned, list[Any]], Iterable[Change]],
) -> Page:
    """Keys of one table after the other, until there are `limit` of them."""
    found: list[Change] = []
    left = limit
    label, _, last = after.partition(":")
    ordered = sorted(tables.values(), key=lambda one: str(one.model._meta.label_lower))
    if after and label not in {one.model._meta.label_lower for one in ordered}:
        raise ValidationError("That page is not there.", code="cursor")
    for versioned in ordered:
        name = versioned.model._meta.label_lower
        if name < label or (model is not None and versioned_of(model) is not versioned):
            continue
        key = versioned.pk_field.attname
        arms = [
            rows.filter(**({f"{key}__gt": _key(versioned, last)} if name == label else {}))
            .order_by()
            .values_list(key, flat=True)
            for rows in keys(versioned)
        ]
        if not arms:
            continue
        rows = arms[0].union(*arms[1:]) if len(arms) > 1 else arms[0].distinct()
        with reading(None):
            some = list(rows.order_by(key)[: left + 1])
        if some[:left]:
            found += changes(versioned, some[:left])
        if len(some) > left:
            where = _cursor(versioned.model, some[left - 1]) if left else after
            return Page(found, where)
        left -= len(some)
        if some:
            after = _cursor(versioned.model, some[-1])
    return Page(found)


def _cursor(model: type[models.Model], pk: Any) -> str:
    return f"{model._meta.label_lower}:{pk}"


def _key(versioned: Versioned, text: str) -> Any:
    field = versioned.pk_field
    while field.is_relation:
        field = field.target_field
    return field.to_python(text)


def _written(
    versioned: Versioned, branch: int, start: int | None, end: int | None, using: str
) -> list["models.QuerySet[Any]"]:
    """Rows of one layer that commits after `start`, up to `end`, have written or taken away."""
    held = versioned.companion._base_manager.using(using).filter(version_branch=branch)
    found = [
        held.filter(version_from__gt=start, version_from__lte=end),
        held.filter(version_to__gt=start, version_to__lte=end),
    ]
    if branch == MAIN:
        rev = versioned.rev_field.attname
        rows = versioned.model._base_manager.using(using)
        found.append(rows.filter(**{f"{rev}__gt": start, f"{rev}__lte": end}))
    return found


def _rows(
    versioned: Versioned, keys: list[Any], view: View | None, using: str
) -> dict[Any, Values]:
    """The rows of those keys as a view shows them."""
    names = [field.attname for field in versioned.fields]
    key = versioned.pk_field.attname
    with reading(view):
        rows = versioned.model._base_manager.using(using).filter(**{f"{key}__in": keys})
        return {row[key]: row for row in rows.order_by().values(*names)}


def _bases(versioned: Versioned, keys: list[Any], branch: Branch, using: str) -> dict[Any, Values]:
    """What the rows that a branch holds were when it began to change them."""
    names = [field.attname for field in versioned.fields]
    key, rev = versioned.pk_field.attname, versioned.rev_field.attname
    companion = versioned.companion._base_manager.using(using)
    held = companion.filter(version_branch=branch.pk, version_to=INFINITY, **{f"{key}__in": keys})
    since: dict[Any, int] = {
        pk: base for pk, base in held.values_list(key, "version_base") if base is not None
    }
    # It was written by that commit, in whichever layer; a pick keeps it in its own branch.
    numbers = {layer.branch for layer in branch.view().layers}
    images = companion.filter(
        Q(version_op__lt=DELETE),
        version_branch__in=numbers,
        version_from__in=set(since.values()),
        **{f"{key}__in": list(since)},
    )
    found = {
        row[key]: row
        for row in images.values("version_from", *names)
        if row.pop("version_from") == since[row[key]]
    }
    with reading(None):
        rows = versioned.model._base_manager.using(using).filter(**{f"{key}__in": list(since)})
        for row in rows.order_by().values(rev, *names):
            if row.pop(rev) == since[row[key]]:
                found[row[key]] = row
    return found


def _change(
    versioned: Versioned,
    pk: Any,
    base: Values | None,
    theirs: Values | None,
    ours: Values | None,
) -> Change | None:
    before, after, now = base or {}, theirs or {}, ours or {}
    key = versioned.pk_field.attname
    fields = {
        field.attname: FieldChange(
            before.get(field.attname), after.get(field.attname), now.get(field.attname)
        )
        for field in versioned.fields
        if field.attname != key and before.get(field.attname) != after.get(field.attname)
    }
    if base is None and theirs is None:
        return None
    kind: Kind = "created" if base is None else "deleted" if theirs is None else "changed"
    if kind == "changed" and not fields:
        return None
    return Change(versioned.model, pk, kind, fields, _label(versioned, pk, {**before, **after}))


def _label(versioned: Versioned, pk: Any, values: Values) -> str:
    for field in versioned.values:
        if isinstance(field, models.CharField) and not field.is_relation:
            text = values.get(field.attname)
            if text:
                return str(text)
    return f"{versioned.model._meta.verbose_name} {pk}"


# Texts --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a line, and whether the other side has it too."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Lines beside each other. A side without a number has no line there."""

    kind: Literal["same", "added", "removed", "changed"]
    old: list[Piece]
    new: list[Piece]
    old_number: int | None = None
    new_number: int | None = None


def text_diff(old: str, new: str) -> list[Line]:
    """Two texts line by line; in a changed line, word by word."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[Line] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        pairs = zip_longest(range(start, end), range(new_start, new_end))
        for was, now in pairs:
            if kind == "equal":
                piece = [Piece(before[was])]
                lines.append(Line("same", piece, piece, was + 1, now + 1))
            elif now is None:
                lines.append(Line("removed", [Piece(before[was], True)], [], was + 1, None))
            elif was is None:
                lines.append(Line("added", [], [Piece(after[now], True)], None, now + 1))
            else:
                left, right = word_diff(before[was], after[now])
                lines.append(Line("changed", left, right, was + 1, now + 1))
    return lines


def word_diff(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Two lines as the pieces that they share and do not share."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > WORDS:
        return [Piece(old, True)], [Piece(new, True)]
    left: list[Piece] = []
    right: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        is_changed = kind != "equal"
        if start < end:
            left.append(Piece("".join(before[start:end]), is_changed))
        if new_start < new_end:
            right.append(Piece("".join(after[new_start:new_end]), is_changed))
    return left, right
