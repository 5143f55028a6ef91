import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.api.throttling import uploads

pytestmark = pytest.mark.django_db


def picture(size=(300, 200)) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, "PNG")
    return SimpleUploadedFile("me.png", buffer.getvalue())


def test_a_profile_needs_a_session(anonymous):
    assert anonymous.get("/api/profile").json()["type"] == "/problems/not-signed-in"
    assert anonymous.send("PATCH", "/api/profile", {}).status_code == 401


def test_only_what_was_sent_changes(api_as, person):
    changed = api_as(person).send("PATCH", "/api/profile", {"theme": "dark"}).json()
    assert (changed["theme"], changed["display_name"]) == ("dark", "Pia")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"theme": "pink"}, "theme"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"display_name": ""}, "display_name"),
        ({"display_name": "x" * 81}, "display_name"),
        ({"display_name": None}, "display_name"),
        ({"is_staff": True}, "is_staff"),
    ],
)
def test_bad_values_name_the_field(api_as, person, body, field):
    response = api_as(person).send("PATCH", "/api/profile", body)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    person.refresh_from_db()
    assert (person.display_name, person.is_staff) == ("Pia", False)


def test_an_avatar_is_cropped_square_and_replaces_the_last(api_as, person, settings):
    api = api_as(person)
    first = api.upload("/api/profile/avatar", file=picture()).json()["avatar_url"]
    second = api.upload("/api/profile/avatar", file=picture()).json()["avatar_url"]
    assert first != second
    (stored,) = (settings.MEDIA_ROOT / "avatars").iterdir()
    assert second.endswith(stored.name)
    with Image.open(stored) as image:
        assert image.size == (200, 200)
    assert api.send("DELETE", "/api/profile/avatar").json()["avatar_url"] is None
    assert list((settings.MEDIA_ROOT / "avatars").iterdir()) == []


def test_an_avatar_that_is_no_picture_is_refused(api_as, person):
    upload = SimpleUploadedFile("me.png", b"<script>")
    response = api_as(person).upload("/api/profile/avatar", file=upload)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "file"


def test_uploads_from_one_address_are_limited(api_as, maintainer, monkeypatch):
    monkeypatch.setattr(uploads.limit, "limit", 2)
    api = api_as(maintainer)
    codes = [api.upload("/api/profile/avatar", file=picture()).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
