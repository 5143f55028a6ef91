"""Changes as people see them: labels for keys and choices, texts line by line."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from apps.wiki.models import Area, Company, Park, Photo, Ride, RideEvent
from apps.wiki.words import in_words
from longhouse.versioning.branches import branch_context
from longhouse.versioning.diff import Change, Line, Piece, text_diff, word_diff
from longhouse.versioning.models import Branch, Comment

# What people edit together. Reviews and lists are their own: they are in no list of changes.
ENCYCLOPEDIA: tuple[type[models.Model], ...] = (Company, Park, Area, Ride, RideEvent, Photo)
_UNSEEN = {"created_at", "updated_at"}
_EMPTY = "—"


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field of a change: words for a short value, lines for a text."""

    name: str
    label: str
    old: list[Piece]
    new: list[Piece]
    lines: list[Line]
    ours: str  # what the wiki has by now, when that is something else again
    comments: list[Comment]
    picture: str = ""  # the address of a file's


@dataclass(frozen=True, slots=True)
class ShownChange:
    """What happened to one row."""

    change: Change
    fields: list[ShownField]
    comments: list[Comment]

    @property
    def kind(self) -> str:
        return self.change.kind

    @property
    def label(self) -> str:
        return self.change.label

    @property
    def noun(self) -> str:
        return str(self.change.model._meta.verbose_name)

    @property
    def model(self) -> str:
        return self.change.model._meta.label_lower

    @property
    def anchor(self) -> str:
        return f"change-{self.change.pk}"


@dataclass
class _Names:
    """What rows are called that keys point to: one query for each table."""

    found: dict[type[models.Model], dict[Any, str]] = field(default_factory=dict)

    def collect(self, changes: Iterable[Change]) -> None:
        keys: dict[type[models.Model], set[Any]] = defaultdict(set)
        for change in changes:
            for name, one in change.fields.items():
                target: Any = _field(change.model, name)
                if target.is_relation:
                    keys[target.related_model] |= {one.base, one.theirs, one.ours} - {None}
        for model, some in keys.items():
            rows = model._base_manager.filter(pk__in=some)
            self.found.setdefault(model, {}).update((row.pk, str(row)) for row in rows)

    def told(self, target: Any, value: Any) -> str:
        """A value in words."""
        return in_words(target, value, self.found.get(target.related_model, {})) or _EMPTY


def shown(
    changes: list[Change], *, branch: Branch | None = None, comments: Iterable[Comment] = ()
) -> list[ShownChange]:
    """Changes of the encyclopedia for a page, with what was said of each.

    Those of timestamps alone are left out.

    `branch`: where the names of rows are read that the changes point to. A fixed number of queries
    for each table.
    """
    changes = [change for change in changes if change.model in ENCYCLOPEDIA]
    names = _Names()
    for where in (None, branch):
        with branch_context(where):
            names.collect(changes)
    said: dict[tuple[str, str, str], list[Comment]] = defaultdict(list)
    for comment in comments:
        said[comment.model, comment.object_pk, comment.field].append(comment)
    found = []
    for change in changes:
        where_ = (change.model._meta.label_lower, str(change.pk))
        fields = [
            _shown_field(change, name, names, said[(*where_, name)])
            for name in change.fields
            if name not in _UNSEEN and _has_content(change, name)
        ]
        if fields or change.kind != "changed":
            found.append(ShownChange(change, fields, said[(*where_, "")]))
    return found


def _has_content(change: Change, name: str) -> bool:
    one = change.fields[name]
    return bool({one.base, one.theirs} - {None, ""})


def _shown_field(change: Change, name: str, names: _Names, comments: list[Comment]) -> ShownField:
    target = _field(change.model, name)
    one = change.fields[name]
    lines: list[Line] = []
    old: list[Piece] = []
    new: list[Piece] = []
    if isinstance(target, models.TextField):
        lines = text_diff(one.base or "", one.theirs or "")
    else:
        old, new = word_diff(names.told(target, one.base), names.told(target, one.theirs))
    return ShownField(
        name=name,
        label=str(target.verbose_name).capitalize(),
        old=old,
        new=new,
        lines=lines,
        ours=names.told(target, one.ours) if one.is_disputed else "",
        comments=comments,
        picture=target.storage.url(one.theirs or one.base)
        if isinstance(target, models.FileField)
        else "",
    )


def _field(model: type[models.Model], attname: str) -> Any:
    return next(one for one in model._meta.concrete_fields if one.attname == attname)
