"""Notifications in the public API."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters import BooleanFilter, FilterSet

from apps.notifications import serializers
from apps.rest.pagination import NewestFirst
from apps.rest.viewsets import Changes
from longhouse.notifications import services
from longhouse.notifications.models import Notification


class NotificationFilter(FilterSet):
    unread = BooleanFilter(field_name="read_at", lookup_expr="isnull", label="Not read yet.")

    class Meta:
        model = Notification
        fields: tuple[str, ...] = ()


class NotificationViewSet(Changes):
    """What the caller is told, newest first."""

    queryset = Notification.objects.none()  # for the document: everybody reads their own
    serializer_class = serializers.NotificationSerializer
    change_serializer_class = serializers.NotificationChange
    filterset_class = NotificationFilter
    pagination_class = NewestFirst
    example = Notification(
        pk=UUID("01890a5d-ac96-774b-bcce-b302099a0020"),
        kind="orders.shipped",
        title="Your order is on its way",
        text="It left this morning.",
        url="/orders/17",
        created_at=datetime(2026, 3, 14, 9, 30, tzinfo=UTC),
    )

    def get_queryset(self) -> QuerySet[Notification]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return services.notifications_of(self.actor)

    def change(self, row: Notification, **changes: Any) -> Notification:
        if "read" in changes:
            services.mark(self.actor, [row.pk], read=changes["read"])
        return row
