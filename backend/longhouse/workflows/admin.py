from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from longhouse.workflows import services
from longhouse.workflows.exceptions import Gone
from longhouse.workflows.models import Run, Step


class StepInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Step
    fields = ("position", "key", "kind", "state", "attempt", "started_at", "finished_at", "error")
    readonly_fields = fields
    ordering = ("parent_id", "position")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        return super().get_queryset(request).exclude(kind="item")


@admin.register(Run)
class RunAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Runs of workflows. Code starts them; here they are seen, cancelled and tried again."""

    list_display = ("workflow", "version", "state", "user", "created_at", "finished_at")
    list_filter = ("state", "workflow", "created_at")
    list_select_related = ("user",)
    search_fields = ("id", "workflow", "key", "error")
    date_hierarchy = "created_at"
    inlines = (StepInline,)
    actions = ("cancel", "retry")
    fields = (
        *("workflow", "version", "state", "user", "key", "progress", "args", "kwargs", "result"),
        *("error", "created_at", "finished_at"),
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description="Cancel, and undo what was done", permissions=["change"])
    def cancel(self, request: HttpRequest, runs: QuerySet[Run]) -> None:
        done = sum(services.cancel(run.pk) for run in runs)
        self.message_user(request, f"{done} of {len(runs)} runs are asked to stop.")

    @admin.action(description="Run again from where it failed", permissions=["change"])
    def retry(self, request: HttpRequest, runs: QuerySet[Run]) -> None:
        done = 0
        for run in runs:
            try:
                done += services.retry(run.pk)
            except (Gone, LookupError) as error:
                self.message_user(request, str(error), messages.ERROR)
        self.message_user(request, f"{done} of {len(runs)} runs go on.")
