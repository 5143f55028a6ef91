"""What the signed-in person is told, and wants to be told."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from apps.api.auth import signed_in, user_of
from apps.api.pagination import paginate
from apps.notifications import schemas
from longhouse.notifications import services
from longhouse.notifications.models import Notification
from longhouse.notifications.services import Choice

router = Router(tags=["notifications"])


@router.get("/notifications", response=schemas.NotificationPage, auth=signed_in)
def list_notifications(
    request: HttpRequest, query: Query[schemas.NotificationQuery]
) -> dict[str, Any]:
    """Newest first."""
    user = user_of(request)
    page = paginate(services.notifications_of(user, unread=query.unread), query)
    return page | {"unread": services.count_unread(user)}


@router.post("/notifications/read", response=schemas.Unread, auth=signed_in)
def mark_notifications_read(request: HttpRequest, body: schemas.ReadUpTo) -> dict[str, int]:
    """Mark one notification and all before it as read. What came meanwhile stays unread."""
    user = user_of(request)
    services.mark_all_read(user, up_to=body.up_to)
    return {"unread": services.count_unread(user)}


@router.get("/notifications/choices", response=list[schemas.NotificationChoice], auth=signed_in)
def list_notification_choices(request: HttpRequest) -> list[Choice]:
    """Every kind that concerns the person, and what holds for it."""
    return services.choices_of(user_of(request))


@router.put("/notifications/choices/{kind}", response=schemas.NotificationChoice, auth=signed_in)
def choose_notifications(
    request: HttpRequest, kind: str, choice: schemas.NotificationChoiceChange
) -> Choice:
    return services.choose(user=user_of(request), kind=kind, **choice.dict())


@router.patch(
    "/notifications/{uuid:notification_id}", response=schemas.NotificationOut, auth=signed_in
)
def change_notification(
    request: HttpRequest, notification_id: uuid.UUID, change: schemas.NotificationChange
) -> Notification:
    """Mark one as read, or as unread."""
    user = user_of(request)
    services.mark(user, [notification_id], read=change.read)
    return get_object_or_404(services.notifications_of(user), pk=notification_id)
