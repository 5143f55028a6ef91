"""The reads that public pages and the dashboard ask most, as structs of their response schemas.

Prepared from the selectors, they answer the same without a model instance in between.
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404

from apps.museum import schemas, selectors
from apps.museum.models import (
    DOWN,
    LogEntry,
    Machine,
    MachineStatus,
    PartStatus,
    Photo,
    Priority,
    ProblemReport,
    ReportStatus,
)
from longhouse.lane.shapes import Shape
from longhouse.prepared import PreparedQuery, prepare

CARD = Shape(schemas.MachineCard, later=("photo",))
MACHINE = Shape(schemas.MachineOut, later=("photo", "photos", "serial_number", "notes"))
REPORT = Shape(schemas.ReportCard, later=("by_visitor",))
ENTRY = Shape(schemas.LogEntryOut, later=("author", "photos"))
PHOTO = Shape(schemas.PhotoOut, later=("url", "thumbnail_url"))
TEAM_ONLY = ("serial_number", "notes")

MachineSort = Literal["name", "year", "-year", "status", "-updated"]
ReportSort = Literal["urgency", "-created", "created", "machine"]
Row = tuple[Any, ...]


class Reads:
    """Rows of a prepared query, finished page by page; what a Paginator takes."""

    def __init__(
        self,
        query: PreparedQuery[Any, Any],
        finish: Callable[[list[Any]], list[Any]],
        **filters: Any,
    ) -> None:
        # As text: each member of a choice would shape the query, and have a statement of its own.
        filters = {name: getattr(value, "value", value) for name, value in filters.items()}
        # Each word of a search is a condition of its own: those are not prepared.
        self.rows = query.plain(**filters) if filters["q"] else query.bind(**{**filters, "q": None})
        self.finish = finish

    def count(self) -> int:
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Any]:
        return self.finish(self.rows[part])


# Machines ----------------------------------------------------------------------------------


@prepare(into=CARD.make)
def _cards(
    *,
    q: str | None,
    asset_number: str | None,
    status: str | None,
    zone: str | None,
    manufacturer: str | None,
    era: str | None,
    sort: MachineSort,
) -> QuerySet[Machine, Row]:
    found = selectors.search_machines(
        q=q or "",
        asset_number=asset_number,
        status=status,
        zone=zone,
        manufacturer=manufacturer,
        era=era,
        sort=sort,
    )
    return found.prefetch_related(None).values_list(*CARD.columns)


def machine_cards(**filters: Any) -> Reads:
    """Cards of the machines that match, with their first picture."""
    return Reads(_cards, _with_first_picture, **filters)


@prepare
def _machine(*, slug: str) -> QuerySet[Machine, Row]:
    found = selectors.machine_detail().filter(slug=slug).prefetch_related(None)
    return found.values_list(*TEAM_ONLY, *MACHINE.columns)


def machine(slug: str, *, team: bool) -> Any:
    """One machine; with what only the team sees if asked for. Raises Http404."""
    if (row := _machine.first(slug=slug)) is None:
        raise Http404
    found = MACHINE.make(*row[len(TEAM_ONLY) :])
    query = _all_own_pictures if team else _own_pictures
    found.photos = _pictures_of(query, [found.id]).get(found.id, [])
    found.photo = schemas.first_ready(found.photos)
    if team:
        found.serial_number, found.notes = row[: len(TEAM_ONLY)]
    return found


# Reports and work --------------------------------------------------------------------------


def _report_card(reporter: UUID | None, *columns: Any) -> Any:
    report = REPORT.make(*columns)
    report.by_visitor = reporter is None
    return report


@prepare(into=_report_card, for_json=True)
def _reports(
    *,
    q: str | None,
    status: str | None,
    priority: str | None,
    category: str | None,
    machine: str | None,
    sort: ReportSort,
) -> QuerySet[ProblemReport, Row]:
    found = selectors.search_reports(
        q=q or "",
        status=status,
        priority=priority,
        category=category,
        machine=machine,
        sort=sort,
    )
    return found.values_list("reported_by_id", *REPORT.columns)


def report_cards(**filters: Any) -> Reads:
    return Reads(_reports, list, **filters)


@prepare
def _recent_work() -> QuerySet[LogEntry, Row]:
    entries = selectors.log_entries().prefetch_related(None)
    return entries.values_list("author__display_name", *ENTRY.columns)


def _log_entries(rows: list[Row]) -> list[Any]:
    entries = []
    for author, *columns in rows:
        entry = ENTRY.make(*columns)
        entry.author = author
        entries.append(entry)
    pictures = _pictures_of(_entry_pictures, [entry.id for entry in entries])
    for entry in entries:
        entry.photos = pictures.get(entry.id, [])
    return entries


# Overview ----------------------------------------------------------------------------------


@prepare
def _open_by_priority() -> QuerySet[ProblemReport, Row]:
    found = selectors.open_reports().order_by()
    return found.values_list("priority").annotate(count=Count("pk"))


@prepare
def _machines_by_status() -> QuerySet[Machine, Row]:
    return Machine.objects.order_by().values_list("status").annotate(count=Count("pk"))


@prepare(into=CARD.make)
def _machines_down() -> QuerySet[Machine, Row]:
    found = selectors.machines().filter(status__in=DOWN)
    return found.order_by("-updated_at").prefetch_related(None).values_list(*CARD.columns)


@prepare
def _parts_needed() -> QuerySet[Any, Any]:
    return selectors.parts().filter(status=PartStatus.NEEDED)


def dashboard() -> dict[str, Any]:
    """What a maintainer needs to see first, in eight queries."""
    by_priority = dict(_open_by_priority.all())
    by_status = dict(_machines_by_status.all())
    urgent = _reports.slice(
        0,
        6,
        q=None,
        status=ReportStatus.OPEN,
        priority=None,
        category=None,
        machine=None,
        sort="urgency",
    )
    return {
        "open_by_priority": [
            {"priority": value, "count": by_priority.get(value, 0)} for value in Priority.values
        ],
        "machines_by_status": [
            {"status": value, "count": by_status.get(value, 0)} for value in MachineStatus.values
        ],
        "urgent_reports": urgent,
        "machines_down": _with_first_picture(_machines_down.slice(0, 8)),
        "recent_work": _log_entries(_recent_work.slice(0, 8)),
        "parts_needed": _parts_needed.count(),
    }


# Pictures ----------------------------------------------------------------------------------


@prepare
def _own_pictures(*, owners: list[UUID]) -> QuerySet[Photo, Row]:
    return _files_and_columns("machine_id", selectors.own_pictures().filter(machine__in=owners))


@prepare
def _all_own_pictures(*, owners: list[UUID]) -> QuerySet[Photo, Row]:
    found = selectors.own_pictures(unready=True).filter(machine__in=owners)
    return _files_and_columns("machine_id", found)


@prepare
def _entry_pictures(*, owners: list[UUID]) -> QuerySet[Photo, Row]:
    return _files_and_columns("log_entry_id", selectors.pictures().filter(log_entry__in=owners))


def _files_and_columns(owner: str, found: QuerySet[Photo]) -> QuerySet[Photo, Row]:
    return found.values_list(owner, "image", "thumbnail", *PHOTO.columns)


def _with_first_picture(cards: list[Any]) -> list[Any]:
    galleries = _pictures_of(_own_pictures, [card.id for card in cards])
    for card in cards:
        card.photo = next(iter(galleries.get(card.id, ())), None)
    return cards


def _pictures_of(query: PreparedQuery[Any, Row], owners: Iterable[UUID]) -> dict[UUID, list[Any]]:
    """The pictures of each owner, in their order."""
    found: dict[UUID, list[Any]] = {}
    if not (owners := list(owners)):
        return found
    url = Photo._meta.get_field("image").storage.url
    thumbnail_url = Photo._meta.get_field("thumbnail").storage.url
    for owner, image, thumbnail, *columns in query.all(owners=owners):
        photo = PHOTO.make(*columns)
        photo.url = url(image) if image else None
        photo.thumbnail_url = thumbnail_url(thumbnail) if thumbnail else None
        found.setdefault(owner, []).append(photo)
    return found
