import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.museum.models import LogEntry, Machine, Part, Photo, ProblemReport
from apps.museum.tests.factories import (
    LocationFactory,
    LogEntryFactory,
    MachineFactory,
    MachineModelFactory,
    PartFactory,
    ReportFactory,
)
from longhouse.jobs.testing import run_jobs  # feature: jobs

pytestmark = pytest.mark.django_db


def picture(name: str = "coil.jpg", size: tuple[int, int] = (2000, 1000)) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", size, "orange").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


# Public reads ------------------------------------------------------------------------------


@pytest.fixture
def collection() -> dict[str, Machine]:
    floor, shop = LocationFactory.create(name="Hall"), LocationFactory.create(zone="workshop")

    def machine(name: str, maker: str, year: int, **fields) -> Machine:
        model = MachineModelFactory.create(
            name=name, manufacturer=maker, year=year, era=fields.pop("era", "ss")
        )
        return MachineFactory.create(model=model, **{"location": floor, **fields})

    return {
        "firepower": machine("Firepower", "Williams", 1980),
        "centaur": machine("Centaur", "Bally", 1981, status="broken", location=shop),
        "taxi": machine("Taxi", "Williams", 1988, asset_number="M7777", status="fixing"),
        "funhouse": machine("Funhouse", "Williams", 1990, era="dmd"),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Centaur", "Firepower", "Funhouse", "Taxi"]),
        ("?q=fire", ["Firepower"]),
        ("?q=williams 1988", ["Taxi"]),
        ("?q=m7777", ["Taxi"]),
        ("?q=williams bally", []),
        ("?asset_number=M7777", ["Taxi"]),
        ("?asset_number=M777", []),
        ("?status=broken", ["Centaur"]),
        ("?zone=workshop", ["Centaur"]),
        ("?manufacturer=Bally", ["Centaur"]),
        ("?era=dmd", ["Funhouse"]),
        ("?sort=-year", ["Funhouse", "Taxi", "Centaur", "Firepower"]),
        ("?page_size=3&page=2", ["Taxi"]),
        ("?page=99", []),
        ("?q=%25", []),
        ("?q='; DROP TABLE museum_machine;--", []),
    ],
)
def test_the_collection_can_be_searched(client, collection, query, names):
    page = client.get(f"/api/machines{query}").json()
    assert [machine["name"] for machine in page["items"]] == names


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=shiny", "status"),
        ("page=0", "page"),
        ("page=x", "page"),
        ("page_size=101", "page_size"),
        ("sort=password", "sort"),
        ("q=" + "x" * 101, "q"),
    ],
)
def test_a_bad_query_names_the_parameter(client, query, field):
    response = client.get(f"/api/machines?{query}")
    assert response.status_code == 422
    assert response["content-type"] == "application/problem+json"
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_no_shared_cache_keeps_an_answer(client, api_as, maintainer):
    machine = MachineFactory.create()
    for person in (client, api_as(maintainer)):
        assert person.get(f"/api/machines/{machine.slug}")["Cache-Control"] == "private, no-cache"
    assert client.get("/api/reports")["Cache-Control"] == "no-store"


def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries):
    for _ in range(5):
        report = ReportFactory.create()
        Photo.objects.create(machine=report.machine, image="a.webp", thumbnail="b.webp",
                             width=3, height=4)  # fmt: skip
    # count, machines, photos
    with django_assert_num_queries(3):
        page = client.get("/api/machines").json()
    assert [machine["open_reports"] for machine in page["items"]] == [1] * 5
    assert page["items"][0]["photo"]["url"] == "/media/a.webp"


def test_visitors_do_not_see_what_is_for_the_team(client, api_as, maintainer):
    machine = MachineFactory.create(serial_number="123", notes="Key under the mat.")
    ReportFactory.create(machine=machine, reporter_name="Kim", description="Kim, 0123-456")
    PartFactory.create(machine=machine)
    LogEntryFactory.create(machine=machine)
    public, team = client, api_as(maintainer)
    seen = public.get(f"/api/machines/{machine.slug}").json()
    assert (seen["serial_number"], seen["notes"]) == (None, None)
    seen = team.get(f"/api/machines/{machine.slug}").json()
    assert (seen["serial_number"], seen["notes"]) == ("123", "Key under the mat.")

    history = public.get(f"/api/machines/{machine.slug}/history").json()
    assert sorted(item["kind"] for item in history["items"]) == ["report", "work"]
    assert b"Kim" not in public.get(f"/api/machines/{machine.slug}/history").content
    history = team.get(f"/api/machines/{machine.slug}/history").json()
    assert sorted(item["kind"] for item in history["items"]) == ["part", "report", "work"]
    assert "Kim" in str(history)


def test_reports_and_work_are_counted_apart(client):
    machine = MachineFactory.create()
    ReportFactory.create_batch(2, machine=machine)
    LogEntryFactory.create_batch(3, machine=machine)
    LogEntryFactory.create(machine=machine, worked_at="2026-01-02T10:00:00Z")
    seen = client.get(f"/api/machines/{machine.slug}").json()
    assert seen["open_reports"] == 2
    assert seen["last_worked_at"] > "2026-01-02"


def test_history_is_one_time_line_in_pages(client):
    machine = MachineFactory.create()
    for day in range(1, 8):
        make = ReportFactory if day % 2 else LogEntryFactory
        when = "occurred_at" if day % 2 else "worked_at"
        make.create(machine=machine, **{when: f"2026-01-0{day}T10:00:00Z"})
    found = []
    for page in (1, 2, 3):
        answer = client.get(f"/api/machines/{machine.slug}/history?page={page}&page_size=3").json()
        found += [item["at"][:10] for item in answer["items"]]
    assert found == [f"2026-01-0{day}" for day in range(7, 0, -1)]
    assert answer["total"] == 7


def test_deleted_things_are_gone_from_every_read(client, api_as, manager):
    machine, other = MachineFactory.create(), MachineFactory.create()
    ReportFactory.create(machine=machine)
    PartFactory.create(machine=machine)
    LogEntryFactory.create(machine=other).delete()
    api = api_as(manager)
    api.send("DELETE", f"/api/machines/{machine.slug}")
    assert client.get(f"/api/machines/{machine.slug}").status_code == 404
    assert client.get("/api/machines").json()["total"] == 1
    assert client.get(f"/api/machines/{other.slug}/history").json()["total"] == 0
    for path in ("reports", "parts", "log-entries"):
        assert api.get(f"/api/{path}").json()["total"] == 0
    assert [label["asset_number"] for label in api.get("/api/labels").json()] == [
        other.asset_number
    ]


# Reporting without an account --------------------------------------------------------------


def report_body(machine: Machine, **fields) -> dict:
    return {"asset_number": machine.asset_number, "category": "ball", **fields}


def test_a_visitor_reports_a_problem(anonymous):
    machine = MachineFactory.create()
    response = anonymous.send("POST", "/api/reports", report_body(machine, description=" Stuck! "))
    assert response.status_code == 201
    assert response.json()["machine_name"] == machine.model.name
    assert ProblemReport.objects.get().description == "Stuck!"


def test_a_report_that_is_sent_again_is_stored_once(anonymous, api_as, manager):
    machine = MachineFactory.create()
    body = report_body(machine, idempotency_key="0b9d3a0e-7d4f-4c52-9d7e-2f5d6a1c3b48")
    first = anonymous.send("POST", "/api/reports", body)
    again = anonymous.send("POST", "/api/reports", body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    # What the team deleted meanwhile stays deleted.
    api_as(manager).send("DELETE", f"/api/reports/{first.json()['id']}")
    assert anonymous.send("POST", "/api/reports", body).json() == first.json()
    assert ProblemReport.all_objects.count() == 1

    other = report_body(MachineFactory.create(), idempotency_key=body["idempotency_key"])
    assert anonymous.send("POST", "/api/reports", other).status_code == 409
    other["idempotency_key"] = "no uuid"
    assert anonymous.send("POST", "/api/reports", other).status_code == 422


@pytest.mark.parametrize("written", [str.upper, str.lower])
def test_a_robot_is_thanked_as_a_person_and_ignored(anonymous, written):
    machine = MachineFactory.create()
    fields = {"asset_number": written(machine.asset_number)}
    person = anonymous.send("POST", "/api/reports", report_body(machine, **fields))
    assert person.status_code == 201
    ProblemReport.objects.all().hard_delete()
    body = report_body(machine, website="https://spam.example", **fields)
    response = anonymous.send("POST", "/api/reports", body)
    assert response.status_code == 201
    assert set(response.json()) == {"id", "machine_name", "machine_slug"}
    assert not ProblemReport.objects.exists()


def test_reports_from_one_address_are_limited_but_not_the_teams(anonymous, api_as, maintainer):
    machine = MachineFactory.create()
    body = report_body(machine)
    codes = [anonymous.send("POST", "/api/reports", body).status_code for _ in range(12)]
    assert codes == [201] * 10 + [429] * 2
    assert api_as(maintainer).send("POST", "/api/reports", body).status_code == 201
    other = anonymous.send("POST", "/api/reports", body, REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 201


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"category": "gremlins"}, 422, "category"),
        ({"description": "x" * 2001}, 422, "description"),
        ({"occurred_at": "yesterday"}, 422, "occurred_at"),
        ({"occurred_at": "2026-01-01T10:00:00"}, 422, "occurred_at"),
        ({"occurred_at": "2999-01-01T10:00:00Z"}, 422, "occurred_at"),
        ({"statsu": "open"}, 422, "statsu"),
        ({"asset_number": "M9999"}, 404, None),
        ({"priority": "major"}, 403, None),
    ],
)
def test_a_bad_report_is_refused_with_the_reason(anonymous, fields, status, field):
    body = report_body(MachineFactory.create(), **fields)
    response = anonymous.send("POST", "/api/reports", body)
    assert response.status_code == status
    assert response["content-type"] == "application/problem+json"
    assert [error["field"] for error in response.json()["errors"]] == ([field] if field else [])
    assert not ProblemReport.objects.exists()


def test_a_body_that_is_no_json_is_refused(anonymous):
    response = anonymous.generic(
        "POST", "/api/reports", b"{", "application/json", headers={"x-csrftoken": anonymous.token}
    )
    assert response.status_code == 400
    assert response["content-type"] == "application/problem+json"


# The team's work ---------------------------------------------------------------------------


def test_work_with_a_photo_closes_a_report(api_as, maintainer):
    report = ReportFactory.create(machine=MachineFactory.create(status="broken"))
    api = api_as(maintainer)
    entry = api.send(
        "POST",
        "/api/log-entries",
        {
            "machine": report.machine.slug,
            "report_id": str(report.pk),
            "description": "New coil sleeve.",
            "minutes": 25,
            "status_after": "good",
            "status_seen": "broken",
            "closes_report": True,
        },
    ).json()
    assert (entry["author"], entry["status_before"], entry["status_after"]) == (
        "Milo",
        "broken",
        "good",
    )
    photo = api.upload(f"/api/log-entries/{entry['id']}/photos", file=picture(), caption="Old one")
    assert photo.status_code == 201
    seen = api.get(f"/api/reports/{report.pk}").json()
    assert (seen["status"], seen["log_count"], seen["machine"]["status"]) == ("closed", 1, "good")
    assert seen["log_entries"][0]["photos"][0]["caption"] == "Old one"
    again = api.send("DELETE", f"/api/reports/{report.pk}/closure").json()
    assert (again["status"], again["closed_at"]) == ("open", None)


def test_a_status_comes_with_the_one_that_was_seen(api_as, maintainer):
    machine = MachineFactory.create(status="broken")
    work = {"machine": machine.slug, "description": "Wiped the glass.", "status_after": "good"}
    api = api_as(maintainer)
    unseen = api.send("POST", "/api/log-entries", work)
    assert (unseen.status_code, unseen.json()["errors"][0]["field"]) == (422, "status_seen")
    stale = api.send("POST", "/api/log-entries", {**work, "status_seen": "unknown"})
    assert (stale.status_code, stale.json()["type"]) == (409, "/problems/stale-write")
    assert stale.json()["errors"][0]["field"] == "status_after"


def test_a_stale_write_is_told(api_as, maintainer, second_maintainer):
    report = ReportFactory.create()
    first = api_as(maintainer).send(
        "PATCH", f"/api/reports/{report.pk}", {"version": 1, "priority": "major"}
    )
    assert (first.status_code, first.json()["version"]) == (200, 2)
    second = api_as(second_maintainer).send(
        "PATCH", f"/api/reports/{report.pk}", {"version": 1, "priority": "minor"}
    )
    assert (second.status_code, second.json()["type"]) == (409, "/problems/stale-write")
    assert "somebody else" in second.json()["detail"]
    report.refresh_from_db()
    assert report.priority == "major"


def test_a_deletion_can_be_undone(api_as, manager):
    report = ReportFactory.create()
    api = api_as(manager)
    deletion = api.send("DELETE", f"/api/reports/{report.pk}").json()
    assert api.get(f"/api/reports/{report.pk}").status_code == 404
    path = f"/api/deletions/{deletion['deletion_id']}/restore"
    assert api.send("POST", path).status_code == 204
    assert api.get(f"/api/reports/{report.pk}").status_code == 200
    assert api.send("POST", path).status_code == 404


def test_parts_go_from_needed_to_fitted(api_as, maintainer):
    machine = MachineFactory.create()
    api = api_as(maintainer)
    part = api.send(
        "POST", "/api/parts", {"machine": machine.slug, "name": "Coil", "quantity": 2}
    ).json()
    assert (part["status"], part["requested_by"]) == ("needed", "Milo")
    changed = api.send("PATCH", f"/api/parts/{part['id']}", {"version": 1, "status": "ordered"})
    assert (changed.json()["status"], changed.json()["version"]) == ("ordered", 2)
    assert api.get("/api/parts?status=ordered").json()["total"] == 1
    assert api.get("/api/parts?status=needed").json()["total"] == 0


def test_a_manager_adds_and_edits_a_machine(api_as, manager):
    model, place, other = (
        MachineModelFactory.create(),
        LocationFactory.create(),
        LocationFactory.create(),
    )
    api = api_as(manager)
    body = {"model_id": str(model.pk), "location_id": str(place.pk), "asset_number": "M0101"}
    added = api.send("POST", "/api/machines", body)
    assert added.status_code == 201
    slug = added.json()["slug"]
    again = api.send("POST", "/api/machines", body)
    assert again.status_code == 422
    taken = {"field": "asset_number", "message": "Another machine has this asset number."}
    assert again.json()["errors"] == [taken]
    change = {"version": 1, "location_id": str(other.pk), "notes": "Heavy."}
    assert api.send("PATCH", f"/api/machines/{slug}", change).json()["notes"] == "Heavy."
    missing = {"version": 2, "location_id": str(uuid.uuid4())}
    refused = api.send("PATCH", f"/api/machines/{slug}", missing)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "location_id"
    unknown = {**body, "asset_number": "M0102", "model_id": str(uuid.uuid4())}
    refused = api.send("POST", "/api/machines", unknown)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["model_id"]


def test_the_dashboard_counts_what_is_open(api_as, maintainer, django_assert_max_num_queries):
    broken = MachineFactory.create(status="broken")
    ReportFactory.create(machine=broken, priority="unplayable")
    ReportFactory.create(machine=broken, status="closed", closed_at="2026-01-01T00:00:00Z")
    LogEntryFactory.create_batch(10)
    PartFactory.create()
    api = api_as(maintainer)
    with django_assert_max_num_queries(16):
        seen = api.get("/api/dashboard").json()
    counts = {row["priority"]: row["count"] for row in seen["open_by_priority"]}
    assert (counts["unplayable"], counts["minor"]) == (1, 0)
    assert [machine["slug"] for machine in seen["machines_down"]] == [broken.slug]
    assert len(seen["recent_work"]) == 8
    assert seen["parts_needed"] == 1


def test_the_catalogue_is_whole(anonymous, django_assert_num_queries):
    places = [machine.location for machine in MachineFactory.create_batch(150)]
    with django_assert_num_queries(2):
        catalogue = anonymous.get("/api/catalogue").json()
    assert set(catalogue) == {"locations", "machine_models"}
    assert {row["name"] for row in catalogue["locations"]} == {place.name for place in places}
    assert len(catalogue["machine_models"]) == 150
    assert set(catalogue["machine_models"][0]) == {"id", "name", "manufacturer", "year"}


def test_labels_are_whole(api_as, maintainer, django_assert_num_queries):
    MachineFactory.create_batch(150)
    api = api_as(maintainer)
    api.get("/api/labels")
    with django_assert_num_queries(5):
        assert len(api.get("/api/labels").json()) == 150


def test_labels_are_qr_codes_of_the_report_page(api_as, maintainer, settings):
    machine = MachineFactory.create()
    (label,) = api_as(maintainer).get("/api/labels").json()
    assert label["url"] == f"{settings.SITE_URL}/r/{machine.asset_number}"
    assert label["svg"].startswith("<svg")
    assert "style=" not in label["svg"]


# Photos ------------------------------------------------------------------------------------


def test_a_photo_is_stored_small_and_without_its_name(api_as, maintainer, settings):
    machine = MachineFactory.create()
    photo = api_as(maintainer).upload(
        f"/api/machines/{machine.slug}/photos", file=picture("../../etc/passwd.jpg")
    )
    assert photo.status_code == 201
    seen = photo.json()
    assert (seen["width"], seen["height"]) == (1600, 800)
    run_jobs()  # feature: jobs
    stored = sorted(path.name for path in (settings.MEDIA_ROOT / "machines").iterdir())
    assert len(stored) == 2
    assert all(name.endswith(".webp") and "passwd" not in name for name in stored)


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"", b"GIF89a" + b"\0" * 20])
def test_what_is_no_picture_is_refused_and_not_stored(api_as, maintainer, settings, content):
    machine = MachineFactory.create()
    response = api_as(maintainer).upload(
        f"/api/machines/{machine.slug}/photos", file=SimpleUploadedFile("x.jpg", content)
    )
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "file"
    assert not Photo.all_objects.exists()
    assert not (settings.MEDIA_ROOT / "machines").exists()
    assert not settings.PRIVATE_ROOT.exists()


def test_a_refused_photo_leaves_no_file_behind(api_as, maintainer, settings):
    machine = MachineFactory.create()
    response = api_as(maintainer).upload(
        f"/api/machines/{machine.slug}/photos", file=picture(), caption="x" * 201
    )
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "caption"
    assert not (settings.MEDIA_ROOT / "machines").exists()
    assert list((settings.PRIVATE_ROOT / "originals").iterdir()) == []


# Who may -----------------------------------------------------------------------------------

SOME_ID = "01a1f8f9-d36a-7321-8629-a96a88c1d09b"


@pytest.mark.parametrize(
    ("method", "path", "body", "least"),
    [
        ("GET", "/api/reports", None, "maintainer"),
        ("GET", "/api/reports/{report}", None, "maintainer"),
        ("GET", "/api/log-entries", None, "maintainer"),
        ("GET", "/api/parts", None, "maintainer"),
        ("GET", "/api/dashboard", None, "maintainer"),
        ("GET", "/api/labels", None, "maintainer"),
        ("PATCH", "/api/reports/{report}", {"version": 1, "priority": "minor"}, "maintainer"),
        ("POST", "/api/log-entries", {"machine": "{machine}", "description": "x"}, "maintainer"),
        ("POST", "/api/parts", {"machine": "{machine}", "name": "x"}, "maintainer"),
        ("PATCH", "/api/parts/{part}", {"version": 1, "status": "ordered"}, "maintainer"),
        ("PATCH", "/api/machines/{machine}", {"version": 1, "notes": "x"}, "manager"),
        ("DELETE", "/api/parts/{part}", None, "manager"),
        ("DELETE", "/api/reports/{report}", None, "manager"),
        ("DELETE", "/api/machines/{machine}", None, "manager"),
    ],
)
def test_each_operation_is_for_its_role(
    api_as, visitor, maintainer, manager, method, path, body, least
):
    names = {
        "machine": MachineFactory.create().slug,
        "report": ReportFactory.create().pk,
        "part": PartFactory.create().pk,
    }
    path = path.format(**names)
    body = body and {
        key: value.format(**names) if isinstance(value, str) else value
        for key, value in body.items()
    }
    before = [model.all_objects.count() for model in (Machine, ProblemReport, LogEntry, Part)]
    ranks = {None: 401, visitor: 403, maintainer: 403 if least == "manager" else 200, manager: 200}
    for person, expected in ranks.items():
        api = api_as(person)
        response = api.get(path) if method == "GET" else api.send(method, path, body)
        status = 200 if response.status_code == 201 else response.status_code
        if status == 409 and expected == 200:
            continue  # allowed, but the one before has written already
        assert status == expected, (person, response.content)
        if expected >= 400:
            after = [
                model.all_objects.count() for model in (Machine, ProblemReport, LogEntry, Part)
            ]
            assert after == before


@pytest.mark.parametrize("path", [f"/api/reports/{SOME_ID}", "/api/machines/nope", "/api/nope"])
def test_what_is_not_there_is_a_problem_document(api_as, maintainer, path):
    response = api_as(maintainer).get(path)
    assert response.status_code == 404
    assert response["content-type"] == "application/problem+json"
    assert response.json()["type"] == "/problems/not-found"


def test_mutations_need_the_csrf_token(api_as, maintainer):
    machine = MachineFactory.create()
    api = api_as(maintainer)
    api.token = "x" * 32
    response = api.send("POST", "/api/parts", {"machine": machine.slug, "name": "x"})
    assert response.status_code == 403
    assert not Part.objects.exists()
