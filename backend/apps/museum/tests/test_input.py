"""What strangers may send: refused with the field, never stored, never a crash."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.signals import pre_save
from django.urls import get_resolver
from PIL import Image

from apps.api.api import api
from apps.core.problems import Conflict
from apps.museum import services
from apps.museum.models import Machine, Photo, ProblemReport
from apps.museum.tests.factories import (
    LogEntryFactory,
    MachineFactory,
    PartFactory,
    ReportFactory,
)

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


def patches() -> list[tuple[str, str]]:
    """Every optional field of every PATCH operation, with the operation's path."""
    assert get_resolver().url_patterns  # every app's operations are in the API now
    document = api.get_openapi_schema(path_prefix="/api/")
    found = []
    for path, operations in document["paths"].items():
        if "patch" in operations:
            body = operations["patch"]["requestBody"]["content"]["application/json"]["schema"]
            schema = document["components"]["schemas"][body["$ref"].rpartition("/")[2]]
            optional = set(schema["properties"]) - set(schema.get("required", ()))
            found += [(path, name) for name in sorted(optional)]
    return found


@pytest.mark.parametrize(("path", "field"), patches())
def test_null_is_for_columns_that_may_be_empty(api_as, superuser, path, field):
    rows = {
        "/api/profile": superuser,
        "/api/machines/{slug}": MachineFactory.create(),
        "/api/reports/{report_id}": ReportFactory.create(),
        "/api/log-entries/{entry_id}": LogEntryFactory.create(),
        "/api/parts/{part_id}": PartFactory.create(),
    }
    row = rows[path]  # a new PATCH needs its row here
    url = re.sub(r"{\w+}", str(row.slug if "slug" in path else row.pk), path)
    seen = {"version": row.version} if hasattr(row, "version") else {}
    answer = api_as(superuser).send("PATCH", url, {**seen, field: None})
    column = next(f for f in row._meta.concrete_fields if field in (f.name, f.attname))
    if column.null:
        assert answer.status_code == 200, answer.content
    else:
        assert answer.status_code == 422, answer.content
        assert [error["field"] for error in answer.json()["errors"]] == [field]
