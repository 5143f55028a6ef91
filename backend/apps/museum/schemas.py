import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field
from pydantic import AwareDatetime, ValidationInfo, field_validator

from apps.api.pagination import PageQuery
from apps.api.schemas import In, Out
from apps.museum.models import (
    Category,
    Era,
    LogEntry,
    Machine,
    MachineStatus,
    Part,
    PartStatus,
    Photo,
    PhotoState,
    Priority,
    ProblemReport,
    ReportStatus,
    Zone,
)


def is_team(request: HttpRequest) -> bool:
    """Whether the caller sees what only the team sees."""
    return request.user.has_perm("museum.view_problemreport")


def first_ready(gallery: Iterable[Any]) -> Any:
    return next((photo for photo in gallery if photo.state == PhotoState.READY), None)


# Responses ---------------------------------------------------------------------------------


class PhotoOut(Out):
    id: uuid.UUID
    state: PhotoState = Field(description="only the team sees others than ready ones")
    url: str | None = Field(description="null unless it is ready")
    thumbnail_url: str | None
    width: int
    height: int
    caption: str

    @staticmethod
    def resolve_url(photo: Photo) -> str | None:
        return photo.image.url if photo.image else None

    @staticmethod
    def resolve_thumbnail_url(photo: Photo) -> str | None:
        return photo.thumbnail.url if photo.thumbnail else None


class LocationOut(Out):
    id: uuid.UUID
    slug: str
    name: str
    zone: Zone


class MachineModelLink(Out):
    """Enough to choose a model by."""

    id: uuid.UUID
    name: str
    manufacturer: str
    year: int


class MachineModelOut(MachineModelLink):
    era: Era
    players: int
    designer: str
    facts: str


class MachineLink(Out):
    """Enough to name a machine and link to it."""

    slug: str
    asset_number: str
    name: str = Field(alias="model.name")
    status: MachineStatus


class MachineCard(MachineLink):
    id: uuid.UUID
    manufacturer: str = Field(alias="model.manufacturer")
    year: int = Field(alias="model.year")
    era: Era = Field(alias="model.era")
    players: int = Field(alias="model.players")
    designer: str = Field(alias="model.designer")
    location: LocationOut
    photo: PhotoOut | None
    open_reports: int
    updated_at: datetime

    @staticmethod
    def resolve_photo(machine: Any) -> Photo | None:
        return first_ready(machine.gallery)


class MachineOut(MachineCard):
    model: MachineModelOut
    photos: list[PhotoOut] = Field(alias="gallery")
    acquired_on: date | None
    last_worked_at: datetime | None
    serial_number: str | None = Field(description="null for visitors")
    notes: str | None = Field(description="null for visitors")
    version: int

    @staticmethod
    def resolve_serial_number(machine: Machine, context: Any) -> str | None:
        return machine.serial_number if is_team(context["request"]) else None

    @staticmethod
    def resolve_notes(machine: Machine, context: Any) -> str | None:
        return machine.notes if is_team(context["request"]) else None


class TimelineItemOut(Out):
    id: uuid.UUID
    kind: Literal["report", "work", "part"]
    at: datetime
    title: str
    text: str
    by: str | None
    report_id: uuid.UUID | None
    priority: Priority | None
    category: Category | None
    status_before: MachineStatus | None
    status_after: MachineStatus | None
    closes_report: bool
    minutes: int | None
    photos: list[PhotoOut]


class ReportReceipt(Out):
    """What an anonymous reporter gets back."""

    id: uuid.UUID
    machine_name: str = Field(alias="machine.model.name")
    machine_slug: str = Field(alias="machine.slug")


class ReportCard(Out):
    id: uuid.UUID
    machine: MachineLink
    category: Category
    priority: Priority
    status: ReportStatus
    description: str
    reporter_name: str
    by_visitor: bool
    occurred_at: datetime
    created_at: datetime
    closed_at: datetime | None
    version: int
    log_count: int

    @staticmethod
    def resolve_by_visitor(report: ProblemReport) -> bool:
        return report.reported_by_id is None


class LogEntryOut(Out):
    id: uuid.UUID
    machine: MachineLink
    report_id: uuid.UUID | None
    description: str
    author: str | None
    author_id: uuid.UUID | None
    minutes: int | None
    worked_at: datetime
    status_before: MachineStatus
    status_after: MachineStatus
    closes_report: bool
    photos: list[PhotoOut]
    version: int

    @staticmethod
    def resolve_author(entry: LogEntry) -> str | None:
        return entry.author.display_name if entry.author else None

    @staticmethod
    def resolve_photos(entry: Any) -> list[Photo]:
        return entry.pictures


class PartOut(Out):
    id: uuid.UUID
    machine: MachineLink
    report_id: uuid.UUID | None
    name: str
    quantity: int
    supplier: str
    notes: str
    status: PartStatus
    requested_by: str | None
    created_at: datetime
    version: int

    @staticmethod
    def resolve_requested_by(part: Part) -> str | None:
        return part.requested_by.display_name if part.requested_by else None


class ReportOut(ReportCard):
    log_entries: list[LogEntryOut] = Field(alias="work")
    photos: list[PhotoOut] = Field(alias="pictures")
    parts: list[PartOut] = Field(alias="wanted")


class PriorityCount(Out):
    priority: Priority
    count: int


class StatusCount(Out):
    status: MachineStatus
    count: int


class Dashboard(Out):
    open_by_priority: list[PriorityCount]
    machines_by_status: list[StatusCount]
    urgent_reports: list[ReportCard]
    machines_down: list[MachineCard]
    recent_work: list[LogEntryOut]
    parts_needed: int


class Catalogue(Out):
    locations: list[LocationOut]
    machine_models: list[MachineModelLink]


class Label(Out):
    asset_number: str
    name: str
    location: str
    url: str
    svg: str = Field(description="QR code of the url, as inline SVG")


class Deletion(Out):
    deletion_id: uuid.UUID


# Requests ----------------------------------------------------------------------------------


class MachineQuery(PageQuery):
    q: str = Field("", max_length=100)
    asset_number: str | None = Field(None, max_length=12)
    status: MachineStatus | None = None
    zone: Zone | None = None
    manufacturer: str | None = Field(None, max_length=80)
    era: Era | None = None
    sort: Literal["name", "year", "-year", "status", "-updated"] = "name"


class MachineAdd(In):
    model_id: uuid.UUID
    location_id: uuid.UUID
    asset_number: str
    serial_number: str = ""
    acquired_on: date | None = None
    notes: str = ""


class MachineChange(In):
    version: int
    location_id: uuid.UUID | None = None
    serial_number: str | None = None
    acquired_on: date | None = None
    notes: str | None = None


class ReportQuery(PageQuery):
    q: str = Field("", max_length=100)
    status: ReportStatus | None = None
    priority: Priority | None = None
    category: Category | None = None
    machine: str | None = Field(None, max_length=140)
    sort: Literal["urgency", "-created", "created", "machine"] = "urgency"


class ReportAdd(In):
    asset_number: str = Field(max_length=12)
    category: Category
    description: str = Field("", max_length=2000)
    reporter_name: str = Field("", max_length=80)
    priority: Priority | None = Field(None, description="maintainers only")
    occurred_at: AwareDatetime | None = None
    idempotency_key: uuid.UUID | None = Field(
        None, description="random; sent again with it, the report is stored once"
    )
    website: str = Field("", description="left empty by people; robots fill it in")


class ReportChange(In):
    version: int
    category: Category | None = None
    priority: Priority | None = None
    description: str | None = Field(None, max_length=2000)


class LogEntryQuery(PageQuery):
    machine: str | None = Field(None, max_length=140)


class LogEntryAdd(In):
    machine: str = Field(description="slug", max_length=140)
    report_id: uuid.UUID | None = None
    description: str = Field(max_length=4000)
    minutes: int | None = Field(None, ge=1, le=24 * 60)
    worked_at: AwareDatetime | None = None
    status_after: MachineStatus | None = None
    status_seen: MachineStatus | None = Field(
        None,
        description="what the machine had when status_after was chosen, with which it must come",
        validate_default=True,
    )
    closes_report: bool = False

    @field_validator("status_seen")
    @classmethod
    def _comes_with_a_change(
        cls, seen: MachineStatus | None, info: ValidationInfo
    ) -> MachineStatus | None:
        if seen is None and info.data.get("status_after") is not None:
            raise ValueError("Say which status the machine had when you chose the new one.")
        return seen


class LogEntryChange(In):
    version: int
    description: str | None = Field(None, max_length=4000)
    minutes: int | None = Field(None, ge=1, le=24 * 60)
    worked_at: AwareDatetime | None = None


class PartQuery(PageQuery):
    status: PartStatus | None = None
    machine: str | None = Field(None, max_length=140)


class PartAdd(In):
    machine: str = Field(description="slug", max_length=140)
    report_id: uuid.UUID | None = None
    name: str = Field(max_length=120)
    quantity: int = Field(1, ge=1, le=999)
    supplier: str = Field("", max_length=120)
    notes: str = Field("", max_length=1000)


class PartChange(In):
    version: int
    name: str | None = Field(None, max_length=120)
    quantity: int | None = Field(None, ge=1, le=999)
    supplier: str | None = Field(None, max_length=120)
    notes: str | None = Field(None, max_length=1000)
    status: PartStatus | None = None
