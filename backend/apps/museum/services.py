"""Every change to the museum's data: who may, what must hold, what follows; all or nothing."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from apps.core.images import image_size
from apps.core.models import validate
from apps.core.problems import Conflict, InvalidInput, NotAllowed, NotFound, StaleWrite
from apps.core.soft_delete import SoftDeleteModel, SoftDeleteQuerySet, deleted_models, restore
from apps.museum import (
    photos,
    realtime,  # feature: realtime
)
from apps.museum.models import (
    Location,
    LogEntry,
    Machine,
    MachineModel,
    Part,
    Photo,
    PhotoState,  # feature: jobs
    Priority,
    ProblemReport,
    ReportStatus,
)
from apps.museum.notifications import tell_of_closing, tell_of_report  # feature: notifications
from apps.museum.pages import retire_pages
from apps.museum.tasks import process_photo  # feature: jobs
from apps.users.models import User

EARLIEST_YEAR = 1900
Row = TypeVar("Row", bound=Model)


def require(actor: User, permission: str) -> None:
    """Raises NotAllowed unless `actor` has e.g. "museum.add_logentry"."""
    if not actor.has_perm(permission):
        raise NotAllowed("Your role does not include this. Ask a manager.")


# Places and models --------------------------------------------------------------------------


def add_location(*, actor: User, **fields: Any) -> Location:
    require(actor, "museum.add_location")
    return _add(Location(**fields))


def change_location(*, actor: User, location: Location, **changes: Any) -> Location:
    require(actor, "museum.change_location")
    return _change(location, changes)


def add_machine_model(*, actor: User, **fields: Any) -> MachineModel:
    require(actor, "museum.add_machinemodel")
    return _add(MachineModel(**fields))


def change_machine_model(*, actor: User, model: MachineModel, **changes: Any) -> MachineModel:
    require(actor, "museum.change_machinemodel")
    return _change(model, changes)


# Machines ----------------------------------------------------------------------------------


def add_machine(*, actor: User, **fields: Any) -> Machine:
    """Take a machine into the collection; its address follows from its name and asset number."""
    require(actor, "museum.add_machine")
    machine = Machine(**fields)
    validate(machine)
    try:
        with transaction.atomic():
            machine.save()
    except IntegrityError as error:
        raise Conflict("Somebody has taken this asset number just now.") from error
    return machine


def change_machine(*, actor: User, machine: Machine, version: int, **changes: Any) -> Machine:
    """Change what a machine is or where it stands; its status changes by log entries only."""
    require(actor, "museum.change_machine")
    _apply(machine, changes)
    machine.save_version(seen=version, fields=list(changes))
    if {"model", "model_id"} & changes.keys():
        retire_pages(Machine.objects.filter(pk=machine.pk))
    return machine


# Problem reports ---------------------------------------------------------------------------


@transaction.atomic
def report_problem(
    *,
    actor: User | None,
    asset_number: str,
    category: str,
    description: str = "",
    reporter_name: str = "",
    priority: str | None = None,
    occurred_at: datetime | None = None,
    idempotency_key: uuid.UUID | None = None,
) -> ProblemReport:
    """Open a report on the machine with this label. Needs no account; the team sets a priority.

    With the `idempotency_key` of an earlier report it gives that one and stores nothing.

    Raises NotFound for an unknown label, ValidationError for bad values, and Conflict when the key
    belongs to a report on another machine.
    """
    if earlier := _sent_before(idempotency_key, asset_number):
        return earlier
    machine = (
        Machine.objects.select_related("model").filter(asset_number=asset_number.upper()).first()
    )
    if machine is None:
        raise NotFound(f"There is no machine with the label {asset_number}.")
    if priority is not None and not (actor and actor.has_perm("museum.change_problemreport")):
        raise NotAllowed("Only maintainers set a priority.")
    report = ProblemReport(
        machine=machine,
        category=category,
        description=description,
        reporter_name=reporter_name if actor is None else actor.display_name,
        reported_by=actor,
        priority=priority or Priority.UNTRIAGED,
        occurred_at=_past(occurred_at, "occurred_at"),
        idempotency_key=idempotency_key,
    )
    # The database alone can say whether the key is taken: the first try may be under way.
    validate(report, exclude=["idempotency_key"])
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError:
        if earlier := _sent_before(idempotency_key, asset_number):
            return earlier
        raise
    tell_of_report(report)  # feature: notifications
    realtime.report_opened(report)  # feature: realtime
    return report


def _sent_before(key: uuid.UUID | None, asset_number: str) -> ProblemReport | None:
    if key is None:
        return None
    sent = ProblemReport.all_objects.select_related("machine__model")
    report = sent.filter(idempotency_key=key).first()
    if report and report.machine.asset_number != asset_number.upper():
        raise Conflict("This idempotency key belongs to a report on another machine.")
    return report


@transaction.atomic
def change_report(
    *, actor: User, report: ProblemReport, version: int, **changes: Any
) -> ProblemReport:
    """Triage: category, priority, description."""
    require(actor, "museum.change_problemreport")
    _apply(report, changes)
    report.save_version(seen=version, fields=list(changes))
    realtime.report_changed(report)  # feature: realtime
    return report


@transaction.atomic
def reopen_report(*, actor: User, report: ProblemReport) -> ProblemReport:
    require(actor, "museum.change_problemreport")
    report = report.locked()
    if report.status == ReportStatus.OPEN:
        raise Conflict("This report is open already.")
    report.status, report.closed_at = ReportStatus.OPEN, None
    report.save_version(seen=report.version, fields=["status", "closed_at"])
    realtime.report_changed(report)  # feature: realtime
    return report


# Log entries -------------------------------------------------------------------------------


@transaction.atomic
def log_work(
    *,
    actor: User,
    machine: Machine,
    description: str,
    report: ProblemReport | None = None,
    minutes: int | None = None,
    worked_at: datetime | None = None,
    status_after: str | None = None,
    status_seen: str | None = None,
    closes_report: bool = False,
) -> LogEntry:
    """Record work on a machine; may set the machine's status and close a report.

    `status_seen` is what the machine had when its author decided on `status_after`.

    Raises StaleWrite when the machine has another status by now, Conflict when the report is closed
    already, InvalidInput when it is another machine's.
    """
    require(actor, "museum.add_logentry")
    machine = machine.locked()
    if status_after and status_seen and machine.status not in {status_seen, status_after}:
        message = f"Somebody set this to “{machine.get_status_display()}” meanwhile. Choose again."
        raise StaleWrite(message, errors=[{"field": "status_after", "message": message}])
    if report is not None:
        report = report.locked()
        if report.machine_id != machine.pk:
            raise _invalid("report_id", "This report is about another machine.")
    if closes_report:
        if report is None:
            raise _invalid("closes_report", "Say which report this closes.")
        if report.status == ReportStatus.CLOSED:
            raise Conflict("Somebody has closed this report already.")
    entry = LogEntry(
        machine=machine,
        report=report,
        author=actor,
        description=description,
        minutes=minutes,
        worked_at=_past(worked_at, "worked_at"),
        status_before=machine.status,
        status_after=status_after or machine.status,
        closes_report=closes_report,
    )
    validate(entry)
    entry.save()
    if entry.status_after != machine.status:
        machine.status = entry.status_after
        machine.save_version(seen=machine.version, fields=["status"])
    if report is not None and closes_report:
        report.status, report.closed_at = ReportStatus.CLOSED, timezone.now()
        report.save_version(seen=report.version, fields=["status", "closed_at"])
        tell_of_closing(report, by=actor)  # feature: notifications
    realtime.work_logged(entry)  # feature: realtime
    return entry


def change_log_entry(*, actor: User, entry: LogEntry, version: int, **changes: Any) -> LogEntry:
    """Correct the text, time or minutes of one's own entry, or of any as a manager.

    What it did to the machine and the report stays: that is undone by another entry.
    """
    require(actor, "museum.change_logentry")
    if entry.author_id != actor.pk and not actor.has_perm("museum.delete_logentry"):
        raise NotAllowed("This is somebody else's entry.")
    if changes.get("worked_at") is not None:
        changes["worked_at"] = _past(changes["worked_at"], "worked_at")
    _apply(entry, changes)
    entry.save_version(seen=version, fields=list(changes))
    return entry


# Parts -------------------------------------------------------------------------------------


def request_part(
    *,
    actor: User,
    machine: Machine,
    name: str,
    report: ProblemReport | None = None,
    quantity: int = 1,
    supplier: str = "",
    notes: str = "",
) -> Part:
    require(actor, "museum.add_part")
    if report is not None and report.machine_id != machine.pk:
        raise _invalid("report_id", "This report is about another machine.")
    part = Part(
        machine=machine,
        report=report,
        name=name,
        quantity=quantity,
        supplier=supplier,
        notes=notes,
        requested_by=actor,
    )
    return _add(part)


def change_part(*, actor: User, part: Part, version: int, **changes: Any) -> Part:
    require(actor, "museum.change_part")
    _apply(part, changes)
    part.save_version(seen=version, fields=list(changes))
    return part


# Photos ------------------------------------------------------------------------------------


def add_photo(
    *,
    actor: User,
    machine: Machine,
    upload: UploadedFile,
    caption: str = "",
    report: ProblemReport | None = None,
    log_entry: LogEntry | None = None,
) -> Photo:
    """Take in a picture, of which WebP without the metadata of the original will be served.

    Raises InvalidInput, before anything is stored, when the upload is no picture or too large.
    """
    require(actor, "museum.add_photo")
    if "\0" in caption:
        raise _invalid("caption", "This contains a character that cannot be stored.")
    width, height = image_size(upload, longest=photos.PHOTO_PIXELS)
    photo = Photo(
        machine=machine,
        report=report,
        log_entry=log_entry,
        caption=caption,
        uploaded_by=actor,
        width=width,
        height=height,
        position=machine.photos.count(),
    )
    photos.keep(photo, upload, then=_process)
    return photo


# feature: jobs
@transaction.atomic
def process_photo_again(*, actor: User, photo: Photo) -> Photo:
    """Try once more what failed for good. Raises Conflict when it did not."""
    require(actor, "museum.add_photo")
    photo = Photo.objects.select_for_update().select_related("machine").get(pk=photo.pk)
    if photo.state != PhotoState.FAILED:
        raise Conflict("This picture is processed already, or about to be.")
    photo.state = PhotoState.PROCESSING
    photo.save()
    realtime.photo_changed(photo)  # feature: realtime
    _process(photo)
    return photo


# end feature: jobs
def _process(photo: Photo) -> None:
    process_photo.enqueue(str(photo.pk))  # feature: jobs
    # without jobs: photos.process(photo)
    # without jobs: photo.refresh_from_db()


def change_photo(*, actor: User, photo: Photo, **changes: Any) -> Photo:
    """Change its caption or its place in the order."""
    require(actor, "museum.change_photo")
    # Validating a picture would open its file.
    return _change(photo, changes, exclude=("image", "thumbnail"))


# Deletion ----------------------------------------------------------------------------------


@transaction.atomic
def delete(*, actor: User, row: SoftDeleteModel) -> uuid.UUID:
    """Delete a row and what hangs on it; returns the id with which `undelete` brings all back."""
    require(actor, f"museum.delete_{row._meta.model_name}")
    deletion_id, _ = type(row).objects.filter(pk=row.pk).soft_delete()
    realtime.report_changed(None)  # feature: realtime
    return deletion_id


def delete_all(*, actor: User, rows: QuerySet[Any]) -> None:
    """Delete rows of one model in one deletion: for good, when theirs is not a soft one.

    Raises ProtectedError, and changes nothing, when one of them is still needed.
    """
    require(actor, f"museum.delete_{rows.model._meta.model_name}")
    rows.delete()


def delete_for_good(*, actor: User, rows: SoftDeleteQuerySet[Any]) -> int:
    """Remove what was deleted before, with all that hangs on it; returns how many rows."""
    if not actor.is_superuser:
        raise NotAllowed("Only an administrator deletes for good.")
    removed, _ = rows.deleted().hard_delete()
    return removed


@transaction.atomic
def undelete(*, actor: User, deletion_id: uuid.UUID) -> int:
    """Undo a deletion; returns how many rows are back. Who may delete a thing may bring it back.

    Raises NotFound, or Conflict when a name has been taken meanwhile.
    """
    owners_first = (Machine, ProblemReport, LogEntry, Part, Photo)
    deleted = deleted_models(deletion_id)
    # What was deleted is the owner; the rest followed it.
    model = next((owner for owner in owners_first if owner in deleted), None)
    if model is None:
        raise NotFound("There is no such deletion, or it was undone already.")
    require(actor, f"museum.delete_{model._meta.model_name}")
    restored = restore(deletion_id).total()
    realtime.report_changed(None)  # feature: realtime
    return restored


# -------------------------------------------------------------------------------------------


def _add(row: Row) -> Row:
    validate(row)
    row.save()
    return row


def _change(row: Row, changes: dict[str, Any], *, exclude: Collection[str] = ()) -> Row:
    _apply(row, changes)
    validate(row, exclude=exclude)
    row.save(update_fields=[*changes, "updated_at"])
    return row


def _apply(row: Any, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)


def _past(moment: datetime | None, field: str) -> datetime:
    """`moment`, or now. A clock that runs a few minutes fast is no reason to refuse."""
    now = timezone.now()
    if moment is not None and moment > now + timedelta(minutes=5):
        raise _invalid(field, "This lies in the future.")
    # The first days of the calendar do not exist in every time zone.
    if moment is not None and moment.year < EARLIEST_YEAR:
        raise _invalid(field, "This is too long ago.")
    return moment or now


def _invalid(field: str, message: str) -> InvalidInput:
    return InvalidInput(errors=[{"field": field, "message": message}])
