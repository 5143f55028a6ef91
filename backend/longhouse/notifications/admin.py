from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from longhouse.notifications.models import Notification


@admin.register(Notification)
class NotificationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What was told to whom, and whether it was read and sent; written by code alone."""

    list_display = ("title", "user", "kind", "created_at", "read_at", "mail", "mailed_at")
    list_filter = ("kind", "mail", "created_at")
    list_select_related = ("user",)
    search_fields = ("title", "about")
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
