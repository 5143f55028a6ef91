"""Reads of the museum, each with a fixed number of queries."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)

from apps.museum.models import (
    DOWN,  # feature: notifications
    Location,
    LogEntry,
    Machine,
    MachineModel,
    MachineStatus,
    Part,
    Photo,
    PhotoState,
    Priority,
    ProblemReport,
    ReportStatus,
    Zone,  # feature: notifications
)


def rank(field: str, choices: type[TextChoices]) -> Case:
    """The place of a value among its choices."""
    places = (When(**{field: value}, then=Value(at)) for at, value in enumerate(choices))
    return Case(*places, default=Value(len(choices)), output_field=IntegerField())


URGENCY = rank("priority", Priority)

BY_NAME = ("model__name", "asset_number")
MACHINE_ORDER = {
    "name": BY_NAME,
    "year": ("model__year", *BY_NAME),
    "-year": ("-model__year", *BY_NAME),
    "status": (rank("status", MachineStatus), *BY_NAME),
    "-updated": ("-updated_at",),
}
REPORT_ORDER = {
    "urgency": ("urgency", "-created_at"),
    "-created": ("-created_at",),
    "created": ("created_at",),
    "machine": ("machine__model__name", "-created_at"),
}


def machines(*, unready: bool = False) -> QuerySet[Machine]:
    """Live machines with model, location, open report count and `gallery`, the own pictures."""
    return (
        Machine.objects.select_related("model", "location")
        .annotate(
            open_reports=Count(
                "reports",
                filter=Q(reports__status=ReportStatus.OPEN, reports__deleted_at__isnull=True),
            )
        )
        .prefetch_related(
            Prefetch("photos", queryset=own_pictures(unready=unready), to_attr="gallery")
        )
    )


def pictures(*, unready: bool = False) -> QuerySet[Photo]:
    """What is served; `unready`: for the team, those too that are being processed, or failed."""
    return Photo.objects.all() if unready else Photo.objects.filter(state=PhotoState.READY)


def own_pictures(*, unready: bool = False) -> QuerySet[Photo]:
    """Pictures of machines themselves, not of a problem or of work."""
    return pictures(unready=unready).filter(report=None, log_entry=None)


def search_machines(
    *,
    q: str = "",
    asset_number: str | None = None,
    status: str | None = None,
    zone: str | None = None,
    manufacturer: str | None = None,
    era: str | None = None,
    sort: str = "name",
) -> QuerySet[Machine]:
    """Every word of `q` must occur in the name, maker, designer or asset number, or be the year.

    The list of machines applies the same rules in the browser (collection.ts).
    """
    found = machines()
    for word in q.split()[:8]:
        match = (
            Q(model__name__icontains=word)
            | Q(model__manufacturer__icontains=word)
            | Q(model__designer__icontains=word)
            | Q(asset_number__icontains=word)
        )
        if word.isdecimal() and len(word) == 4:
            match |= Q(model__year=int(word))
        found = found.filter(match)
    exact = {
        "asset_number": asset_number,
        "status": status,
        "location__zone": zone,
        "model__manufacturer": manufacturer,
        "model__era": era,
    }
    given = {name: value for name, value in exact.items() if value is not None}
    return found.filter(**given).order_by(*MACHINE_ORDER[sort])


def machine_detail(*, unready: bool = False) -> QuerySet[Machine]:
    # A subquery: a second join would multiply the open reports by the log entries.
    work = LogEntry.objects.filter(machine=OuterRef("pk")).order_by("-worked_at")
    return machines(unready=unready).annotate(last_worked_at=Subquery(work.values("worked_at")[:1]))


def reports() -> QuerySet[ProblemReport]:
    return (
        ProblemReport.objects.filter(machine__deleted_at=None)
        .select_related("machine__model", "reported_by")
        .annotate(
            urgency=URGENCY,
            log_count=Count("log_entries", filter=Q(log_entries__deleted_at__isnull=True)),
        )
    )


def open_reports() -> QuerySet[ProblemReport]:
    return ProblemReport.objects.filter(status=ReportStatus.OPEN, machine__deleted_at=None)


def search_reports(
    *,
    q: str = "",
    status: str | None = None,
    priority: str | None = None,
    category: str | None = None,
    machine: str | None = None,
    sort: str = "urgency",
) -> QuerySet[ProblemReport]:
    found = reports()
    for word in q.split()[:8]:
        found = found.filter(
            Q(description__icontains=word)
            | Q(machine__model__name__icontains=word)
            | Q(machine__asset_number__iexact=word)
            | Q(reporter_name__icontains=word)
        )
    exact = {
        "status": status,
        "priority": priority,
        "category": category,
        "machine__slug": machine,
    }
    given = {name: value for name, value in exact.items() if value is not None}
    return found.filter(**given).order_by(*REPORT_ORDER[sort])


def report_detail() -> QuerySet[ProblemReport]:
    return reports().prefetch_related(
        Prefetch("log_entries", queryset=log_entries(unready=True), to_attr="work"),
        Prefetch("photos", queryset=pictures(unready=True), to_attr="pictures"),
        Prefetch("parts", queryset=parts(), to_attr="wanted"),
    )


def log_entries(*, unready: bool = False) -> QuerySet[LogEntry]:
    return (
        LogEntry.objects.filter(machine__deleted_at=None)
        .select_related("machine__model", "author")
        .prefetch_related(
            Prefetch("photos", queryset=pictures(unready=unready), to_attr="pictures")
        )
    )


def parts() -> QuerySet[Part]:
    return Part.objects.filter(machine__deleted_at=None).select_related(
        "machine__model", "requested_by"
    )


# History -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class TimelineItem:
    """One event in a machine's life; who reported and what they wrote is for the team only."""

    id: uuid.UUID
    kind: str  # "report" | "work" | "part"
    at: datetime
    title: str
    text: str
    by: str | None
    report_id: uuid.UUID | None = None
    priority: str | None = None
    category: str | None = None
    status_before: str | None = None
    status_after: str | None = None
    closes_report: bool = False
    minutes: int | None = None
    photos: Sequence[Photo] = field(default_factory=list)


class History:
    """A machine's reports, work and (for the team) parts, newest first.

    Behaves as the list that a Paginator wants; a page costs one query and one more per kind on it.
    """

    def __init__(self, machine: Machine, *, team: bool) -> None:
        self.team = team
        kinds = [
            machine.reports.order_by().values_list("pk", "occurred_at", Value("report")),
            machine.log_entries.order_by().values_list("pk", "worked_at", Value("work")),
        ]
        if team:
            kinds.append(machine.parts.order_by().values_list("pk", "created_at", Value("part")))
        self.index = kinds[0].union(*kinds[1:], all=True).order_by("-occurred_at", "-pk")

    def __len__(self) -> int:
        return self.index.count()

    def __getitem__(self, page: slice) -> list[TimelineItem]:
        rows = list(self.index[page])
        by_id: dict[uuid.UUID, TimelineItem] = {}
        for kind, load in (("report", self._reports), ("work", self._work), ("part", self._parts)):
            ids = [pk for pk, _, of_kind in rows if of_kind == kind]
            if ids:
                by_id |= {item.id: item for item in load(ids)}
        # One that was deleted between the two queries is left out.
        return [by_id[pk] for pk, _, _ in rows if pk in by_id]

    def _reports(self, ids: list[uuid.UUID]) -> list[TimelineItem]:
        found = reports().filter(pk__in=ids)
        if self.team:
            found = found.prefetch_related(
                Prefetch("photos", queryset=pictures(), to_attr="pictures")
            )
        return [
            TimelineItem(
                id=report.pk,
                kind="report",
                at=report.occurred_at,
                title=report.get_category_display(),
                text=report.description if self.team else "",
                by=(report.reporter_name or None) if self.team else None,
                report_id=report.pk if self.team else None,
                priority=report.priority if self.team else None,
                category=report.category,
                photos=report.pictures if self.team else [],  # type: ignore[attr-defined]
            )
            for report in found
        ]

    def _work(self, ids: list[uuid.UUID]) -> list[TimelineItem]:
        return [
            TimelineItem(
                id=entry.pk,
                kind="work",
                at=entry.worked_at,
                title="Problem fixed" if entry.closes_report else "Work done",
                text=entry.description,
                by=entry.author.display_name if entry.author else None,
                report_id=entry.report_id if self.team else None,
                status_before=entry.status_before,
                status_after=entry.status_after,
                closes_report=entry.closes_report,
                minutes=entry.minutes,
                photos=entry.pictures,  # type: ignore[attr-defined]
            )
            for entry in log_entries().filter(pk__in=ids)
        ]

    def _parts(self, ids: list[uuid.UUID]) -> list[TimelineItem]:
        return [
            TimelineItem(
                id=part.pk,
                kind="part",
                at=part.created_at,
                title=f"Part {part.get_status_display().lower()}",
                text=str(part),
                by=part.requested_by.display_name if part.requested_by else None,
                report_id=part.report_id,
            )
            for part in parts().filter(pk__in=ids)
        ]


# Overviews ---------------------------------------------------------------------------------


# feature: notifications
def machines_down() -> QuerySet[Machine]:
    """What stands on the floor and cannot be played, with `down_since`, the longest first."""
    # A deleted entry has changed the status all the same.
    fell = (
        LogEntry.all_objects.filter(machine=OuterRef("pk"), status_after__in=DOWN)
        .exclude(status_before__in=DOWN)
        .order_by("-created_at")
    )
    return (
        Machine.objects.filter(status__in=DOWN, location__zone=Zone.FLOOR)
        .select_related("model")
        .annotate(down_since=Subquery(fell.values("worked_at")[:1]))
        .order_by("down_since", *BY_NAME)
    )


def reports_opened(start: datetime, end: datetime) -> QuerySet[ProblemReport]:
    """Reports that came in from `start` until before `end`, in that order."""
    return (
        ProblemReport.objects.filter(machine__deleted_at=None)
        .filter(created_at__gte=start, created_at__lt=end)
        .select_related("machine__model")
        .order_by("created_at")
    )


def reports_closed(start: datetime, end: datetime) -> QuerySet[ProblemReport]:
    """Reports that were closed in that time, with `closed_by`, a name or None."""
    closing = LogEntry.all_objects.filter(report=OuterRef("pk"), closes_report=True)
    closer = closing.order_by("-created_at").values("author__display_name")[:1]
    return (
        ProblemReport.objects.filter(machine__deleted_at=None)
        .filter(closed_at__gte=start, closed_at__lt=end)
        .select_related("machine__model")
        .annotate(closed_by=Subquery(closer))
        .order_by("closed_at")
    )


# end feature: notifications


def catalogue() -> dict[str, Any]:
    """What a machine's form offers."""
    return {"locations": Location.objects.all(), "machine_models": MachineModel.objects.all()}
