"""Notifications in the public API."""

from rest_framework import serializers

from apps.rest.inputs import Input
from longhouse.notifications.models import Notification


class NotificationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Notification
        fields = ("id", "kind", "title", "text", "url", "created_at", "read_at")


class NotificationChange(Input):
    read = serializers.BooleanField()

    example = {"read": True}
