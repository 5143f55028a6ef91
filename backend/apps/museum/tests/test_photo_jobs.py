"""Pictures are processed in the background: what is seen meanwhile, and when it goes wrong."""

import json
import os
import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.core.problems import Conflict, NotAllowed
from apps.museum import photos, services, tasks
from apps.museum.models import Photo, PhotoState
from apps.museum.tests.factories import LogEntryFactory, MachineFactory, ReportFactory
from apps.museum.tests.photos import failed_photo, make_photo, taken
from apps.museum.tests.test_photos import kept, served
from longhouse.jobs import LeaseLost
from longhouse.jobs import services as jobs
from longhouse.jobs.models import Job, State
from longhouse.jobs.testing import run_jobs

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def machine():
    return MachineFactory.create(slug="taxi-m7777", asset_number="M7777")


@pytest.fixture
def photo(maintainer, machine) -> Photo:
    return services.add_photo(actor=maintainer, machine=machine, upload=taken((2000, 1000)))


@pytest.fixture
def cut_off(maintainer, machine) -> Photo:
    """Its header is that of a picture."""
    whole = taken((2000, 1000), quality=95).read()
    upload = SimpleUploadedFile("a.jpg", whole[: len(whole) // 2])
    return services.add_photo(actor=maintainer, machine=machine, upload=upload)


def test_an_upload_is_answered_before_anything_is_decoded(api_as, maintainer, machine, settings):
    answer = api_as(maintainer).upload("/api/machines/taxi-m7777/photos", file=taken((2000, 1000)))
    assert answer.status_code == 201
    seen = answer.json()
    assert (seen["state"], seen["url"], seen["thumbnail_url"]) == ("processing", None, None)
    assert (seen["width"], seen["height"]) == (800, 1600)  # as it will stand upright
    assert served(settings) == []
    (name,) = kept(settings)
    assert "passwd" not in name
    (job,) = Job.objects.all()
    assert (job.queue, job.args, job.state) == ("photos", [seen["id"]], State.SCHEDULED)


def test_the_size_that_was_said_is_the_size_that_comes(photo):
    said = (photo.width, photo.height)
    run_jobs()
    photo.refresh_from_db()
    assert photo.state == PhotoState.READY
    assert (photo.width, photo.height) == said


def test_visitors_see_a_picture_when_it_is_ready_and_the_team_before(
    api_as, both_ways, anonymous, maintainer, machine, photo
):
    path = "/api/machines/taxi-m7777"
    team = json.loads(both_ways(maintainer).answered(path).body)
    assert [shown["state"] for shown in team["photos"]] == ["processing"]
    assert team["photo"] is None
    for path_of_list in (path, "/api/v1/machines/taxi-m7777/"):  # feature: rest
        assert anonymous.get(path_of_list).json()["photos"] == []  # feature: rest
    assert anonymous.get(path).json()["photos"] == []
    assert anonymous.get("/api/machines").json()["items"][0]["photo"] is None
    run_jobs()
    (shown,) = anonymous.get(path).json()["photos"]
    assert shown["state"] == "ready"
    assert shown["url"].startswith("/media/machines/")


def test_pictures_of_work_and_of_reports_wait_for_the_team_alone(
    api_as, anonymous, maintainer, machine
):
    report = ReportFactory.create(machine=machine)
    entry = LogEntryFactory.create(machine=machine, report=report)
    of = {"actor": maintainer, "machine": machine}
    services.add_photo(**of, upload=taken(), report=report)
    services.add_photo(**of, upload=taken(), log_entry=entry)
    shown = api_as(maintainer).get(f"/api/reports/{report.pk}").json()
    assert [photo["state"] for photo in shown["photos"]] == ["processing"]
    assert [photo["state"] for photo in shown["log_entries"][0]["photos"]] == ["processing"]
    for api in (anonymous, api_as(maintainer)):
        history = api.get("/api/machines/taxi-m7777/history").json()
        assert [item["photos"] for item in history["items"]] == [[], []]


def test_a_picture_that_cannot_be_read_fails_at_once_and_keeps_its_original(cut_off, settings):
    run_jobs()
    cut_off.refresh_from_db()
    assert cut_off.state == PhotoState.FAILED
    job = Job.objects.get()
    assert (job.state, job.attempt) == (State.DISCARDED, 1)
    assert "not a picture that we can read" in job.error
    assert served(settings) == []
    assert len(kept(settings)) == 1


def test_one_that_kills_its_process_each_time_ends_as_failed(photo):
    """As the supervisor writes it, when the process is gone."""
    jobs.discard(Job.objects.get().pk)
    photo.refresh_from_db()
    assert photo.state == PhotoState.FAILED


def test_trying_again(api_as, visitor, maintainer, machine, photo):
    Photo.objects.update(state=PhotoState.FAILED)
    jobs.cancel(Job.objects.get().pk)
    with pytest.raises(NotAllowed):
        services.process_photo_again(actor=visitor, photo=photo)
    answer = api_as(maintainer).send("POST", f"/api/photos/{photo.pk}/processing")
    assert answer.json()["state"] == "processing"
    with pytest.raises(Conflict):
        services.process_photo_again(actor=maintainer, photo=photo)
    run_jobs()
    photo.refresh_from_db()
    assert photo.state == PhotoState.READY


def test_a_dead_letter_that_is_replayed_brings_the_picture(photo, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(photos, "process", full)
    run_jobs(delays=True)
    photo.refresh_from_db()
    assert photo.state == PhotoState.FAILED
    monkeypatch.undo()
    jobs.replay(Job.objects.get().pk)
    run_jobs()
    photo.refresh_from_db()
    assert photo.state == PhotoState.READY


def test_a_try_that_fails_leaves_no_file_and_is_made_up_for(photo, settings, monkeypatch):
    def full(*_: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(photos, "retire_pages", full)
    run_jobs()
    photo.refresh_from_db()
    assert photo.state == PhotoState.PROCESSING
    assert served(settings) == []
    monkeypatch.undo()
    run_jobs(delays=True)
    photo.refresh_from_db()
    assert photo.state == PhotoState.READY
    assert len(served(settings)) == 2


def test_a_worker_that_lost_the_job_writes_nothing(photo, settings):
    def taken_over() -> None:
        raise LeaseLost

    with pytest.raises(LeaseLost):
        photos.process(photo, hold=taken_over)
    photo.refresh_from_db()
    assert photo.state == PhotoState.PROCESSING
    assert served(settings) == []
    assert len(kept(settings)) == 1


def test_deleted_meanwhile_it_comes_back_whole(photo, manager):
    deletion = services.delete(actor=manager, row=photo)
    run_jobs()
    services.undelete(actor=manager, deletion_id=deletion)
    assert Photo.objects.get().state == PhotoState.READY


def test_deleted_for_good_meanwhile_nothing_is_left(
    photo, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        photo.hard_delete()
        run_jobs()
    assert served(settings) == kept(settings) == []
    assert Job.objects.get().state == State.SUCCEEDED


def test_files_that_no_row_names_go_after_a_day(photo, cut_off, maintainer, machine, settings):
    ready = make_photo(actor=maintainer, machine=machine)
    half_written = default_storage.save("machines/x.webp", ContentFile(b"RIFF"))
    lost = Photo._meta.get_field("original").storage.save("originals/x", ContentFile(b"x"))
    before = {path for path in settings.PRIVATE_ROOT.rglob("*") if path.is_file()}
    assert tasks.clean_photos.func() == 0
    old = (timezone.now() - 2 * DAY).timestamp()
    for root in (settings.MEDIA_ROOT, settings.PRIVATE_ROOT):
        for path in root.rglob("*"):
            os.utime(path, (old, old))
    assert tasks.clean_photos.func() >= 2
    assert not default_storage.exists(half_written)
    assert all(default_storage.exists(str(file.name)) for file in (ready.image, ready.thumbnail))
    left = {path for path in settings.PRIVATE_ROOT.rglob("*") if path.is_file()}
    assert settings.PRIVATE_ROOT / lost in before - left
    assert {settings.PRIVATE_ROOT / one.original.name for one in (photo, cut_off)} == left


def test_what_failed_and_nobody_tried_again_goes_with_its_original(
    cut_off, settings, django_capture_on_commit_callbacks
):
    run_jobs()
    assert tasks.clean_photos.func() == 0
    Photo.objects.update(updated_at=timezone.now() - 8 * DAY)
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.clean_photos.func() == 1
    assert not Photo.all_objects.exists()
    assert kept(settings) == []


def test_the_admin_shows_what_failed_and_tries_again(client, superuser, machine, photo):
    client.force_login(superuser)
    Photo.objects.update(state=PhotoState.FAILED)
    jobs.cancel(Job.objects.get().pk)
    listed = client.get("/admin/museum/photo/").content.decode()
    assert re.search(r"Could not be processed</", listed)
    assert client.get("/admin/museum/machine/").status_code == 200
    chosen = {"action": "process_selected_again", "_selected_action": [str(photo.pk)]}
    client.post("/admin/museum/photo/", chosen)
    run_jobs()
    photo.refresh_from_db()
    assert photo.state == PhotoState.READY


# feature: realtime
def test_the_team_is_told_of_each_step(photo, machine):
    from apps.museum.tests.test_realtime import told

    run_jobs()
    event = ("photo.changed", {"machine": machine.slug, "report": None})
    assert told() == [event, event]


def test_a_failure_is_told_with_the_report_where_it_is_shown(maintainer, machine, cut_off):
    from apps.museum.tests.test_realtime import told

    report = ReportFactory.create(machine=machine)
    entry = LogEntryFactory.create(machine=machine, report=report)
    Photo.objects.update(log_entry=entry)
    run_jobs()
    assert told()[-1] == ("photo.changed", {"machine": machine.slug, "report": str(report.pk)})


# end feature: realtime
def test_a_failed_picture_is_nothing_to_preview(anonymous, machine):
    failed_photo(machine)
    assert anonymous.get("/api/machines").json()["items"][0]["photo"] is None
