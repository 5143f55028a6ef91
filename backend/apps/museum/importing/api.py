"""Importing machines in the first-party API."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Status, UploadedFile

from apps.api.auth import signed_in, user_of
from apps.api.throttling import uploads
from apps.museum.importing import schemas, services

router = Router(tags=["museum"])


@router.post(
    "/machines/import",
    response={200: schemas.ImportPreview, 202: schemas.ImportStarted},
    auth=signed_in,
    throttle=[uploads],
)
def import_machines(
    request: HttpRequest,
    response: HttpResponse,
    file: File[UploadedFile],
    check: Query[bool] = False,
) -> Status[Any]:
    """Take in the machines of a CSV file: all of them or none. With `check` it only looks."""
    if check:
        return Status(200, services.preview(actor=user_of(request), upload=file))
    run_id = services.start(actor=user_of(request), upload=file)
    response["Location"] = f"/api/operations/{run_id}"
    return Status(202, {"operation_id": run_id})
