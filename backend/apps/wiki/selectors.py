"""Reads of the wiki, in whatever branch and moment is active."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Avg, Count, Exists, Model, OuterRef, Prefetch, Q, QuerySet

from apps.wiki.folding import folded
from apps.wiki.models import Company, List, ListEntry, Park, Photo, Review, Ride, RideEvent
from apps.wiki.words import in_words
from longhouse.versioning.branches import Distance, distance
from longhouse.versioning.companions import tables
from longhouse.versioning.context import INFINITY, MAIN
from longhouse.versioning.history import Revision, blame, history
from longhouse.versioning.models import Branch, Commit, Conflict

PAGE = 24
PERSONAL: tuple[type[Model], ...] = (Review, List, ListEntry)
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and whether there are more. Nothing is counted."""

    rows: list[Row]
    number: int
    has_next: bool


def page_of(rows: "QuerySet[Row]", number: Any) -> Page[Row]:
    """A page by its number from the address; the first for what is no number."""
    try:
        at = Paginator(range(100_000), 1).validate_number(number or 1)
    except InvalidPage:
        at = 1
    start = (at - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    return Page(found[:PAGE], at, len(found) > PAGE)


def parks() -> "QuerySet[Park]":
    return Park.objects.annotate(ride_count=Count("rides")).order_by("name", "id")


def rides() -> "QuerySet[Ride]":
    return Ride.objects.select_related("park", "manufacturer")


def companies() -> "QuerySet[Company]":
    return Company.objects.annotate(
        park_count=Count("parks", distinct=True), ride_count=Count("rides", distinct=True)
    ).order_by("name", "id")


def park(slug: str) -> Park:
    """With its rides by area. Raises Park.DoesNotExist."""
    inside = Ride.objects.select_related("manufacturer").order_by("name")
    return (
        Park.objects.select_related("operator")
        .prefetch_related(
            "areas",
            Prefetch("rides", inside),
            Prefetch("photos", Photo.objects.all()),
        )
        .get(slug=slug)
    )


def ride(park_slug: str, slug: str) -> Ride:
    """With all that its page shows. Raises Ride.DoesNotExist."""
    return (
        Ride.objects.select_related("park", "area", "manufacturer")
        .prefetch_related(
            Prefetch("events", RideEvent.objects.order_by("date", "id")),
            Prefetch("photos", Photo.objects.all()),
        )
        .get(park__slug=park_slug, slug=slug)
    )


def shown_reviews(of: Ride) -> "QuerySet[Review]":
    return of.reviews.filter(state=Review.State.SHOWN).select_related("author")


def stars(of: Ride) -> dict[str, Any]:
    """What shown reviews say: `mean` (1 to 5, or None) and `count`."""
    return shown_reviews(of).aggregate(mean=Avg("stars"), count=Count("pk"))


def company(slug: str) -> Company:
    """Raises Company.DoesNotExist."""
    return Company.objects.prefetch_related(Prefetch("parks", Park.objects.order_by("name"))).get(
        slug=slug
    )


def built_by(maker: Company) -> "QuerySet[Ride]":
    return Ride.objects.filter(manufacturer=maker).select_related("park").order_by("name", "id")


def public_lists(viewer: Any) -> "QuerySet[List]":
    """Lists that everybody may see, and one's own."""
    seen = Q(is_public=True)
    if viewer.is_authenticated:
        seen |= Q(owner=viewer.pk)
    return (
        List.objects.filter(seen)
        .select_related("owner")
        .annotate(size=Count("entries"))
        .order_by("-updated_at", "id")
    )


def list_entries(of: List) -> "QuerySet[ListEntry]":
    return of.entries.select_related("ride__park", "park").order_by("position", "id")


def suggestions(text: str, count: int = 5) -> dict[str, list[Any]]:
    """Parks, rides and companies whose name has the text in it; those that begin with it first."""
    if len(text) < 2:
        return {}
    found = {
        "Parks": _named(Park.objects.all(), text, count),
        "Rides": _named(Ride.objects.select_related("park"), text, count),
        "Companies": _named(Company.objects.all(), text, count),
    }
    return {title: rows for title, rows in found.items() if rows}


def _named(rows: "QuerySet[Any]", text: str, count: int) -> list[Any]:
    text = folded(text)
    first = list(rows.filter(name__folded__startswith=text).order_by("name", "id")[:count])
    if len(first) < count:
        rest = rows.filter(name__folded__contains=text).exclude(pk__in=[row.pk for row in first])
        first += rest.order_by("name", "id")[: count - len(first)]
    return first


@dataclass(frozen=True)
class Version:
    """A revision of a row, and what it has changed: label, before and after in words."""

    revision: Revision
    changes: list[tuple[str, str, str]]


def versions(row: Model) -> list[Version]:
    """What happened to a row, the newest first."""
    revisions = history(type(row), row.pk)
    fields = {field.attname: field for field in row._meta.concrete_fields if field.editable}
    names = _names(fields.values(), revisions)

    def said(field: Any, value: Any) -> str:
        return in_words(field, value, names.get(field.attname, {}))

    found = []
    for one in revisions:
        changed = one.changes if one.kind == "changed" else {}
        found.append(
            Version(
                one,
                [
                    (str(field.verbose_name), said(field, before), said(field, after))
                    for name, (before, after) in changed.items()
                    if (field := fields.get(name))
                ],
            )
        )
    return found


def _names(fields: Any, revisions: list[Revision]) -> dict[str, dict[Any, str]]:
    """What the rows are called that keys of the revisions point to; a query for each such field."""
    return {
        field.attname: {
            row.pk: str(row)
            for row in field.related_model._base_manager.filter(
                pk__in={(one.values or {}).get(field.attname) for one in revisions} - {None}
            )
        }
        for field in fields
        if field.is_relation
    }


@dataclass(frozen=True)
class Written:
    """A field of a row, its value in words, and the revision that gave it that value."""

    label: str
    value: str
    revision: Revision


def who_wrote(row: Model) -> list[Written]:
    """Blame: for each field that has a value, who gave it."""
    told = blame(type(row), row.pk)
    found = []
    for field in row._meta.concrete_fields:
        revision = told.get(field.attname)
        value = getattr(row, field.attname)
        if not field.editable or field.primary_key or revision is None or value in (None, ""):
            continue
        names = {value: str(getattr(row, field.name))} if field.is_relation else {}
        shown = in_words(field, value, names)
        found.append(Written(str(field.verbose_name), shown, revision))
    return found


def changes() -> "QuerySet[Commit]":
    """Commits to the encyclopedia, the newest first; not what people wrote of their own."""
    found = Commit.objects.filter(branch=None)
    for model in PERSONAL:
        versions = companion_of(model)._base_manager.filter(version_branch=MAIN)
        found = found.exclude(
            Exists(model._base_manager.filter(rev=OuterRef("pk")))
            | Exists(versions.filter(version_from=OuterRef("pk")))
            | Exists(versions.filter(version_to=OuterRef("pk")))
        )
    return found.select_related("author", "merged", "merged__owner").order_by("-pk")


@dataclass(frozen=True)
class BranchState:
    """A proposal or draft, as the dashboard shows it."""

    branch: Branch
    distance: Distance
    rows: int  # that it holds
    conflicts: int


def branch_states(branches: "list[Branch]") -> list[BranchState]:
    """A few queries for each branch: for a page of them."""
    disputed = dict(
        Conflict.objects.filter(branch__in=branches)
        .values_list("branch")
        .annotate(count=Count("pk"))
    )
    return [
        BranchState(branch, distance(branch), held_rows(branch), disputed.get(branch.pk, 0))
        for branch in branches
    ]


def companion_of(model: type[Model]) -> Any:
    return tables[model._meta.db_table].companion


def held_rows(branch: Branch) -> int:
    return sum(
        companion._base_manager.filter(version_branch=branch.pk, version_to=INFINITY).count()
        for companion in companions()
    )


def companions() -> list[Any]:
    """Those of the wiki's tables."""
    return [found.companion for found in tables.values() if found.model._meta.app_label == "wiki"]
