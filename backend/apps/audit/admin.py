from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from apps.audit.models import SecurityEvent
from apps.audit.services import digest
from apps.users.models import User


@admin.register(SecurityEvent)
class SecurityEventAdmin(admin.ModelAdmin):
    """To be read. Searching for an address also finds failed sign-ins that fit nobody."""

    list_display = ("at", "kind", "who", "by", "ip", "summary")
    list_filter = ("kind", "at")
    list_select_related = ("person", "actor")
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "at"
    search_fields = ("person__email", "person__display_name", "ip", "request_id")
    search_help_text = "Name or address of a person, the exact address that was typed, IP, request"
    fields = (
        *("at", "kind", "who", "by", "tried", "ip", "network", "user_agent", "request_id"),
        "details",
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SecurityEvent], search_term: str
    ) -> tuple[QuerySet[SecurityEvent], bool]:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if search_term:
            found |= queryset.filter(tried=digest(search_term))
        return found, duplicates

    @admin.display(description="Person", ordering="person__display_name")
    def who(self, event: SecurityEvent) -> str:
        return _link(event.person) or ("nobody" if event.tried else "")

    @admin.display(description="By")
    def by(self, event: SecurityEvent) -> str:
        return _link(event.actor)

    @admin.display(description="Details")
    def summary(self, event: SecurityEvent) -> str:
        return ", ".join(f"{name}: {_text(value)}" for name, value in event.details.items())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _link(person: User | None) -> str:
    if person is None:
        return ""
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:users_user_change", args=[person.pk]), person
    )


def _text(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
