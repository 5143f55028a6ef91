"""Photos of parks and rides, and the other parts of them: added as proposals, from their pages."""

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.core.throttling import RateLimit
from apps.wiki import throttling, trust
from apps.wiki.models import Area, Photo, RideEvent
from apps.wiki.services import drafts, proposals
from apps.wiki.tests.people import client_of
from longhouse.versioning.branches import branch_context
from longhouse.versioning.models import Branch

PLACE = b"where I live"


def taken(size: tuple[int, int] = (60, 40)) -> SimpleUploadedFile:
    """A JPEG as a phone makes it: stored lying on its side, and it tells where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = PLACE.decode()
    buffer = io.BytesIO()
    Image.new("RGB", size, "orange").save(buffer, "JPEG", exif=exif)
    return SimpleUploadedFile("../../etc/passwd.jpg", buffer.getvalue())


def upload(user: Any, of: str, file: Any, **sent: str) -> Any:
    fields = {"file": file, "alt": "A loop against the sky", "propose": "yes", **sent}
    return client_of(user).post(f"/wiki/new/photo/?{of}", fields)


def the_draft() -> tuple[Branch, Photo]:
    branch = Branch.objects.get()
    with branch_context(branch):
        return branch, Photo.objects.get()


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_photo_is_proposed_and_then_seen_by_all(client, park, ride, writer, editor):
    answer = upload(writer, f"ride={ride.pk}", taken((2400, 1200)), caption="Loop")
    assert answer.status_code == 303
    branch, photo = the_draft()
    assert not Photo.objects.exists()
    with default_storage.open(str(photo.file.name)) as file, Image.open(file) as image:
        assert (image.format, image.size) == ("WEBP", (800, 1600))  # upright
        file.seek(0)
        assert PLACE not in file.read()
    assert "etc" not in str(photo.file.name)
    proposals.submit(branch, by=writer, title="A picture")
    page = client.get(f"/wiki/proposals/{branch.name}/").content.decode()
    assert f'src="{photo.file.url}"' in page
    proposals.review(branch, by=editor, verdict="approve")
    proposals.merge(branch, by=editor)
    page = client.get("/wiki/parks/oak-park/rides/loop/").content.decode()
    assert f'<img src="{photo.file.url}" alt="A loop against the sky"' in page


def test_a_photo_of_a_park(client, park, writer):
    assert upload(writer, f"park={park.pk}", taken()).status_code == 303
    _, photo = the_draft()
    assert (photo.park_id, photo.ride_id) == (park.pk, None)


@pytest.mark.parametrize("what", ["no picture", "nothing", "too many bytes", "no description"])
def test_what_is_wrong_with_a_photo_is_said_and_nothing_is_kept(
    park, writer, settings, tmp_path, what
):
    file: Any = taken()
    if what == "no picture":
        file = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>")
    if what == "too many bytes":
        settings.MAX_IMAGE_BYTES = 100
    said = {
        "no picture": "This is not a picture that we can read",
        "nothing": "This field is required.",
        "too many bytes": "The picture is larger than",
        "no description": "This field is required.",
    }[what]
    sent = {"alt": ""} if what == "no description" else {}
    answer = upload(writer, f"park={park.pk}", "" if what == "nothing" else file, **sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Branch.objects.exists()
    assert list(tmp_path.rglob("*.*")) == []


def test_pictures_are_counted_before_they_are_decoded(park, writer, monkeypatch):
    monkeypatch.setitem(throttling.LIMITS, trust.NEWCOMER.rank, RateLimit("wiki-test", "1/h"))
    wrong = SimpleUploadedFile("a.jpg", b"no picture")
    assert upload(writer, f"park={park.pk}", wrong).status_code == 422
    assert upload(writer, f"park={park.pk}", taken()).status_code == 429


def test_a_photo_is_of_something(park, writer):
    client = client_of(writer)
    for query in ("", "?park=x", f"?ride={park.pk}", f"?company={park.pk}"):
        assert client.get(f"/wiki/new/photo/{query}").status_code == 404


def test_what_is_said_of_a_photo_can_be_changed_and_its_picture_not(park, writer):
    upload(writer, f"park={park.pk}", taken())
    branch, photo = the_draft()
    client = client_of(writer)
    client.post(f"/wiki/drafts/{branch.name}/")
    page = client.get(f"/wiki/edit/photo/{photo.pk}/").content.decode()
    assert 'type="file"' not in page
    sent = {"alt": "Better", "seen": photo.rev, "file": taken()}
    assert client.post(f"/wiki/edit/photo/{photo.pk}/", sent).status_code == 303
    _, again = the_draft()
    assert (again.alt, again.file) == ("Better", photo.file)


def test_the_file_goes_with_a_draft_that_is_thrown_away_and_others_stay(
    park, writer, other, editor, django_capture_on_commit_callbacks
):
    upload(writer, f"park={park.pk}", taken())
    branch, shown = the_draft()
    proposals.submit(branch, by=writer, title="A picture")
    proposals.review(branch, by=editor, verdict="approve")
    proposals.merge(branch, by=editor)
    draft = drafts.start(by=other, title="Words and a picture")
    merged = Photo.objects.get()
    drafts.edit(draft, Photo, shown.pk, by=other, seen=merged.rev, values={"alt": "Better"})
    client = client_of(other)
    client.post(f"/wiki/drafts/{draft.name}/")
    client.post(f"/wiki/new/photo/?park={park.pk}", {"file": taken(), "alt": "Another"})
    with branch_context(draft):
        added = Photo.objects.get(alt="Another")
    with django_capture_on_commit_callbacks(execute=True):
        drafts.throw_away(draft, by=other)
    assert not default_storage.exists(str(added.file.name))
    assert default_storage.exists(str(shown.file.name))


def test_areas_and_events_are_added_and_edited_from_the_pages(park, ride, writer):
    client = client_of(writer)
    page = client.get("/wiki/parks/oak-park/").content.decode()
    add_area = f"/wiki/new/area/?park={park.pk}"
    assert add_area in page
    client.post(add_area, {"name": "Lake", "slug": "lake"})
    draft = Branch.objects.get()
    page = client.get("/wiki/parks/oak-park/rides/loop/").content.decode()
    add_event = f"/wiki/new/event/?ride={ride.pk}"
    assert add_event in page
    client.post(add_event, {"date": "1999-05", "kind": "opened", "text": "By the mayor."})
    with branch_context(draft):
        area, event = Area.objects.get(), RideEvent.objects.get()
    client.post(f"/wiki/proposals/{draft.name}/preview/")
    page = client.get("/wiki/parks/oak-park/").content.decode()
    assert f"/wiki/edit/area/{area.pk}/" in page
    page = client.get("/wiki/parks/oak-park/rides/loop/").content.decode()
    assert "By the mayor." in page
    assert f"/wiki/edit/event/{event.pk}/" in page
