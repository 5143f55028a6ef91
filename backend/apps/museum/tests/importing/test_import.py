"""Machines come in by the workflow: all or none, once each."""

from typing import cast

import pytest

from apps.museum.importing import services, steps, table
from apps.museum.models import Machine, MachineModel
from apps.museum.services import add_machine
from apps.museum.tests.factories import (
    LocationFactory,
    MachineFactory,
    MachineModelFactory,
    ReportFactory,
)
from apps.museum.tests.importing.files import csv, three
from longhouse.jobs import JobContext
from longhouse.jobs.models import Job
from longhouse.jobs.testing import run_jobs
from longhouse.workflows import services as workflows
from longhouse.workflows.context import Context
from longhouse.workflows.models import Run, RunState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hall():
    return LocationFactory.create(name="Hall", slug="hall")


def start(manager, upload=None):
    run = Run.objects.get(pk=services.start(actor=manager, upload=upload or three()))
    assert run.user == manager
    return run


def numbers():
    return sorted(Machine.objects.values_list("asset_number", flat=True))


def test_all_machines_come_in_with_what_the_file_says(manager, hall):
    known = MachineModelFactory.create(name="Taxi", manufacturer="Williams", year=1988)
    header = "name,manufacturer,year,era,asset_number,location,serial_number,acquired_on,notes"
    run = start(
        manager,
        csv(
            "Taxi,Williams,1988,,M8001,hall,77,2001-02-03,Lock is open",
            "Black Knight,Williams,1980,Solid state,m8002,HALL,,,",
            header=header,
        ),
    )
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.result) == (RunState.SUCCEEDED, {"machines": 2, "new_models": 1})
    taxi, knight = Machine.objects.order_by("asset_number")
    assert (taxi.model, taxi.location, taxi.serial_number, taxi.notes) == (
        known,
        hall,
        "77",
        "Lock is open",
    )
    assert str(taxi.acquired_on) == "2001-02-03"
    assert (knight.model.name, knight.model.era, knight.slug) == (
        "Black Knight",
        "ss",
        "black-knight-m8002",
    )


def test_what_is_done_twice_is_done_once(manager):
    run = start(manager)
    run_jobs()
    rows = table.read(run.args[0])
    prepared = run.steps.get(key="prepare").result
    for item in run.steps.get(key="add machines").items.all():
        assert steps.add(item.value) == item.result
    assert numbers() == ["M8001", "M8002", "M8003"]
    outside = Context(run, cast("JobContext", None))
    assert steps.prepare(outside, rows) == prepared
    assert MachineModel.objects.count() == 2


def test_when_one_cannot_come_in_none_does(manager, monkeypatch):
    run = start(manager)

    def taken(**fields):
        if fields["asset_number"] == "M8003" and fields["actor"] == manager:
            add_machine(
                actor=manager,
                model=MachineModelFactory.create(),
                location_id=fields["location_id"],
                asset_number="M8003",
            )
        return add_machine(**fields)

    monkeypatch.setattr("apps.museum.services.add_machine", taken)
    run_jobs()
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    failed = run.steps.get(key="add machines").items.get(state="failed")
    assert "Row 4: Another machine has this asset number." in failed.error
    assert numbers() == ["M8003"]  # somebody else's
    assert not MachineModel.objects.filter(name__in=["Black Knight", "Taxi"]).exists()


def test_a_second_import_of_the_same_file_adds_nothing(manager):
    first = services.start(actor=manager, upload=three())
    second = Run.objects.get(pk=services.start(actor=manager, upload=three()))
    run_jobs()
    second.refresh_from_db()
    assert second.state == RunState.FAILED
    assert Run.objects.get(pk=first).state == RunState.SUCCEEDED
    assert numbers() == ["M8001", "M8002", "M8003"]


def test_somebody_was_faster_than_the_worker(manager):
    run = start(manager)
    MachineFactory.create(asset_number="M8002")
    run_jobs()
    run.refresh_from_db()
    assert run.error.strip().endswith("Row 3, asset number: Another machine has this asset number.")
    assert list(run.steps.values_list("key", flat=True)) == ["check"]
    assert numbers() == ["M8002"]


def cancel_after(count, run, monkeypatch):
    """Cancel the run once so many machines are in."""

    def add(**fields):
        machine = add_machine(**fields)
        if Machine.objects.count() == count:
            workflows.cancel(run.pk)
        return machine

    monkeypatch.setattr("apps.museum.services.add_machine", add)


def test_cancelling_takes_back_what_was_added(manager, monkeypatch):
    run = start(manager)
    cancel_after(2, run, monkeypatch)
    run_jobs()
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert not Machine.all_objects.exists()
    assert not MachineModel.objects.exists()
    # And then again, from the beginning of what was undone.
    monkeypatch.undo()
    workflows.retry(run.pk)
    run_jobs()
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    assert numbers() == ["M8001", "M8002", "M8003"]


def test_what_somebody_uses_already_is_not_taken_back(manager, monkeypatch):
    run = start(manager)

    def add(**fields):
        machine = add_machine(**fields)
        if machine.asset_number == "M8001":
            ReportFactory.create(machine=machine)
        else:
            workflows.cancel(run.pk)
        return machine

    monkeypatch.setattr("apps.museum.services.add_machine", add)
    run_jobs()
    assert numbers() == ["M8001"]
    assert list(MachineModel.objects.values_list("name", flat=True)) == ["Black Knight"]
    assert run.log_lines.filter(text__startswith="M8001 stays").count() == 1
    # What stayed is found again.
    monkeypatch.undo()
    workflows.retry(run.pk)
    run_jobs()
    assert numbers() == ["M8001", "M8002", "M8003"]


def test_nothing_comes_in_for_somebody_who_is_no_manager_any_more(manager):
    run = start(manager)
    manager.groups.clear()
    run_jobs()
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "Your role does not include this." in run.error
    assert numbers() == []


def test_nothing_comes_in_for_an_account_that_is_gone(manager):
    run = start(manager)
    Run.objects.update(user=None)
    run_jobs()
    run.refresh_from_db()
    assert "The account that started this is gone." in run.error


def test_the_api_previews_then_starts(manager, api_as):
    api = api_as(manager)
    seen = api.upload("/api/machines/import?check=true", file=three())
    assert seen.status_code == 200
    assert seen.json()["new_models"] == 2
    assert seen.json()["rows"][1]["values"]["asset_number"] == "M8002"
    assert not Job.objects.exists()
    started = api.upload("/api/machines/import", file=three())
    assert started.status_code == 202
    run_id = started.json()["operation_id"]
    assert started["Location"] == f"/api/operations/{run_id}"
    run_jobs()
    told = api.get(started["Location"]).json()
    assert (told["title"], told["state"], told["percent"]) == ("Import machines", "succeeded", 100)
    assert told["result"] == {"machines": 3, "new_models": 2}


def test_the_api_names_rows_and_columns(manager, api_as):
    answer = api_as(manager).upload("/api/machines/import", file=csv("Taxi,W,1988,ss,M1,Hall"))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["2.asset_number"]
    assert not Run.objects.exists()
