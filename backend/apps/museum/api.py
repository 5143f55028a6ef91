"""The museum's part of the first-party API."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import File, Form, Query, Router, Status, UploadedFile

from apps.api.auth import csrf_only, signed_in, user_of
from apps.api.pagination import PageQuery, paginate
from apps.api.schemas import Page
from apps.api.throttling import AddressThrottle, uploads
from apps.museum import hot_reads, labels, schemas, selectors, services
from apps.museum.models import LogEntry, Machine, Part, Photo, ProblemReport
from apps.museum.throttling import report_limit
from apps.users.models import User
from longhouse.lane import lane

router = Router(tags=["museum"])


def team_member(request: HttpRequest) -> User:
    user = user_of(request)
    services.require(user, "museum.view_problemreport")
    return user


# Machines ----------------------------------------------------------------------------------


@router.get("/machines", response=Page[schemas.MachineCard])
@lane
def list_machines(request: HttpRequest, query: Query[schemas.MachineQuery]) -> dict[str, Any]:
    """The collection; open to all."""
    filters = query.model_dump(exclude={"page", "page_size"})
    return paginate(hot_reads.machine_cards(**filters), query)


@router.post("/machines", response={201: schemas.MachineOut}, auth=signed_in)
def add_machine(request: HttpRequest, machine: schemas.MachineAdd) -> Status[Machine]:
    added = services.add_machine(actor=user_of(request), **machine.model_dump())
    return Status(201, selectors.machine_detail().get(pk=added.pk))


@router.get("/machines/{slug}", response=schemas.MachineOut)
@lane
def get_machine(request: HttpRequest, slug: str) -> Any:
    return hot_reads.machine(slug, team=schemas.is_team(request))


@router.patch("/machines/{slug}", response=schemas.MachineOut, auth=signed_in)
def change_machine(request: HttpRequest, slug: str, change: schemas.MachineChange) -> Machine:
    machine = get_object_or_404(Machine, slug=slug)
    services.change_machine(actor=user_of(request), machine=machine, **change.given())
    return selectors.machine_detail(unready=True).get(pk=machine.pk)


@router.delete("/machines/{slug}", response=schemas.Deletion, auth=signed_in)
def delete_machine(request: HttpRequest, slug: str) -> dict[str, uuid.UUID]:
    return _delete(request, get_object_or_404(Machine, slug=slug))


@router.get("/machines/{slug}/history", response=Page[schemas.TimelineItemOut])
def get_machine_history(request: HttpRequest, slug: str, query: Query[PageQuery]) -> dict[str, Any]:
    """Reports and work, newest first; visitors see neither who reported nor what they wrote."""
    machine = get_object_or_404(Machine, slug=slug)
    return paginate(selectors.History(machine, team=schemas.is_team(request)), query)


@router.post(
    "/machines/{slug}/photos",
    response={201: schemas.PhotoOut},
    auth=signed_in,
    throttle=[uploads],
)
def add_machine_photo(
    request: HttpRequest, slug: str, file: File[UploadedFile], caption: Form[str] = ""
) -> Status[Photo]:
    machine = get_object_or_404(Machine, slug=slug)
    photo = services.add_photo(
        actor=user_of(request),
        machine=machine,
        upload=file,
        caption=caption,
    )
    return Status(201, photo)


# Problem reports ---------------------------------------------------------------------------


@router.post(
    "/reports",
    response={201: schemas.ReportReceipt},
    auth=csrf_only,
    throttle=[AddressThrottle(report_limit)],
)
def report_problem(request: HttpRequest, report: schemas.ReportAdd) -> Status[ProblemReport]:
    """Report a problem, with or without an account."""
    fields = report.model_dump(exclude={"website"})
    if report.website:
        # A robot: it gets the answer that it expects, and nothing is stored.
        machine = get_object_or_404(
            Machine.objects.select_related("model"), asset_number=report.asset_number.upper()
        )
        return Status(201, ProblemReport(machine=machine))
    actor = request.user if isinstance(request.user, User) else None
    return Status(201, services.report_problem(actor=actor, **fields))


@router.get("/reports", response=Page[schemas.ReportCard], auth=signed_in)
@lane
def list_reports(request: HttpRequest, query: Query[schemas.ReportQuery]) -> dict[str, Any]:
    team_member(request)
    filters = query.model_dump(exclude={"page", "page_size"})
    return paginate(hot_reads.report_cards(**filters), query)


@router.get("/reports/{uuid:report_id}", response=schemas.ReportOut, auth=signed_in)
def get_report(request: HttpRequest, report_id: uuid.UUID) -> ProblemReport:
    team_member(request)
    return get_object_or_404(selectors.report_detail(), pk=report_id)


@router.patch("/reports/{uuid:report_id}", response=schemas.ReportOut, auth=signed_in)
def change_report(
    request: HttpRequest, report_id: uuid.UUID, change: schemas.ReportChange
) -> ProblemReport:
    report = get_object_or_404(ProblemReport, pk=report_id)
    services.change_report(actor=user_of(request), report=report, **change.given())
    return selectors.report_detail().get(pk=report_id)


@router.delete("/reports/{uuid:report_id}", response=schemas.Deletion, auth=signed_in)
def delete_report(request: HttpRequest, report_id: uuid.UUID) -> dict[str, uuid.UUID]:
    return _delete(request, get_object_or_404(ProblemReport, pk=report_id))


@router.delete("/reports/{uuid:report_id}/closure", response=schemas.ReportOut, auth=signed_in)
def reopen_report(request: HttpRequest, report_id: uuid.UUID) -> ProblemReport:
    """Open a closed report again."""
    report = get_object_or_404(ProblemReport, pk=report_id)
    services.reopen_report(actor=user_of(request), report=report)
    return selectors.report_detail().get(pk=report_id)


@router.post(
    "/reports/{uuid:report_id}/photos",
    response={201: schemas.PhotoOut},
    auth=signed_in,
    throttle=[uploads],
)
def add_report_photo(
    request: HttpRequest, report_id: uuid.UUID, file: File[UploadedFile], caption: Form[str] = ""
) -> Status[Photo]:
    report = get_object_or_404(ProblemReport.objects.select_related("machine"), pk=report_id)
    photo = services.add_photo(
        actor=user_of(request),
        machine=report.machine,
        report=report,
        upload=file,
        caption=caption,
    )
    return Status(201, photo)


# Log entries -------------------------------------------------------------------------------


@router.get("/log-entries", response=Page[schemas.LogEntryOut], auth=signed_in)
def list_log_entries(request: HttpRequest, query: Query[schemas.LogEntryQuery]) -> dict[str, Any]:
    team_member(request)
    entries = selectors.log_entries(unready=True)
    if query.machine:
        entries = entries.filter(machine__slug=query.machine)
    return paginate(entries, query)


@router.post("/log-entries", response={201: schemas.LogEntryOut}, auth=signed_in)
def log_work(request: HttpRequest, entry: schemas.LogEntryAdd) -> Status[LogEntry]:
    """Record work; may change the machine's status and close a report."""
    fields = entry.model_dump(exclude={"machine", "report_id"})
    logged = services.log_work(
        actor=user_of(request), **_machine_and_report(entry.machine, entry.report_id), **fields
    )
    return Status(201, selectors.log_entries().get(pk=logged.pk))


@router.patch("/log-entries/{uuid:entry_id}", response=schemas.LogEntryOut, auth=signed_in)
def change_log_entry(
    request: HttpRequest, entry_id: uuid.UUID, change: schemas.LogEntryChange
) -> LogEntry:
    entry = get_object_or_404(LogEntry, pk=entry_id)
    services.change_log_entry(actor=user_of(request), entry=entry, **change.given())
    return selectors.log_entries(unready=True).get(pk=entry_id)


@router.post(
    "/log-entries/{uuid:entry_id}/photos",
    response={201: schemas.PhotoOut},
    auth=signed_in,
    throttle=[uploads],
)
def add_log_entry_photo(
    request: HttpRequest, entry_id: uuid.UUID, file: File[UploadedFile], caption: Form[str] = ""
) -> Status[Photo]:
    entry = get_object_or_404(LogEntry.objects.select_related("machine"), pk=entry_id)
    photo = services.add_photo(
        actor=user_of(request),
        machine=entry.machine,
        log_entry=entry,
        upload=file,
        caption=caption,
    )
    return Status(201, photo)


@router.delete("/photos/{uuid:photo_id}", response=schemas.Deletion, auth=signed_in)
def delete_photo(request: HttpRequest, photo_id: uuid.UUID) -> dict[str, uuid.UUID]:
    return _delete(request, get_object_or_404(Photo, pk=photo_id))


# feature: jobs
@router.post("/photos/{uuid:photo_id}/processing", response=schemas.PhotoOut, auth=signed_in)
def process_photo_again(request: HttpRequest, photo_id: uuid.UUID) -> Photo:
    """Try once more to process a picture that failed."""
    photo = get_object_or_404(Photo, pk=photo_id)
    return services.process_photo_again(actor=user_of(request), photo=photo)


# end feature: jobs
# Parts -------------------------------------------------------------------------------------


@router.get("/parts", response=Page[schemas.PartOut], auth=signed_in)
def list_parts(request: HttpRequest, query: Query[schemas.PartQuery]) -> dict[str, Any]:
    team_member(request)
    found = selectors.parts()
    if query.status:
        found = found.filter(status=query.status)
    if query.machine:
        found = found.filter(machine__slug=query.machine)
    return paginate(found, query)


@router.post("/parts", response={201: schemas.PartOut}, auth=signed_in)
def request_part(request: HttpRequest, part: schemas.PartAdd) -> Status[Part]:
    fields = part.model_dump(exclude={"machine", "report_id"})
    added = services.request_part(
        actor=user_of(request), **_machine_and_report(part.machine, part.report_id), **fields
    )
    return Status(201, selectors.parts().get(pk=added.pk))


@router.patch("/parts/{uuid:part_id}", response=schemas.PartOut, auth=signed_in)
def change_part(request: HttpRequest, part_id: uuid.UUID, change: schemas.PartChange) -> Part:
    part = get_object_or_404(Part, pk=part_id)
    services.change_part(actor=user_of(request), part=part, **change.given())
    return selectors.parts().get(pk=part_id)


@router.delete("/parts/{uuid:part_id}", response=schemas.Deletion, auth=signed_in)
def delete_part(request: HttpRequest, part_id: uuid.UUID) -> dict[str, uuid.UUID]:
    return _delete(request, get_object_or_404(Part, pk=part_id))


# Overviews ---------------------------------------------------------------------------------


@router.get("/dashboard", response=schemas.Dashboard, auth=signed_in)
@lane
def get_dashboard(request: HttpRequest) -> dict[str, Any]:
    team_member(request)
    return hot_reads.dashboard()


@router.get("/catalogue", response=schemas.Catalogue)
def get_catalogue(request: HttpRequest) -> dict[str, Any]:
    """What a machine's form offers; whole, because it is chosen from."""
    return selectors.catalogue()


@router.get("/labels", response=list[schemas.Label], auth=signed_in)
def list_labels(request: HttpRequest) -> list[dict[str, str]]:
    """A QR code for every machine, to print and stick on; whole, because it is one sheet."""
    team_member(request)
    return labels.all_labels()


@router.post("/deletions/{uuid:deletion_id}/restore", response={204: None}, auth=signed_in)
def restore_deletion(request: HttpRequest, deletion_id: uuid.UUID) -> Status[None]:
    """Undo a deletion."""
    services.undelete(actor=user_of(request), deletion_id=deletion_id)
    return Status(204, None)


# -------------------------------------------------------------------------------------------


def _delete(request: HttpRequest, row: Any) -> dict[str, uuid.UUID]:
    return {"deletion_id": services.delete(actor=user_of(request), row=row)}


def _machine_and_report(slug: str, report_id: uuid.UUID | None) -> dict[str, Any]:
    return {
        "machine": get_object_or_404(Machine, slug=slug),
        "report": get_object_or_404(ProblemReport, pk=report_id) if report_id else None,
    }
