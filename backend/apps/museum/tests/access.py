from collections.abc import Mapping
from typing import Any

from apps.museum import services
from apps.museum.tests.access_rest import CASES as IN_PUBLIC_API  # feature: rest
from apps.museum.tests.factories import (
    LocationFactory,
    LogEntryFactory,
    MachineFactory,
    MachineModelFactory,
    PartFactory,
    ReportFactory,
)
from apps.museum.tests.importing.access import CASES as IMPORTING  # feature: workflows
from apps.museum.tests.photos import (
    failed_photo,  # feature: jobs
    make_photo,
)
from apps.users.models import User
from apps.users.roles import MAINTAINER, MANAGER
from apps.users.tests.factories import UserFactory
from tests.access.cases import EVERYBODY, Case, picture

TEAM = (MAINTAINER, MANAGER)

# feature: realtime
# Who may follow it live.
TOPICS: dict[str, tuple[str, ...]] = {
    "workshop": TEAM,
    "report:1": TEAM,
    "report-note:1": (),  # there is no such report  # feature: documents
}
# end feature: realtime

CASES = [
    # The collection
    Case("GET api/catalogue", EVERYBODY),
    Case("GET api/machines", EVERYBODY),
    Case("GET api/machines/<slug>", EVERYBODY, "/api/machines/{machine.slug}"),
    Case("GET api/machines/<slug>/history", EVERYBODY, "/api/machines/{machine.slug}/history"),
    Case(
        "POST api/machines",
        (MANAGER,),
        body={
            "model_id": "{model.pk}",
            "location_id": "{location.pk}",
            "asset_number": "M9000",
        },
    ),
    Case(
        "PATCH api/machines/<slug>",
        (MANAGER,),
        "/api/machines/{machine.slug}",
        {"version": 1, "notes": "New rubber."},
    ),
    Case("DELETE api/machines/<slug>", (MANAGER,), "/api/machines/{machine.slug}"),
    Case(
        "POST api/machines/<slug>/photos",
        TEAM,
        "/api/machines/{machine.slug}/photos",
        {"file": picture},
        files=True,
    ),
    Case("DELETE api/photos/<uuidstr:photo_id>", (MANAGER,), "/api/photos/{photo.pk}"),
    # feature: jobs
    Case(
        "POST api/photos/<uuidstr:photo_id>/processing",
        TEAM,
        "/api/photos/{failed_photo.pk}/processing",
    ),
    # end feature: jobs
    Case("GET api/labels", TEAM),
    Case("GET api/dashboard", TEAM),
    Case(
        "POST api/deletions/<uuidstr:deletion_id>/restore",
        (MANAGER,),
        "/api/deletions/{deletion}/restore",
    ),
    # Problem reports
    Case(
        "POST api/reports",
        EVERYBODY,
        body={
            "asset_number": "{machine.asset_number}",
            "category": "flippers",
            "description": "The left flipper is weak.",
        },
    ),
    Case("GET api/reports", TEAM),
    Case("GET api/reports/<uuidstr:report_id>", TEAM, "/api/reports/{report.pk}"),
    Case(
        "PATCH api/reports/<uuidstr:report_id>",
        TEAM,
        "/api/reports/{report.pk}",
        {"version": 1, "description": "Both flippers are weak."},
    ),
    Case("DELETE api/reports/<uuidstr:report_id>", (MANAGER,), "/api/reports/{report.pk}"),
    Case(
        "DELETE api/reports/<uuidstr:report_id>/closure", TEAM, "/api/reports/{closed.pk}/closure"
    ),
    Case(
        "POST api/reports/<uuidstr:report_id>/photos",
        TEAM,
        "/api/reports/{report.pk}/photos",
        {"file": picture},
        files=True,
    ),
    # Work
    Case("GET api/log-entries", TEAM),
    Case(
        "POST api/log-entries",
        TEAM,
        body={"machine": "{machine.slug}", "description": "Cleaned the playfield."},
    ),
    # Its author needs the role as well.
    Case(
        "PATCH api/log-entries/<uuidstr:entry_id>",
        (MANAGER,),
        "/api/log-entries/{entry.pk}",
        {"version": 1, "description": "Cleaned it, and waxed it."},
    ),
    Case(
        "POST api/log-entries/<uuidstr:entry_id>/photos",
        TEAM,
        "/api/log-entries/{entry.pk}/photos",
        {"file": picture},
        files=True,
    ),
    # Parts
    Case("GET api/parts", TEAM),
    Case("POST api/parts", TEAM, body={"machine": "{machine.slug}", "name": "Flipper coil"}),
    Case(
        "PATCH api/parts/<uuidstr:part_id>",
        TEAM,
        "/api/parts/{part.pk}",
        {"version": 1, "quantity": 2},
    ),
    Case("DELETE api/parts/<uuidstr:part_id>", (MANAGER,), "/api/parts/{part.pk}"),
    *IN_PUBLIC_API,  # feature: rest
    *IMPORTING,  # feature: workflows
]


def things(owner: User) -> Mapping[str, Any]:
    somebody = UserFactory.create(is_superuser=True)
    machine = MachineFactory.create()
    gone = MachineFactory.create()
    closed = ReportFactory.create(machine=machine)
    services.log_work(
        actor=somebody,
        machine=machine,
        report=closed,
        description="Replaced it.",
        closes_report=True,
    )
    return {
        "machine": machine,
        "model": MachineModelFactory.create(),
        "location": LocationFactory.create(),
        "photo": make_photo(actor=somebody, machine=machine),
        "failed_photo": failed_photo(machine),  # feature: jobs
        "deletion": services.delete(actor=somebody, row=gone),
        "report": ReportFactory.create(machine=machine),
        "closed": closed,
        "entry": LogEntryFactory.create(machine=machine, author=owner),
        "part": PartFactory.create(machine=machine),
    }
