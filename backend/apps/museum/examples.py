"""One row of each resource, never stored: what the public API's document shows is made of them."""

from datetime import UTC, date, datetime
from uuid import UUID

from apps.museum.models import (
    Location,
    LogEntry,
    Machine,
    MachineModel,
    Part,
    Photo,
    ProblemReport,
)
from apps.users.models import User


def _id(number: int) -> UUID:
    return UUID(f"01890a5d-ac96-774b-bcce-b302099a{number:04}")


ADDED = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
WORKED = datetime(2026, 3, 15, 16, 0, tzinfo=UTC)
KIM = User(pk=_id(1), display_name="Kim")

LOCATION = Location(pk=_id(2), slug="front-room", name="Front room", zone="floor", position=1)
MODEL = MachineModel(
    pk=_id(3),
    name="Fireball",
    manufacturer="Bally",
    year=1972,
    era="em",
    players=4,
    designer="Ted Zale",
    facts="A disc spins in the middle of the playfield.",
)
MACHINE = Machine(
    pk=_id(4),
    model=MODEL,
    location=LOCATION,
    slug="fireball-m0042",
    asset_number="M0042",
    status="good",
    acquired_on=date(2024, 5, 2),
    version=3,
    updated_at=ADDED,
)
PHOTO = Photo(
    pk=_id(5),
    machine=MACHINE,
    image="machines/fireball.webp",
    thumbnail="machines/fireball-small.webp",
    width=1600,
    height=1200,
    caption="The playfield",
)
REPORT = ProblemReport(
    pk=_id(6),
    machine=MACHINE,
    category="flippers",
    priority="major",
    description="The left flipper is weak.",
    reporter_name="Sam",
    occurred_at=ADDED,
    created_at=ADDED,
    version=1,
)
LOG_ENTRY = LogEntry(
    pk=_id(7),
    machine=MACHINE,
    report=REPORT,
    author=KIM,
    description="Replaced the coil.",
    minutes=30,
    worked_at=WORKED,
    status_before="fixing",
    status_after="good",
    closes_report=True,
    version=1,
)
PART = Part(
    pk=_id(8),
    machine=MACHINE,
    report=REPORT,
    name="Flipper coil",
    quantity=2,
    supplier="Pinball Parts",
    status="ordered",
    requested_by=KIM,
    created_at=ADDED,
    version=2,
)
# What selectors add to the rows.
MACHINE.gallery, MACHINE.open_reports = [PHOTO], 1  # type: ignore[attr-defined]
REPORT.log_count = 1  # type: ignore[attr-defined]
LOG_ENTRY.pictures = []  # type: ignore[attr-defined]
