"""What is kept of a picture, what is served of it, and how long."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from apps.core.problems import InvalidInput
from apps.museum import (
    photos,  # feature: jobs
    services,
)
from apps.museum.models import Machine, Photo, PhotoState
from apps.museum.tests.factories import MachineFactory
from apps.museum.tests.photos import PLACE, make_photo, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(maintainer, django_capture_on_commit_callbacks) -> Photo:
    with django_capture_on_commit_callbacks(execute=True):
        return make_photo(actor=maintainer, machine=MachineFactory.create())


def served(settings) -> list[str]:
    folder = settings.MEDIA_ROOT / "machines"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def kept(settings) -> list[str]:
    return [path.name for path in (settings.PRIVATE_ROOT / "originals").iterdir()]


def test_what_is_served_stands_upright_and_tells_nothing(photo, settings):
    assert photo.state == PhotoState.READY
    assert (photo.width, photo.height) == (40, 60)
    assert len(served(settings)) == 2
    for file in (photo.image, photo.thumbnail):
        with file.open() as opened:
            stored = Image.open(opened)
            assert (stored.format, stored.size) == ("WEBP", (40, 60))
            assert not stored.getexif()
            opened.seek(0)
            assert PLACE.encode() not in opened.read()


def test_the_original_goes_as_soon_as_the_picture_is_served(photo, settings):
    assert not photo.original
    assert kept(settings) == []


def test_files_outlive_a_deletion_that_can_be_undone(photo, settings):
    photo.machine.delete()
    assert not Photo.objects.exists()
    assert len(served(settings)) == 2


def test_files_go_when_the_row_goes_for_good(photo, settings, django_capture_on_commit_callbacks):
    photo.machine.delete()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("purge_deleted", days=0)
    assert not Machine.all_objects.exists()
    assert served(settings) == []


def test_recent_deletions_are_not_purged(photo, settings):
    photo.machine.delete()
    call_command("purge_deleted", days=1)
    assert Machine.all_objects.count() == 1


def test_an_original_has_no_address_and_is_the_servers_alone(settings):
    field = Photo._meta.get_field("original")
    with pytest.raises(ValueError, match="no address"):
        field.storage.url("originals/x")
    assert not settings.PRIVATE_ROOT.is_relative_to(settings.MEDIA_ROOT)
    name = field.storage.save("originals/x", taken())
    path = settings.PRIVATE_ROOT / name
    assert (path.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077) == (0, 0)


def test_what_is_no_picture_is_refused_before_it_is_stored(maintainer, settings):
    upload = SimpleUploadedFile("a.jpg", b"<svg>" + taken().read())
    with pytest.raises(InvalidInput):
        services.add_photo(actor=maintainer, machine=MachineFactory.create(), upload=upload)
    assert not Photo.all_objects.exists()
    assert not settings.PRIVATE_ROOT.exists()


# feature: jobs
def test_only_one_of_two_that_process_it_leaves_files(maintainer, settings):
    machine = MachineFactory.create()
    photo = services.add_photo(actor=maintainer, machine=machine, upload=taken())

    def somebody_was_faster() -> None:
        photos.process(Photo.objects.get())

    photos.process(photo, hold=somebody_was_faster)
    row = Photo.objects.get()
    assert [f"machines/{name}" for name in served(settings)] == [
        row.thumbnail.name,
        row.image.name,
    ]


# end feature: jobs
