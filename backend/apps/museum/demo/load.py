"""Writes the demo museum to the database.

It inserts in bulk, because going through the services row by row takes a minute; what the services
would have left behind, `tests/test_demo.py` checks event by event.
"""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.utils.text import slugify
from uuid_utils.compat import uuid7

from apps.core.models import BaseModel
from apps.museum.demo.collection import PLACES, Owned, Place
from apps.museum.demo.facts import FACTS
from apps.museum.demo.photos import add_photos
from apps.museum.demo.stories import Need, Work
from apps.museum.demo.stories.story import MARA, MILO, VERA
from apps.museum.demo.timeline import ZONE, Dated, Life, lives
from apps.museum.models import (
    Location,
    LogEntry,
    Machine,
    MachineModel,
    MachineStatus,
    Part,
    PartStatus,
    Priority,
    ProblemReport,
    ReportStatus,
)
from apps.users.models import User

_Row = TypeVar("_Row", bound=BaseModel)
SEED = 1931
# How often a part is changed until it has this status: each change is a new version.
STEPS = {status: step for step, status in enumerate(PartStatus.values)}


@dataclass
class House:
    """All rows to be written, and the people who did the work."""

    people: dict[str, User]
    machines: dict[str, Machine] = field(default_factory=dict)
    reports: list[ProblemReport] = field(default_factory=list)
    entries: list[LogEntry] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    # Log entries with the kind of picture taken.
    pictured: list[tuple[LogEntry, str]] = field(default_factory=list)


def is_loaded() -> bool:
    return MachineModel.objects.exists()


def load(*, now: datetime) -> str:
    house = House({user.email: user for user in User.objects.all()})
    models = add_models(now)
    arrivals = add_machines(house, models, now)
    for owned, life in lives(arrivals, now=now, seed=SEED):
        live(house, house.machines[owned.key], life)
    insert(list(house.machines.values()))
    insert(house.reports)
    insert(house.entries)
    insert(house.parts)
    first_copies = {key: machine for key, machine in house.machines.items() if key in models}
    photos = add_photos(first_copies, house.pictured, uploaded_by=house.people[MARA])
    insert(photos)
    return (
        f"{len(house.machines)} machines, {len(house.reports)} problem reports, "
        f"{len(house.entries)} log entries, {len(house.parts)} parts, {len(photos)} pictures"
    )


def id_at(moment: datetime) -> uuid.UUID:
    """An id as a row made at this moment would have got, so that ids sort by time."""
    return uuid7(nanoseconds=int(moment.timestamp() * 1e9))


# Things ------------------------------------------------------------------------------------


def add_models(now: datetime) -> dict[str, MachineModel]:
    models = {
        fact.name: MachineModel(
            name=fact.name,
            manufacturer=fact.manufacturer,
            year=fact.year,
            era=era,
            players=fact.players,
            designer=fact.designer,
            facts=fact.text,
            created_at=now,
        )
        for era, facts in FACTS.items()
        for fact in facts
    }
    MachineModel.objects.bulk_create(models.values())
    return models


def add_machines(
    house: House, models: dict[str, MachineModel], now: datetime
) -> list[tuple[Owned, str, datetime]]:
    """Number the collection in the order in which it came together."""
    today = now.astimezone(ZONE).date()
    places: dict[str, Location] = {}
    owned: list[tuple[date, Owned, Place]] = []
    for position, place in enumerate(PLACES, start=1):
        places[place.name] = Location(
            name=place.name,
            slug=slugify(place.name),
            zone=place.zone,
            position=position,
            created_at=now,
        )
        owned += [(_acquired(machine, today), machine, place) for machine in place.machines]
    Location.objects.bulk_create(places.values())

    arrivals = []
    owned.sort(key=lambda row: (row[0], row[1].key))
    for number, (acquired, machine, place) in enumerate(owned, start=1):
        arrived = datetime.combine(acquired, time(9), ZONE)
        asset_number = f"M{number:04}"
        house.machines[machine.key] = Machine(
            id=id_at(arrived),
            model=models[machine.name],
            asset_number=asset_number,
            slug=slugify(f"{machine.name} {asset_number}"),
            serial_number=machine.serial,
            location=places[place.name],
            acquired_on=acquired,
            notes=machine.notes,
            created_at=arrived,
            updated_at=arrived,
        )
        arrivals.append((machine, models[machine.name].era, arrived))
    return arrivals


def _acquired(machine: Owned, today: date) -> date:
    if isinstance(machine.acquired, int):
        return today - timedelta(days=machine.acquired)
    return machine.acquired


# Events ------------------------------------------------------------------------------------


def live(house: House, machine: Machine, life: Life) -> None:
    """Let everything happen to the machine, oldest first, as the services would do it."""
    events: list[tuple[datetime, Work, ProblemReport | None, bool]] = [
        (at, work, None, False) for work, at in life.routine
    ]
    if life.found:
        events.append((life.found[1], life.found[0], None, False))
    for dated in life.stories:
        report = open_report(house, machine, dated)
        last = len(dated.story.work) - 1
        for number, (work, at) in enumerate(zip(dated.story.work, dated.worked_at, strict=True)):
            events.append((at, work, report, number == last and dated.story.ago is None))
    for at, work, done_for, closes in sorted(events, key=lambda event: event[0]):
        log(house, machine, at, work, done_for, closes)


def open_report(house: House, machine: Machine, dated: Dated) -> ProblemReport:
    story = dated.story
    account = house.people.get(story.by)
    report = ProblemReport(
        id=id_at(dated.reported_at),
        machine=machine,
        category=story.category,
        priority=story.priority,
        description=story.said,
        reporter_name=account.display_name if account else story.by,
        reported_by=account,
        occurred_at=dated.reported_at,
        created_at=dated.reported_at,
        updated_at=dated.reported_at,
    )
    by_team = account is not None and story.by != VERA
    if story.priority != Priority.UNTRIAGED and not by_team:
        report.version += 1  # somebody of the team set the priority
    house.reports.append(report)
    for need in story.needs:
        want(house, report, need, dated)
    return report


def want(house: House, report: ProblemReport, need: Need, dated: Dated) -> None:
    """A part is asked for when the machine was first looked at, or with the report."""
    work = dated.story.work
    asked_at = dated.worked_at[0] if work else dated.reported_at
    done = need.status == PartStatus.FITTED
    house.parts.append(
        Part(
            id=id_at(asked_at),
            machine=report.machine,
            report=report,
            name=need.name,
            quantity=need.quantity,
            supplier=need.supplier,
            notes=need.notes,
            status=need.status,
            requested_by=house.people[work[0].by if work else MILO],
            version=1 + STEPS[need.status],
            created_at=asked_at,
            updated_at=dated.worked_at[-1] if done else asked_at,
        )
    )


def log(
    house: House,
    machine: Machine,
    at: datetime,
    work: Work,
    report: ProblemReport | None,
    closes: bool,
) -> None:
    after = work.status or machine.status
    entry = LogEntry(
        id=id_at(at),
        machine=machine,
        report=report,
        author=house.people[work.by],
        description=work.text,
        minutes=work.minutes,
        worked_at=at,
        status_before=machine.status,
        status_after=after,
        closes_report=closes,
        created_at=at,
        updated_at=at,
    )
    house.entries.append(entry)
    if work.picture:
        house.pictured.append((entry, work.picture))
    if after != machine.status:
        machine.status = MachineStatus(after)
        machine.version += 1
        machine.updated_at = at
    if report is not None and closes:
        report.status, report.closed_at = ReportStatus.CLOSED, at
        report.version += 1
        report.updated_at = at


def insert(rows: list[_Row]) -> None:
    """Insert all, and keep each `updated_at`, which `auto_now` sets to the moment of loading."""
    if not rows:
        return
    times = [row.updated_at for row in rows]
    manager = type(rows[0])._base_manager
    manager.bulk_create(rows)
    for row, moment in zip(rows, times, strict=True):
        row.updated_at = moment
    manager.bulk_update(rows, ["updated_at"], batch_size=200)
