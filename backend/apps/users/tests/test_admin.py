"""People in the admin: nothing is stored past the services."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from apps.users import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client, superuser):
    client.force_login(superuser)
    return client


def picture(fmt: str) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40)).save(buffer, fmt)
    return SimpleUploadedFile(f"me.{fmt.lower()}", buffer.getvalue())


def test_no_picture_is_stored_as_it_was_uploaded(admin_client, maintainer, settings):
    form = {
        "email": maintainer.email,
        "display_name": "Renamed",
        "time_zone": "UTC",
        "theme": "auto",
        "avatar": picture("BMP"),
    }
    url = reverse("admin:users_user_change", args=[maintainer.pk])
    assert admin_client.post(url, form).status_code == 302
    maintainer.refresh_from_db()
    assert (maintainer.display_name, maintainer.avatar.name) == ("Renamed", "")
    assert not settings.MEDIA_ROOT.exists()


def test_a_picture_can_be_taken_away_with_its_file(admin_client, maintainer, visitor, settings):
    services.set_avatar(user=maintainer, upload=picture("PNG"))
    chosen = {"action": "remove_avatars", "_selected_action": [maintainer.pk, visitor.pk]}
    answer = admin_client.post(reverse("admin:users_user_changelist"), chosen, follow=True)
    assert "1 pictures are gone." in answer.text
    maintainer.refresh_from_db()
    assert not maintainer.avatar
    assert not list((settings.MEDIA_ROOT / "avatars").iterdir())
