"""The museum in the public API."""

import copy
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.museum import examples, serializers, services
from apps.museum.models import LogEntry, Machine, Part, ProblemReport
from apps.museum.tests.factories import (
    LocationFactory,
    LogEntryFactory,
    MachineFactory,
    MachineModelFactory,
    PartFactory,
    ReportFactory,
)
from apps.rest.models import StoredAnswer
from apps.rest.tests.conftest import problem_of

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


class Caller:
    """A program that sends JSON as one person."""

    def __init__(self, person=None):
        self.client = Client()
        if person:
            self.client.force_login(person)

    def get(self, path, **headers):
        return self.client.get(V1 + path, headers=headers)

    def post(self, path, body, **headers):
        return self.client.post(V1 + path, body, "application/json", headers=headers)

    def patch(self, path, body, **headers):
        return self.client.patch(V1 + path, body, "application/json", headers=headers)

    def delete(self, path, **headers):
        return self.client.delete(V1 + path, headers=headers)


# Lists -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("/machines/", MachineFactory),
        ("/reports/", ReportFactory),
        ("/log-entries/", LogEntryFactory),
        ("/parts/", PartFactory),
        ("/locations/", LocationFactory),
        ("/machine-models/", MachineModelFactory),
    ],
)
def test_a_list_costs_the_same_queries_however_long(path, make, manager, django_assert_num_queries):
    caller = Caller(manager)
    make.create()
    with django_assert_num_queries(10, exact=False) as first:
        assert len(caller.get(path).json()["results"]) == 1
    make.create_batch(4)
    with django_assert_num_queries(len(first)):
        assert len(caller.get(path).json()["results"]) == 5


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["M0001", "M0002"]),
        ("?q=comet+1972", ["M0001"]),
        ("?status=broken", ["M0002"]),
        ("?sort=-year", ["M0002", "M0001"]),
        ("?zone=storage", []),
        ("?asset_number=M0002", ["M0002"]),
    ],
)
def test_machines_are_searched_filtered_and_ordered(query, numbers):
    old = MachineModelFactory.create(name="Comet", year=1972)
    new = MachineModelFactory.create(name="Dragon", year=1990)
    MachineFactory.create(model=old, asset_number="M0001")
    MachineFactory.create(model=new, asset_number="M0002", status="broken")
    found = Caller().get(f"/machines/{query}").json()["results"]
    assert [machine["asset_number"] for machine in found] == numbers


@pytest.mark.parametrize("query", ["status=nonsense", "sort=password", "q=a%00b"])
def test_a_filter_with_a_bad_value_names_it(query):
    problem = problem_of(Caller().get(f"/machines/?{query}"), 422)
    assert [error["field"] for error in problem["errors"]] == [query.partition("=")[0]]


def test_behind_a_cursor_no_row_comes_twice_although_some_come_in(maintainer):
    caller = Caller(maintainer)
    now = timezone.now()
    entries = [LogEntryFactory.create(worked_at=now - timedelta(hours=n)) for n in range(5)]
    first = caller.get("/log-entries/?page_size=3").json()
    LogEntryFactory.create(worked_at=now + timedelta(minutes=1))
    rest = caller.client.get(first["next"]).json()
    seen = [entry["id"] for entry in first["results"] + rest["results"]]
    assert seen == [str(entry.pk) for entry in entries]
    assert rest["next"] is None


@pytest.mark.parametrize("cursor", ["nonsense", "cD1nYXJiYWdl", "cD0lMDA="])
def test_a_broken_cursor_is_a_problem(maintainer, cursor):
    LogEntryFactory.create()
    answer = Caller(maintainer).get(f"/log-entries/?cursor={cursor}")
    assert answer.status_code in {404, 422}
    problem_of(answer, answer.status_code)


# Rows --------------------------------------------------------------------------------------


def test_visitors_see_neither_notes_nor_serial_number(maintainer):
    machine = MachineFactory.create(notes="A secret.", serial_number="S1")
    path = f"/machines/{machine.slug}/"
    assert Caller().get(path).json()["notes"] is None
    assert Caller().get(path).json()["serial_number"] is None
    assert Caller(maintainer).get(path).json()["notes"] == "A secret."


@pytest.mark.parametrize(
    "path", ["/machines/nope/", f"/parts/{'0' * 8}-{'-'.join(['0000'] * 3)}-{'0' * 12}/"]
)
def test_what_is_not_there_is_not_found(path, maintainer):
    problem_of(Caller(maintainer).get(path), 404)


def test_a_manager_adds_a_machine(manager):
    model, location = MachineModelFactory.create(), LocationFactory.create()
    body = {
        "model_id": str(model.pk),
        "location_id": str(location.pk),
        "asset_number": "M9000",
    }
    answer = Caller(manager).post("/machines/", body)
    assert answer.status_code == 201, answer.content
    assert answer.json()["location"]["name"] == location.name
    assert Machine.objects.get().asset_number == "M9000"
    problem = problem_of(Caller(manager).post("/machines/", body), 422)
    assert problem["errors"][0]["field"] == "asset_number"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"description": "x"}, "machine"),
        ({"machine": "{slug}"}, "description"),
        ({"machine": "{slug}", "description": "x", "minuets": 5}, "minuets"),
        ({"machine": "{slug}", "description": "x", "minutes": 0}, "minutes"),
        ({"machine": "{slug}", "description": "x", "status_after": "good"}, "status_seen"),
        ({"machine": "{slug}", "description": "x", "closes_report": True}, "closes_report"),
    ],
)
def test_a_bad_body_names_the_field_and_stores_nothing(maintainer, body, field):
    machine = MachineFactory.create()
    body = {name: machine.slug if value == "{slug}" else value for name, value in body.items()}
    problem = problem_of(Caller(maintainer).post("/log-entries/", body), 422)
    assert [error["field"] for error in problem["errors"]] == [field]
    assert not LogEntry.objects.exists()


def test_work_changes_the_machine_and_closes_the_report(maintainer):
    report = ReportFactory.create()
    body = {
        "machine": report.machine.slug,
        "report_id": str(report.pk),
        "description": "Replaced the coil.",
        "status_seen": "good",
        "status_after": "fixing",
        "closes_report": True,
    }
    answer = Caller(maintainer).post("/log-entries/", body)
    assert answer.status_code == 201, answer.content
    report.refresh_from_db()
    assert (report.status, report.machine.locked().status) == ("closed", "fixing")
    reopened = Caller(maintainer).delete(f"/reports/{report.pk}/closure/")
    assert reopened.json()["status"] == "open"


def test_anybody_reports_and_gets_a_receipt():
    machine = MachineFactory.create()
    body = {"asset_number": machine.asset_number, "category": "flippers"}
    receipt = Caller().post("/reports/", body).json()
    assert receipt["machine_slug"] == machine.slug
    assert str(ProblemReport.objects.get().pk) == receipt["id"]
    problem_of(Caller().get(f"/reports/{receipt['id']}/"), 401)


def test_both_apis_count_reports_together():
    count = int(settings.REPORT_RATE.partition("/")[0])
    machine = MachineFactory.create()
    body = {"asset_number": machine.asset_number, "category": "flippers"}
    client = Client()
    for turn in range(count):
        path = "/api/reports" if turn % 2 else "/api/v1/reports/"
        assert client.post(path, body, "application/json").status_code == 201
    answer = client.post("/api/v1/reports/", body, "application/json")
    problem_of(answer, 429)
    assert int(answer["Retry-After"]) > 0


def test_a_deletion_is_undone(manager):
    part = PartFactory.create()
    caller = Caller(manager)
    answer = caller.delete(
        f"/parts/{part.pk}/", **{"If-Match": caller.get(f"/parts/{part.pk}/")["ETag"]}
    )
    assert not Part.objects.exists()
    deletion = answer.json()["deletion_id"]
    assert caller.post(f"/deletions/{deletion}/restore/", {}).status_code == 204
    assert Part.objects.get() == part


@pytest.mark.parametrize(
    ("path", "row", "added", "changed"),
    [
        ("locations", examples.LOCATION, serializers.LocationAdd, None),
        ("machine-models", examples.MODEL, serializers.MachineModelAdd, None),
        ("machines", examples.MACHINE, serializers.MachineAdd, serializers.MachineChange),
        ("reports", examples.REPORT, serializers.ReportAdd, serializers.ReportChange),
        ("log-entries", examples.LOG_ENTRY, serializers.LogEntryAdd, serializers.LogEntryChange),
        ("parts", examples.PART, serializers.PartAdd, serializers.PartChange),
    ],
)
def test_what_the_document_shows_can_be_sent(manager, path, row, added, changed):
    rows = [examples.KIM, examples.LOCATION, examples.MODEL, examples.MACHINE, examples.REPORT]
    for needed in [*rows, *({row} - set(rows))]:
        copy.copy(needed).save(force_insert=True)
    key = row.slug if path == "machines" else row.pk
    caller = Caller(manager)
    if changed:
        answer = caller.patch(f"/{path}/{key}/", changed.example, **{"If-Match": "*"})
        assert answer.status_code == 200, answer.content
    answer = caller.post(f"/{path}/", added.example)
    assert answer.status_code == 201, answer.content


# Edits that lose nothing -------------------------------------------------------------------


def test_an_edit_without_a_version_is_refused(manager):
    part = PartFactory.create()
    path = f"/parts/{part.pk}/"
    problem_of(Caller(manager).patch(path, {"quantity": 2}), 428)
    problem_of(Caller(manager).delete(path), 428)
    assert Part.objects.get().quantity == 1


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_an_edit_of_what_was_changed_meanwhile_is_refused(manager, method):
    part = PartFactory.create()
    path = f"/parts/{part.pk}/"
    caller = Caller(manager)
    seen = {"If-Match": caller.get(path)["ETag"]}
    first = caller.patch(path, {"quantity": 2}, **seen)
    assert first.status_code == 200
    stale = (
        caller.patch(path, {"quantity": 3}, **seen)
        if method == "patch"
        else caller.delete(path, **seen)
    )
    assert problem_of(stale, 412)["type"] == "/problems/precondition-failed"
    assert Part.objects.get().quantity == 2
    again = caller.patch(path, {"quantity": 3}, **{"If-Match": first["ETag"]})
    assert again.json()["quantity"] == 3


def test_what_hangs_on_a_machine_is_no_conflict_but_another_page(manager):
    machine = MachineFactory.create()
    path = f"/machines/{machine.slug}/"
    caller = Caller(manager)
    seen = caller.get(path)["ETag"]
    ReportFactory.create(machine=machine)
    assert caller.get(path, **{"If-None-Match": seen}).status_code == 200
    assert caller.patch(path, {"notes": "Seen."}, **{"If-Match": seen}).status_code == 200


@pytest.mark.parametrize("path", ["/parts/", "/parts/{pk}/"])
def test_what_the_caller_has_is_not_sent_again(maintainer, path):
    part = PartFactory.create()
    path = path.format(pk=part.pk)
    caller = Caller(maintainer)
    first = caller.get(path)
    again = caller.get(path, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "RateLimit" in again
    assert "RateLimit-Policy" in again
    assert "Authorization" in first["Vary"]
    assert "Cookie" in first["Vary"]
    assert first["Cache-Control"] == "private, no-cache"
    services.change_part(actor=maintainer, part=part, version=1, quantity=5)
    assert caller.get(path, **{"If-None-Match": first["ETag"]}).status_code == 200


def test_an_edit_tells_the_tag_that_a_read_would(manager):
    part = PartFactory.create()
    path = f"/parts/{part.pk}/"
    caller = Caller(manager)
    written = caller.patch(path, {"quantity": 2}, **{"If-Match": "*"})
    assert written["ETag"] == caller.get(path)["ETag"]


# Creates that are sent again ---------------------------------------------------------------


@pytest.fixture
def body():
    return {"machine": MachineFactory.create().slug, "name": "Flipper coil"}


KEY = {"Idempotency-Key": "6f0c2a2e-1"}


def test_sent_again_with_its_key_a_part_is_stored_once(maintainer, body):
    caller = Caller(maintainer)
    first, again = (caller.post("/parts/", body, **KEY) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["ETag"] == first["ETag"]
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert Part.objects.count() == 1


def test_a_key_with_another_body_is_refused(maintainer, body):
    caller = Caller(maintainer)
    caller.post("/parts/", body, **KEY)
    problem_of(caller.post("/parts/", body | {"quantity": 2}, **KEY), 422)
    assert Part.objects.count() == 1


def test_a_key_is_of_one_caller_and_one_route(maintainer, second_maintainer, body):
    Caller(maintainer).post("/parts/", body, **KEY)
    assert "Idempotency-Replayed" not in Caller(second_maintainer).post("/parts/", body, **KEY)
    work = {"machine": body["machine"], "description": "Cleaned it."}
    assert Caller(maintainer).post("/log-entries/", work, **KEY).status_code == 201
    assert Part.objects.count() == 2


def test_a_failure_does_not_use_the_key_up(maintainer, body):
    caller = Caller(maintainer)
    problem_of(caller.post("/parts/", body | {"quantity": 0}, **KEY), 422)
    assert caller.post("/parts/", body, **KEY).status_code == 201


def test_a_key_is_kept_for_a_day(maintainer, body):
    caller = Caller(maintainer)
    caller.post("/parts/", body, **KEY)
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    assert "Idempotency-Replayed" not in caller.post("/parts/", body, **KEY)
    assert Part.objects.count() == 2


@pytest.mark.parametrize("key", ["x" * 101, "a\tb"])
def test_a_key_that_cannot_be_stored_is_refused(maintainer, body, key):
    answer = Caller(maintainer).post("/parts/", body, **{"Idempotency-Key": key})
    assert "Idempotency-Key" in problem_of(answer, 400)["detail"]


def test_who_dies_between_the_two_writes_leaves_neither(maintainer, body, monkeypatch):
    def die(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(StoredAnswer.objects, "create", die)
    with pytest.raises(KeyboardInterrupt):
        Caller(maintainer).post("/parts/", body, **KEY)
    assert not Part.objects.exists()
