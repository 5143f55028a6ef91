"""Every operation of the museum's in the lane answers as on the ordinary way, in every case."""

import json
from typing import Any

import pytest
from django.test import RequestFactory

from apps.api.api import api
from apps.museum import hot_reads, schemas, selectors
from apps.museum.models import Machine, Photo
from apps.museum.tests.factories import (
    LogEntryFactory,
    MachineFactory,
    PartFactory,
    ReportFactory,
)
from longhouse.lane.wsgi import lane_operations
from longhouse.prepared.testing import assert_same_rows

pytestmark = pytest.mark.django_db

# operation: (a path that finds something, one that must fail, for the team only)
CASES = {
    "list_machines": ("/api/machines?status=broken&sort=-year", "/api/machines?page=0", False),
    "get_machine": ("/api/machines/taxi-m7777", "/api/machines/gone", False),
    "list_reports": ("/api/reports?page_size=2&page=2", "/api/reports?status=odd", True),
    "get_dashboard": ("/api/dashboard", None, True),
}


@pytest.fixture
def house(maintainer) -> Machine:
    taxi = MachineFactory.create(slug="taxi-m7777", asset_number="M7777", status="broken")
    quiet = MachineFactory.create()
    for n in range(3):
        ReportFactory.create(machine=taxi, reported_by=maintainer if n else None)
        entry = LogEntryFactory.create(machine=taxi, author=maintainer if n else None)
        for owner in ({}, {"log_entry": entry}):
            Photo.objects.create(
                machine=taxi,
                image=f"p{n}.webp",
                thumbnail=f"t{n}.webp",
                width=8,
                height=6,
                position=n,
                **owner,
            )
    PartFactory.create(machine=quiet)
    return taxi


def test_every_operation_in_the_lane_has_its_case():
    names = {op.view_func.__name__ for op in lane_operations(api).values()}
    assert names == set(CASES), "a new operation in the lane needs a case here"


@pytest.mark.parametrize(("found", "failing", "is_for_team"), CASES.values(), ids=CASES)
def test_both_ways_answer_the_same(
    both_ways, house, maintainer, visitor, found, failing, is_for_team
):
    both_ways(maintainer).answered(found)
    for person, refusal in ((None, 401), (visitor, 403)):
        if is_for_team:
            assert both_ways(person).refused(found) == refusal
        else:
            both_ways(person).answered(found)
    if failing:
        assert both_ways(maintainer).refused(failing) in (404, 422)
    assert both_ways(maintainer).refused(found, "HEAD") == 200


def test_visitors_and_team_never_get_each_others_answer(both_ways, house, maintainer):
    Machine.objects.filter(pk=house.pk).update(notes="Key under the mat.")
    for person, notes in ((maintainer, "Key under the mat."), (None, None)) * 2:
        reply = both_ways(person).answered("/api/machines/taxi-m7777")
        assert json.loads(reply.body)["notes"] == notes


def as_dumped(schema: Any, row: Any, request: Any) -> Any:
    return json.loads(
        schema.model_validate(row, context={"request": request}).model_dump_json(by_alias=False)
    )


def test_hot_reads_say_what_the_selectors_say(both_ways, house, maintainer):
    request = RequestFactory().get("/")
    request.user = maintainer
    ask = both_ways(maintainer)
    cards = json.loads(ask.answered("/api/machines").body)["items"]
    assert cards == [
        as_dumped(schemas.MachineCard, row, request) for row in selectors.search_machines()
    ]
    assert json.loads(ask.answered("/api/machines/taxi-m7777").body) == as_dumped(
        schemas.MachineOut, selectors.machine_detail().get(pk=house.pk), request
    )
    reports = json.loads(ask.answered("/api/reports").body)["items"]
    assert reports == [
        as_dumped(schemas.ReportCard, row, request) for row in selectors.search_reports()
    ]
    entries = json.loads(ask.answered("/api/dashboard").body)["recent_work"]
    assert entries == [
        as_dumped(schemas.LogEntryOut, row, request) for row in selectors.log_entries()
    ]


FILTERS = {"q": None, "asset_number": None, "status": None, "zone": None, "era": None}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"status": "broken"},
        {"zone": "floor", "manufacturer": "Williams"},
        {"asset_number": "M7777", "era": "ss", "sort": "-year"},
        {"asset_number": "nothing", "sort": "-updated"},
    ],
)
def test_lists_of_machines_run_prepared(house, given):
    filters = {**FILTERS, "manufacturer": None, "sort": "name", **given}
    assert_same_rows(hot_reads._cards, **filters)
