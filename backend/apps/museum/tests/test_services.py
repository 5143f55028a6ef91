from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models.deletion import ProtectedError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.problems import Conflict, InvalidInput, NotAllowed, NotFound, StaleWrite
from apps.museum import services
from apps.museum.models import LogEntry, Machine, MachineStatus, ProblemReport
from apps.museum.tests.factories import (
    LocationFactory,
    MachineFactory,
    MachineModelFactory,
    PartFactory,
    ReportFactory,
)

pytestmark = pytest.mark.django_db


def errors_of(caught) -> dict[str, str]:
    return {error["field"]: error["message"] for error in caught.value.errors}


# Places, models, photos --------------------------------------------------------------------


@pytest.mark.parametrize(
    "write",
    [
        lambda actor, machine: services.add_location(
            actor=actor, name="Attic", slug="attic", zone="storage"
        ),
        lambda actor, machine: services.change_location(
            actor=actor, location=machine.location, name="Attic"
        ),
        lambda actor, machine: services.add_machine_model(
            actor=actor, name="Comet", manufacturer="Williams", year=1985, era="ss"
        ),
        lambda actor, machine: services.change_machine_model(
            actor=actor, model=machine.model, year=1985
        ),
        lambda actor, machine: services.delete_all(actor=actor, rows=Machine.objects.all()),
    ],
)
def test_the_house_is_for_managers_to_arrange(maintainer, manager, write):
    machine = MachineFactory.create()
    with pytest.raises(NotAllowed):
        write(maintainer, machine)
    write(manager, machine)


def test_what_was_deleted_for_good_was_deleted_before_and_by_an_administrator(manager, superuser):
    gone, live = MachineFactory.create(), MachineFactory.create()
    services.delete(actor=manager, row=gone)
    with pytest.raises(NotAllowed):
        services.delete_for_good(actor=manager, rows=Machine.all_objects.all())
    assert services.delete_for_good(actor=superuser, rows=Machine.all_objects.all()) == 1
    assert list(Machine.all_objects.all()) == [live]


# Work and status ---------------------------------------------------------------------------


def test_work_sets_the_status_and_remembers_the_old_one(maintainer):
    machine = MachineFactory.create(status="good")
    entry = services.log_work(
        actor=maintainer, machine=machine, description="Snapped a link.", status_after="broken"
    )
    machine.refresh_from_db()
    assert (entry.status_before, entry.status_after, machine.status) == ("good", "broken", "broken")
    assert machine.version == 2


def test_work_without_a_status_changes_nothing_on_the_machine(maintainer):
    machine = MachineFactory.create(status="fixing")
    services.log_work(actor=maintainer, machine=machine, description="Looked for the short.")
    machine.refresh_from_db()
    assert (machine.status, machine.version) == ("fixing", 1)


def test_work_does_not_overwrite_a_status_that_its_author_has_not_seen(
    maintainer, second_maintainer
):
    machine = MachineFactory.create(status="good")
    services.log_work(
        actor=second_maintainer,
        machine=machine,
        description="Snapped a link.",
        status_after="broken",
        status_seen="good",
    )
    work = {"actor": maintainer, "machine": machine, "description": "Wiped the glass."}
    with pytest.raises(StaleWrite) as caught:
        services.log_work(**work, status_after="good", status_seen="good")
    assert "status_after" in errors_of(caught)
    assert LogEntry.objects.count() == 1
    # Without a say on the status, or when both say the same, nothing of theirs is lost.
    services.log_work(**work, status_seen="good")
    services.log_work(**work, status_after="broken", status_seen="good")
    machine.refresh_from_db()
    assert machine.status == "broken"


def test_an_entry_can_close_a_report_once(maintainer):
    report = ReportFactory.create()
    work = {"actor": maintainer, "machine": report.machine, "report": report}
    services.log_work(**work, description="New coil.", closes_report=True)
    report.refresh_from_db()
    assert report.status == "closed"
    assert report.closed_at is not None
    with pytest.raises(Conflict, match="closed this report already"):
        services.log_work(**work, description="Me too.", closes_report=True)
    assert report.log_entries.count() == 1


def test_a_closed_report_can_be_opened_again(maintainer):
    report = ReportFactory.create(status="closed", closed_at=timezone.now())
    services.reopen_report(actor=maintainer, report=report)
    report.refresh_from_db()
    assert (report.status, report.closed_at) == ("open", None)
    with pytest.raises(Conflict, match="open already"):
        services.reopen_report(actor=maintainer, report=report)


def test_work_must_fit_its_report(maintainer):
    report, machine = ReportFactory.create(), MachineFactory.create()
    with pytest.raises(InvalidInput) as caught:
        services.log_work(
            actor=maintainer, machine=machine, report=report, description="?", status_after="broken"
        )
    assert "report_id" in errors_of(caught)
    with pytest.raises(InvalidInput) as caught:
        services.log_work(actor=maintainer, machine=machine, description="?", closes_report=True)
    assert "closes_report" in errors_of(caught)
    machine.refresh_from_db()
    assert machine.status == "good"
    assert not LogEntry.objects.exists()


def test_bad_work_leaves_nothing_half_written(maintainer):
    report = ReportFactory.create()
    with pytest.raises(ValidationError):
        services.log_work(
            actor=maintainer,
            machine=report.machine,
            report=report,
            description="",
            status_after="broken",
            closes_report=True,
        )
    report.refresh_from_db()
    report.machine.refresh_from_db()
    assert (report.status, report.machine.status) == ("open", "good")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from([*MachineStatus.values, None]), max_size=6))
def test_a_machines_status_is_always_that_of_its_last_entry(maintainer, steps):
    machine = MachineFactory.create(status="unknown")
    for status in steps:
        services.log_work(actor=maintainer, machine=machine, description="x", status_after=status)
    machine.refresh_from_db()
    entries = list(machine.log_entries.order_by("created_at"))
    expected = next((status for status in reversed(steps) if status), "unknown")
    assert machine.status == expected
    chain = ["unknown", *(entry.status_after for entry in entries)]
    assert [entry.status_before for entry in entries] == chain[:-1]


# Who may -----------------------------------------------------------------------------------


def test_a_visitor_may_only_report(visitor):
    report = ReportFactory.create()
    machine = report.machine
    attempts = [
        lambda: services.log_work(actor=visitor, machine=machine, description="x"),
        lambda: services.change_report(actor=visitor, report=report, version=1, priority="major"),
        lambda: services.reopen_report(actor=visitor, report=report),
        lambda: services.request_part(actor=visitor, machine=machine, name="Coil"),
        lambda: services.change_machine(actor=visitor, machine=machine, version=1, notes="x"),
        lambda: services.add_machine(actor=visitor),
        lambda: services.delete(actor=visitor, row=machine),
        lambda: services.report_problem(
            actor=visitor, asset_number=machine.asset_number, category="ball", priority="major"
        ),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()


def test_a_maintainer_may_not_change_the_collection(maintainer):
    machine = MachineFactory.create()
    with pytest.raises(NotAllowed):
        services.change_machine(actor=maintainer, machine=machine, version=1, notes="x")
    with pytest.raises(NotAllowed):
        services.delete(actor=maintainer, row=machine)


def test_only_the_author_or_a_manager_corrects_an_entry(maintainer, second_maintainer, manager):
    entry = services.log_work(actor=maintainer, machine=MachineFactory.create(), description="Tpyo")
    with pytest.raises(NotAllowed, match="somebody else"):
        services.change_log_entry(
            actor=second_maintainer, entry=entry, version=1, description="Mine now"
        )
    services.change_log_entry(actor=maintainer, entry=entry, version=1, description="Typo")
    services.change_log_entry(actor=manager, entry=entry, version=2, description="Type")
    entry.refresh_from_db()
    assert (entry.description, entry.version) == ("Type", 3)


# Reports -----------------------------------------------------------------------------------


def test_anybody_reports_by_the_label():
    machine = MachineFactory.create(asset_number="M0042")
    report = services.report_problem(
        actor=None, asset_number="m0042", category="ball", reporter_name="Kim"
    )
    assert (report.machine, report.priority, report.reporter_name) == (machine, "untriaged", "Kim")
    assert report.reported_by is None


def test_a_signed_in_reporter_can_not_use_another_name(maintainer):
    machine = MachineFactory.create()
    report = services.report_problem(
        actor=maintainer,
        asset_number=machine.asset_number,
        category="ball",
        reporter_name="Elvis",
        priority="major",
    )
    assert (report.reporter_name, report.reported_by) == ("Milo", maintainer)


def test_a_report_on_an_unknown_or_deleted_machine_is_refused(manager):
    machine = MachineFactory.create()
    services.delete(actor=manager, row=machine)
    for label in ("M9999", machine.asset_number):
        with pytest.raises(NotFound, match=label):
            services.report_problem(actor=None, asset_number=label, category="ball")


def test_nothing_happens_in_the_future(maintainer):
    machine = MachineFactory.create()
    tomorrow = timezone.now() + timedelta(days=1)
    with pytest.raises(InvalidInput) as caught:
        services.report_problem(
            actor=None,
            asset_number=machine.asset_number,
            category="ball",
            occurred_at=tomorrow,
        )
    assert errors_of(caught) == {"occurred_at": "This lies in the future."}
    with pytest.raises(InvalidInput):
        services.log_work(actor=maintainer, machine=machine, description="x", worked_at=tomorrow)


# Stale writes ------------------------------------------------------------------------------


def test_two_maintainers_at_once_one_is_told(maintainer, second_maintainer):
    first, second = (ProblemReport.objects.get(pk=pk) for pk in [ReportFactory.create().pk] * 2)
    services.change_report(actor=maintainer, report=first, version=1, priority="major")
    with pytest.raises(StaleWrite):
        services.change_report(
            actor=second_maintainer, report=second, version=1, priority="cosmetic"
        )
    assert ProblemReport.objects.get().priority == "major"


def test_a_stale_edit_can_not_undo_a_status(maintainer, manager):
    machine = MachineFactory.create()
    opened_before = Machine.objects.get()
    services.log_work(actor=maintainer, machine=machine, description="Fire.", status_after="broken")
    with pytest.raises(StaleWrite):
        services.change_machine(actor=manager, machine=opened_before, version=1, notes="shiny")
    machine.refresh_from_db()
    assert (machine.status, machine.notes) == ("broken", "")


# Machines, deletion ------------------------------------------------------------------------


def test_a_new_machine_gets_its_address(manager):
    machine = services.add_machine(
        actor=manager,
        model_id=MachineModelFactory.create(name="Firepower").pk,
        location_id=LocationFactory.create().pk,
        asset_number="M0007",
    )
    assert machine.slug == "firepower-m0007"
    assert machine.status == "unknown"


@pytest.mark.parametrize("label", ["7", "m0007", "M07", "X0007", "M0007x"])
def test_a_label_has_one_form(manager, label):
    with pytest.raises(ValidationError, match="M and at least four digits"):
        services.add_machine(
            actor=manager,
            model_id=MachineModelFactory.create().pk,
            location_id=LocationFactory.create().pk,
            asset_number=label,
        )


def test_a_deleted_machine_takes_its_history_along_and_brings_it_back(manager):
    report = ReportFactory.create()
    PartFactory.create(machine=report.machine)
    deletion_id = services.delete(actor=manager, row=report.machine)
    assert not ProblemReport.objects.exists()
    services.undelete(actor=manager, deletion_id=deletion_id)
    assert ProblemReport.objects.get().machine.parts.count() == 1
    with pytest.raises(NotFound):
        services.undelete(actor=manager, deletion_id=deletion_id)


def test_undoing_a_deletion_needs_the_right_to_delete(manager, maintainer):
    report = ReportFactory.create()
    deletion_id = services.delete(actor=manager, row=report)
    with pytest.raises(NotAllowed):
        services.undelete(actor=maintainer, deletion_id=deletion_id)


def test_a_place_with_machines_can_not_be_removed():
    machine = MachineFactory.create()
    with pytest.raises(ProtectedError):
        machine.location.delete()
