"""Watched pages: whose, and which of them a change has touched."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet

from apps.wiki.models import Area, Company, Park, Photo, Ride, RideEvent, Watch
from apps.wiki.selectors import companion_of
from longhouse.versioning.context import MAIN
from longhouse.versioning.models import Commit

MOST = 1000  # pages that one person watches

PAGES: dict[str, type[models.Model]] = {"park": Park, "ride": Ride, "company": Company}
# What stands on a page: the rows of these models, by the field that has the key of the page's row.
_ON_PAGE: dict[str, dict[type[models.Model], str]] = {
    "park": {Park: "id", Area: "park_id", Ride: "park_id", Photo: "park_id"},
    "ride": {Ride: "id", RideEvent: "ride_id", Photo: "ride_id"},
    "company": {Company: "id"},
}


def watch(row: models.Model, *, by: Any) -> None:
    """Watch a page; once. Raises ValidationError when somebody watches too many."""
    with transaction.atomic():
        if Watch.objects.filter(user=by).count() >= MOST and not is_watched(row, by=by):
            raise ValidationError(f"You watch {MOST} pages: stop watching some of them first.")
        Watch.objects.get_or_create(user=by, kind=_kind(row), object_id=row.pk)


def unwatch(kind: str, pk: Any, *, by: Any) -> None:
    """Watch a page no more; its row may be gone."""
    Watch.objects.filter(user=by, kind=kind, object_id=pk).delete()


def is_watched(row: models.Model, *, by: Any) -> bool:
    return Watch.objects.filter(user=by, kind=_kind(row), object_id=row.pk).exists()


def rows_of(watches: Iterable[Watch]) -> dict[Any, models.Model]:
    """What the watches are of, by its key; without what is gone. A query for each kind."""
    keys: dict[str, list[Any]] = {}
    for one in watches:
        keys.setdefault(one.kind, []).append(one.object_id)
    found: dict[Any, models.Model] = {}
    for kind, some in keys.items():
        rows: Any = PAGES[kind]._base_manager.filter(pk__in=some)
        found |= {row.pk: row for row in (rows.select_related("park") if kind == "ride" else rows)}
    return found


def touched_by(commit: Commit) -> QuerySet[Watch]:
    """Watches of the pages that a commit to main has changed, created or deleted."""
    found = models.Q()
    for kind, rows in _ON_PAGE.items():
        for model, name in rows.items():
            # What was written last is in the table, what was before in its companion.
            now = model._base_manager.filter(rev=commit.pk)
            before = companion_of(model)._base_manager.filter(
                version_branch=MAIN, version_to=commit.pk
            )
            for some in (now, before):
                keys = some.filter(**{f"{name}__isnull": False}).order_by().values(name)
                found |= models.Q(kind=kind, object_id__in=keys)
    return Watch.objects.filter(found)


def _kind(row: models.Model) -> str:
    return str(row._meta.model_name)
