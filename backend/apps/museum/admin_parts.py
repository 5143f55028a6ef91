"""What the museum's admin pages are made of: links, pictures, counts, rows of other models."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from apps.core.admin import ReadOnlyInline
from apps.museum.models import LogEntry, Part, Photo, ProblemReport


def link(page: str, label: object, *args: object, **query: object) -> SafeString:
    url = reverse(f"admin:museum_{page}", args=args)
    if query:
        url += f"?{urlencode(query)}"
    return format_html('<a href="{}">{}</a>', url, label)


def picture(photo: Photo | None, height: int) -> SafeString | str:
    if photo is None:
        return "-"
    if not photo.image:
        return photo.get_state_display()
    return format_html(
        '<a href="{}"><img src="{}" alt="{}" height="{}" loading="lazy"></a>',
        photo.image.url,
        photo.thumbnail.url,
        photo.caption,
        height,
    )


def day(moment: datetime | None) -> str:
    """The day alone: with the time of day, a list outgrows a laptop's screen."""
    return date_format(localtime(moment), "j M Y") if moment else "-"


def count_of(rows: QuerySet[Any], link_field: str) -> Coalesce:
    """How many of `rows` point at the outer row; as a subquery, so that counts don't multiply."""
    counts = (
        rows.filter(**{link_field: OuterRef("pk")})
        .order_by()
        .values(link_field)
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Coalesce(Subquery(counts), 0)


class PhotoInline(admin.TabularInline):
    model = Photo
    verbose_name_plural = "Photos of the machine itself"
    fields = ("preview", "caption", "position")
    readonly_fields = ("preview",)
    extra = 0
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Photo]:
        own = super().get_queryset(request).filter(report=None, log_entry=None)
        return own.select_related("machine__model")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # an upload is checked and re-encoded: the photo's own page does that

    def preview(self, photo: Photo) -> SafeString | str:
        return picture(photo, 80)


class ReportInline(ReadOnlyInline):
    model = ProblemReport
    fields = ("occurred_at", "status", "priority", "category", "description", "reporter_name")
    ordering = ("-status", "-occurred_at")  # open ones first


class LogEntryInline(ReadOnlyInline):
    model = LogEntry
    fields = ("worked_at", "author", "description", "status_before", "status_after", "report")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        return super().get_queryset(request).select_related("author", "report")


class PartInline(ReadOnlyInline):
    model = Part
    fields = ("name", "quantity", "status", "supplier", "requested_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Part]:
        return super().get_queryset(request).select_related("requested_by")
