import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from apps.museum import services
from apps.museum.models import Machine, Photo
from apps.museum.tests.factories import MachineFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(maintainer) -> Photo:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40)).save(buffer, "PNG")
    upload = SimpleUploadedFile("a.png", buffer.getvalue())
    return services.add_photo(actor=maintainer, machine=MachineFactory.create(), upload=upload)


def files(settings) -> int:
    return len(list((settings.MEDIA_ROOT / "machines").iterdir()))


def test_files_outlive_a_deletion_that_can_be_undone(photo, settings):
    photo.machine.delete()
    assert not Photo.objects.exists()
    assert files(settings) == 2


def test_files_go_when_the_row_goes_for_good(photo, settings, django_capture_on_commit_callbacks):
    photo.machine.delete()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("purge_deleted", days=0)
    assert not Machine.all_objects.exists()
    assert files(settings) == 0


def test_recent_deletions_are_not_purged(photo, settings):
    photo.machine.delete()
    call_command("purge_deleted", days=1)
    assert Machine.all_objects.count() == 1
