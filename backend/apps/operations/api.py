"""Operations in the first-party API."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from apps.api.auth import signed_in, user_of
from apps.api.pagination import paginate
from apps.api.schemas import Page
from apps.operations import schemas, selectors, services
from longhouse.workflows.models import Run

router = Router(tags=["operations"])


@router.get("/operations", response=schemas.OperationPage, auth=signed_in)
def list_operations(request: HttpRequest, query: Query[schemas.OperationQuery]) -> dict[str, Any]:
    user = user_of(request)
    found = selectors.operations(user)
    if query.state:
        found = found.filter(state=query.state)
    if query.workflow:
        found = found.filter(workflow=query.workflow)
    return paginate(found, query) | {"workflows": selectors.workflows(user)}


@router.get("/operations/{uuid:operation_id}", response=schemas.OperationOut, auth=signed_in)
def get_operation(request: HttpRequest, operation_id: uuid.UUID) -> Run:
    return selectors.operation(user_of(request), operation_id)


@router.get(
    "/operations/{uuid:operation_id}/steps/{int:position}/items",
    response=Page[schemas.OperationItem],
    auth=signed_in,
)
def list_operation_items(
    request: HttpRequest,
    operation_id: uuid.UUID,
    position: int,
    query: Query[schemas.OperationItemQuery],
) -> dict[str, Any]:
    """What one step does many times over."""
    run = selectors.operation(user_of(request), operation_id)
    return paginate(selectors.items(run, step=position, state=query.state or ""), query)


@router.post(
    "/operations/{uuid:operation_id}/cancel", response=schemas.OperationOut, auth=signed_in
)
def cancel_operation(request: HttpRequest, operation_id: uuid.UUID) -> Run:
    """Stop, and undo what was done."""
    return services.cancel(actor=user_of(request), run_id=operation_id)


@router.post("/operations/{uuid:operation_id}/retry", response=schemas.OperationOut, auth=signed_in)
def retry_operation(request: HttpRequest, operation_id: uuid.UUID) -> Run:
    """Go on from the step that failed."""
    return services.retry(actor=user_of(request), run_id=operation_id)
