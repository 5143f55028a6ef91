"""What strangers may send: refused with the field, never stored, never a crash."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.signals import pre_save
from PIL import Image

from apps.core.problems import Conflict
from apps.museum import services
from apps.museum.models import Machine, Photo, ProblemReport
from apps.museum.tests.factories import MachineFactory

pytestmark = pytest.mark.django_db


def test_a_zero_character_in_a_query_is_refused(anonymous):
    response = anonymous.get("/api/machines?q=a%00")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "q"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z"])
def test_a_time_that_no_time_zone_can_hold_is_refused(anonymous, moment):
    machine = MachineFactory.create()
    body = {
        "asset_number": machine.asset_number,
        "category": "other",
        "occurred_at": moment,
    }
    response = anonymous.send("POST", "/api/reports", body)
    assert response.status_code == 422, response.content
    assert response.json()["errors"][0]["field"] == "occurred_at"
    assert not ProblemReport.objects.exists()


def test_a_zero_character_in_a_caption_is_refused(api_as, maintainer):
    machine = MachineFactory.create()
    buffer = BytesIO()
    Image.new("RGB", (9, 9)).save(buffer, "PNG")
    answer = api_as(maintainer).upload(
        f"/api/machines/{machine.slug}/photos",
        file=SimpleUploadedFile("a.png", buffer.getvalue()),
        caption="a\0b",
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "caption"
    assert not Photo.objects.exists()


def test_a_number_that_is_taken_at_the_same_moment_is_refused(manager):
    taken = MachineFactory.create()

    def somebody_is_faster(**_: object) -> None:
        pre_save.disconnect(dispatch_uid="faster", sender=Machine)
        Machine.objects.filter(pk=taken.pk).update(asset_number="M0099")

    pre_save.connect(somebody_is_faster, sender=Machine, weak=False, dispatch_uid="faster")
    with pytest.raises(Conflict, match="taken this asset number"):
        services.add_machine(
            actor=manager,
            model=taken.model,
            location=taken.location,
            asset_number="M0099",
        )
