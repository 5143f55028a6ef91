"""The museum's admin: quick with many rows, and no way around the services."""

from io import BytesIO

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from apps.core.admin import ServiceAdmin, SoftDeleteAdmin
from apps.museum import services
from apps.museum.models import (
    Location,
    LogEntry,
    Machine,
    MachineModel,
    MachineStatus,
    Part,
    Photo,
    ProblemReport,
    ReportStatus,
)
from apps.museum.tests.factories import (
    LogEntryFactory,
    MachineFactory,
    PartFactory,
    ReportFactory,
)
from apps.users.tests.factories import UserFactory
from longhouse.jobs.testing import run_jobs  # feature: jobs

MODELS = (Location, MachineModel, Machine, ProblemReport, LogEntry, Part, Photo)

pytestmark = pytest.mark.django_db


def page(model, name, *args):
    return reverse(f"admin:museum_{model._meta.model_name}_{name}", args=args)


def add_photo(machine, **fields):
    return Photo.objects.create(
        machine=machine, image="machines/a.webp", thumbnail="machines/a-small.webp",
        width=900, height=1200, **fields,
    )  # fmt: skip


def furnish(machine):
    """A machine with a report, work, a part and two photos."""
    report = ReportFactory.create(machine=machine, reported_by=UserFactory.create())
    entry = LogEntryFactory.create(machine=machine, report=report, author=UserFactory.create())
    PartFactory.create(machine=machine, report=report, requested_by=UserFactory.create())
    add_photo(machine)
    add_photo(machine, log_entry=entry, uploaded_by=UserFactory.create())
    return machine


@pytest.fixture
def admin_client(client, superuser):
    client.force_login(superuser)
    return client


@pytest.fixture
def staff(client, maintainer):
    """A maintainer who may open the admin, and look at machines."""
    maintainer.is_staff = True
    maintainer.save()
    maintainer.user_permissions.add(Permission.objects.get(codename="view_machine"))
    client.force_login(maintainer)
    return client


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("model", MODELS)
def test_lists_take_as_many_queries_for_twenty_rows_as_for_one(admin_client, model):
    furnish(MachineFactory.create())
    urls = [page(model, "changelist")]
    if hasattr(model, "deleted_at"):
        urls.append(page(model, "changelist") + "?deletion=all")
    client_warm_up = admin_client.get(urls[0])
    assert client_warm_up.status_code == 200
    few = [queries(admin_client, url) for url in urls]
    for _ in range(19):
        furnish(MachineFactory.create())
    assert [queries(admin_client, url) for url in urls] == few


@pytest.mark.parametrize("model", MODELS)
def test_forms_take_as_many_queries_with_a_full_house(admin_client, model):
    machine = furnish(MachineFactory.create())
    row = {Machine: machine, Location: machine.location, MachineModel: machine.model}.get(
        model, model.objects.filter(**({"machine": machine} if hasattr(model, "machine") else {}))
    )
    if not isinstance(row, model):
        row = row.first()
    urls = [page(model, "add"), page(model, "change", row.pk), page(model, "delete", row.pk),
            page(model, "history", row.pk)]  # fmt: skip
    assert admin_client.get(urls[0]).status_code == 200
    few = [queries(admin_client, url) for url in urls[:2]]
    assert admin_client.get(urls[2]).status_code == 200
    assert admin_client.get(urls[3]).status_code == 200
    report = machine.reports.get()
    for _ in range(19):
        furnish(MachineFactory.create(model=machine.model, location=machine.location))
        LogEntryFactory.create(machine=machine, report=report, author=UserFactory.create())
        PartFactory.create(machine=machine, report=report, requested_by=UserFactory.create())
        ReportFactory.create(machine=machine)
        add_photo(machine)
    # Inlines may prepare one statement per row only for editable photos: they don't either.
    assert [queries(admin_client, url) for url in urls[:2]] == few


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (Location, "Row"),
        (MachineModel, "Comet"),
        (Machine, "Comet"),
        (ProblemReport, "weak flipper"),
        (LogEntry, "cleaned"),
        (Part, "coil"),
        (Photo, "Comet"),
    ],
)
def test_search_finds_and_leaves_out(admin_client, model, words):
    furnish(MachineFactory.create())
    found = admin_client.get(page(model, "changelist"), {"q": words})
    assert found.context["cl"].result_count > 0
    nothing = admin_client.get(page(model, "changelist"), {"q": "zeppelin"})
    assert nothing.context["cl"].result_count == 0


def test_autocomplete_offers_live_machines_only(admin_client):
    live, gone = MachineFactory.create(), MachineFactory.create()
    gone.delete()
    found = admin_client.get(
        reverse("admin:autocomplete"),
        {"app_label": "museum", "model_name": "logentry", "field_name": "machine", "term": "M"},
    )
    assert [row["id"] for row in found.json()["results"]] == [str(live.pk)]


def test_work_added_in_the_admin_goes_by_the_rules(admin_client, superuser):
    report = ReportFactory.create()
    answer = admin_client.post(
        page(LogEntry, "add"),
        {
            "machine": report.machine_id,
            "report": report.pk,
            "description": "Rebuilt the left flipper.",
            "minutes": 40,
            "worked_at_0": "2026-01-10",
            "worked_at_1": "10:00:00",
            "status_after": "broken",
            "closes_report": "on",
        },
    )
    assert answer.status_code == 302
    entry = LogEntry.objects.get()
    assert entry.author == superuser
    assert entry.status_before == MachineStatus.GOOD
    report.refresh_from_db()
    assert report.status == ReportStatus.CLOSED
    assert report.machine.status == MachineStatus.BROKEN
    assert report.machine.version == 2


def test_what_a_service_refuses_is_said_in_the_form(admin_client):
    report, other = ReportFactory.create(), MachineFactory.create()
    answer = admin_client.post(
        page(LogEntry, "add"),
        {
            "machine": other.pk,
            "report": report.pk,
            "description": "Wrong machine.",
            "worked_at_0": "2026-01-10",
            "worked_at_1": "10:00:00",
        },
    )
    assert answer.status_code == 200
    assert "This report is about another machine." in str(answer.context["errors"])
    assert "Wrong machine." in answer.text
    assert not LogEntry.objects.exists()


def test_status_and_closing_cannot_be_typed_in(admin_client):
    report = ReportFactory.create()
    admin_client.post(
        page(Machine, "change", report.machine_id),
        machine_form(report.machine, status="broken", notes="Loose leg"),
    )
    report.machine.refresh_from_db()
    assert report.machine.notes == "Loose leg"
    assert report.machine.status == MachineStatus.GOOD
    admin_client.post(
        page(ProblemReport, "change", report.pk),
        {
            "category": "lights", "priority": "minor", "description": "Dark", "status": "closed",
            "closed_at_0": "2026-01-01", "closed_at_1": "10:00", "seen_version": report.version,
            **management("log_entries"), **management("parts"),
        },
    )  # fmt: skip
    report.refresh_from_db()
    assert (report.priority, report.category) == ("minor", "lights")
    assert (report.status, report.closed_at) == (ReportStatus.OPEN, None)
    assert report.version == 2


def test_a_stale_form_is_told(admin_client, manager):
    machine = MachineFactory.create()
    form = machine_form(machine, notes="Mine")
    services.change_machine(actor=manager, machine=machine, version=1, notes="Theirs")
    answer = admin_client.post(page(Machine, "change", machine.pk), form)
    assert answer.status_code == 200
    assert "changed by somebody else" in str(answer.context["errors"])
    assert "Mine" in answer.text
    machine.refresh_from_db()
    assert machine.notes == "Theirs"


def test_a_new_machine_gets_its_address_and_no_status(admin_client):
    old = MachineFactory.create()
    form = {"model": old.model_id, "location": old.location_id, "asset_number": "M9001"}
    assert admin_client.post(page(Machine, "add"), form).status_code == 302
    machine = Machine.objects.get(asset_number="M9001")
    assert machine.slug.endswith("-m9001")
    assert machine.status == MachineStatus.UNKNOWN
    again = admin_client.post(page(Machine, "add"), form)
    assert "Another machine has this asset number." in str(again.context["errors"])
    assert Machine.objects.filter(asset_number="M9001").count() == 1


def test_a_photo_is_checked_and_encoded_as_any_upload(admin_client, superuser):
    machine = MachineFactory.create()
    buffer = BytesIO()
    Image.new("RGB", (1200, 900), "navy").save(buffer, "PNG")
    form = {
        "machine": machine.pk,
        "caption": "From the left",
        "upload": SimpleUploadedFile("left.png", buffer.getvalue(), "image/png"),
    }
    assert admin_client.post(page(Photo, "add"), form).status_code == 302
    run_jobs()  # feature: jobs
    photo = Photo.objects.get()
    assert photo.uploaded_by == superuser
    assert photo.image.name.endswith(".webp")
    assert photo.thumbnail
    form["upload"] = SimpleUploadedFile("left.png", b"no picture", "image/png")
    assert admin_client.post(page(Photo, "add"), form).status_code == 200
    assert Photo.objects.count() == 1


def test_deleting_is_soft_and_restoring_brings_everything_back(admin_client):
    machine, other = furnish(MachineFactory.create()), furnish(MachineFactory.create())
    chosen = {"action": "delete_selected", "_selected_action": [machine.pk]}
    admin_client.post(page(Machine, "changelist"), {**chosen, "post": "yes"})
    assert list(Machine.objects.all()) == [other]
    assert Machine.all_objects.count() == 2
    assert not LogEntry.objects.filter(machine=machine).exists()

    shown = admin_client.get(page(Machine, "changelist"))
    assert [row.pk for row in shown.context["cl"].result_list] == [other.pk]
    deleted = page(Machine, "changelist") + "?deletion=deleted"
    shown = admin_client.get(deleted)
    assert [row.pk for row in shown.context["cl"].result_list] == [machine.pk]
    looked_at = admin_client.get(page(Machine, "change", machine.pk))
    assert looked_at.status_code == 200
    assert looked_at.context["has_change_permission"] is False

    admin_client.post(deleted, {"action": "restore_selected", "_selected_action": [machine.pk]})
    assert Machine.objects.count() == 2
    assert LogEntry.objects.filter(machine=machine).count() == 1
    assert Photo.objects.filter(machine=machine).count() == 2


def test_who_may_not_delete_machines_does_not_restore_one_by_its_photo(staff, maintainer):
    allowed = Permission.objects.filter(codename__in=("view_photo", "delete_photo"))
    maintainer.user_permissions.add(*allowed)
    machine = furnish(MachineFactory.create())
    photo = machine.photos.first()
    machine.delete()
    answer = staff.post(
        page(Photo, "changelist") + "?deletion=deleted",
        {"action": "restore_selected", "_selected_action": [photo.pk]},
        follow=True,
    )
    assert not Machine.objects.exists()
    assert "Your role does not include this." in answer.text


def test_who_may_delete_a_machine_brings_it_back_with_all_that_went(staff, maintainer):
    maintainer.user_permissions.add(Permission.objects.get(codename="delete_machine"))
    machine = furnish(MachineFactory.create())
    services.delete(actor=maintainer, row=machine)
    url = page(Machine, "changelist") + "?deletion=deleted"
    staff.post(url, {"action": "restore_selected", "_selected_action": [machine.pk]})
    assert Machine.objects.get().photos.count() == 2


def test_every_page_writes_by_the_services():
    pages = {model: type(page) for model, page in site._registry.items() if model in MODELS}
    assert set(pages) == set(MODELS)
    by_service = ("add", "change", "delete", "restore", "delete_for_good")
    for model, kind in pages.items():
        assert issubclass(kind, SoftDeleteAdmin if hasattr(model, "deleted_at") else ServiceAdmin)
        for name in by_service if issubclass(kind, SoftDeleteAdmin) else by_service[:3]:
            assert getattr(kind, f"{name}_by_service").__module__ == "apps.museum.admin"


def test_places_are_added_changed_ordered_and_deleted(admin_client):
    form = {"name": "Attic", "slug": "attic", "zone": "storage", "position": 3}
    assert admin_client.post(page(Location, "add"), form).status_code == 302
    attic = Location.objects.get()
    again = admin_client.post(page(Location, "add"), form)
    assert "already exists" in str(again.context["errors"])
    url = page(Location, "change", attic.pk)
    assert admin_client.post(url, {**form, "name": "Loft"}).status_code == 302
    row = {"form-0-id": attic.pk, "form-0-position": 9}
    rows = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, **row, "_save": "Save"}
    admin_client.post(page(Location, "changelist"), rows)
    attic.refresh_from_db()
    assert (attic.name, attic.position) == ("Loft", 9)
    admin_client.post(page(Location, "delete", attic.pk), {"post": "yes"})
    assert not Location.objects.exists()


def test_models_are_added_changed_and_kept_while_a_machine_needs_them(admin_client):
    form = {"name": "Comet", "manufacturer": "Williams", "year": 1985, "era": "ss", "players": 4}
    assert admin_client.post(page(MachineModel, "add"), form).status_code == 302
    again = admin_client.post(page(MachineModel, "add"), form)
    assert "This model exists already." in str(again.context["errors"])
    comet = MachineModel.objects.get()
    admin_client.post(page(MachineModel, "change", comet.pk), {**form, "players": 2})
    comet.refresh_from_db()
    assert comet.players == 2
    MachineFactory.create(model=comet)
    admin_client.post(page(MachineModel, "delete", comet.pk), {"post": "yes"})
    assert MachineModel.objects.exists()


def test_photos_are_put_in_order_and_deleted_on_the_machine(admin_client):
    machine = MachineFactory.create()
    kept, gone = add_photo(machine), add_photo(machine, position=1)
    rows = {
        "photos-TOTAL_FORMS": 2, "photos-INITIAL_FORMS": 2,
        "photos-0-id": kept.pk, "photos-0-machine": machine.pk,
        "photos-0-caption": "Backglass", "photos-0-position": 5,
        "photos-1-id": gone.pk, "photos-1-machine": machine.pk,
        "photos-1-position": 1, "photos-1-DELETE": "on",
    }  # fmt: skip
    answer = admin_client.post(page(Machine, "change", machine.pk), machine_form(machine, **rows))
    assert answer.status_code == 302
    left = Photo.objects.get()
    assert (left.pk, left.caption, left.position) == (kept.pk, "Backglass", 5)
    assert Photo.all_objects.get(pk=gone.pk).deletion_id


def test_restoring_says_when_the_name_is_taken(admin_client):
    machine = MachineFactory.create(asset_number="M0042", slug="old")
    machine.delete()
    MachineFactory.create(asset_number="M0042", slug="new")
    answer = admin_client.post(
        page(Machine, "changelist") + "?deletion=deleted",
        {"action": "restore_selected", "_selected_action": [machine.pk]},
        follow=True,
    )
    assert "Another machine has this asset number." in answer.text
    assert Machine.objects.count() == 1


def test_deleting_for_good_asks_first_and_spares_what_is_live(admin_client):
    machine, live = furnish(MachineFactory.create()), MachineFactory.create()
    machine.delete()
    url = page(Machine, "changelist") + "?deletion=all"
    form = {"action": "delete_selected_for_good", "_selected_action": [machine.pk, live.pk]}
    asked = admin_client.post(url, form)
    assert "This cannot be undone." in asked.text
    assert Machine.all_objects.count() == 2
    admin_client.post(url, {**form, "confirmed": "yes"})
    assert list(Machine.all_objects.all()) == [live]
    assert not LogEntry.all_objects.exists()


def test_reports_can_be_reopened(admin_client, maintainer):
    report = ReportFactory.create()
    services.log_work(
        actor=maintainer, machine=report.machine, report=report, description="Done",
        closes_report=True,
    )  # fmt: skip
    admin_client.post(
        page(ProblemReport, "changelist"),
        {"action": "reopen_selected", "_selected_action": [report.pk]},
    )
    report.refresh_from_db()
    assert (report.status, report.closed_at) == (ReportStatus.OPEN, None)


def test_staff_may_do_what_their_role_says_and_no_more(staff):
    machine = furnish(MachineFactory.create())
    assert staff.get(page(Machine, "changelist")).status_code == 200
    assert staff.get(page(LogEntry, "add")).status_code == 200
    assert staff.get(page(Machine, "add")).status_code == 403
    assert staff.get(page(Location, "changelist")).status_code == 403
    answer = staff.post(page(Machine, "change", machine.pk), machine_form(machine, notes="x"))
    assert answer.status_code == 403
    machine.delete()
    url = page(Machine, "changelist") + "?deletion=deleted"
    for action in ("restore_selected", "delete_selected_for_good"):
        staff.post(url, {"action": action, "_selected_action": [machine.pk], "confirmed": "yes"})
        assert Machine.all_objects.get(pk=machine.pk).deleted_at is not None


def test_staff_cannot_change_the_entry_of_somebody_else(staff, second_maintainer):
    entry = LogEntryFactory.create(author=second_maintainer)
    answer = staff.post(
        page(LogEntry, "change", entry.pk),
        {
            "description": "Rewritten", "worked_at_0": "2026-01-10", "worked_at_1": "10:00:00",
            "seen_version": entry.version,
        },
    )  # fmt: skip
    assert "somebody else" in str(answer.context["errors"])
    entry.refresh_from_db()
    assert entry.description == "Cleaned the playfield."


def test_people_without_staff_rights_are_sent_to_the_sign_in(client, manager):
    client.force_login(manager)
    answer = client.get(page(Machine, "changelist"))
    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]


def management(prefix):
    return {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}


def machine_form(machine, **changes):
    return {
        "model": machine.model_id,
        "location": machine.location_id,
        "serial_number": machine.serial_number,
        "notes": machine.notes,
        "seen_version": machine.version,
        **{key: value for name in ("photos", "reports", "log_entries", "parts")
           for key, value in management(name).items()},
        **changes,
    }  # fmt: skip
