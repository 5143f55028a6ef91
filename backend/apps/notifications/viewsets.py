"""Notifications in the public API."""

from typing import Any

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

    def get_queryset(self) -> QuerySet[Notification]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return services.notifications_of(self.actor)

    def change(self, row: Notification, **changes: Any) -> Notification:
        services.mark(self.actor, [row.pk], read=changes["read"])
        return row
