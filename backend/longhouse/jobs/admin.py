"""Jobs, schedules and the dashboard of queues, for whoever operates the site."""

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html

from longhouse.jobs import registry, schedules, selectors, services
from longhouse.jobs.exceptions import NotUnique
from longhouse.jobs.models import Attempt, Job, Schedule


class ReadOnly:
    """To be read: what changes a job is an action."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AttemptInline(ReadOnly, admin.TabularInline[Attempt, Job]):
    model = Attempt
    fields = ("number", "outcome", "worker", "started_at", "ended_at", "traceback")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # whoever sees the job

    @admin.display(description="Error")
    def traceback(self, attempt: Attempt) -> str:
        return format_html("<pre>{}</pre>", attempt.error) if attempt.error else ""


@admin.register(Job)
class JobAdmin(admin.ModelAdmin[Job]):
    change_list_template = "admin/jobs/job/change_list.html"
    list_display = ("task", "state", "queue", "priority", "tries", "created_at", "took", "summary")
    list_filter = ("state", "queue", "task")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("id__exact", "task", "idempotency_key")
    search_help_text = "Id, part of the task's path, or idempotency key"
    ordering = ("-id",)
    inlines = (AttemptInline,)
    actions = ("replay", "cancel", "cancel_and_kill", "discard")
    fieldsets = (
        (None, {"fields": ("id", "task", "state", "queue", "priority", "tries", "worker")}),
        ("Call", {"fields": ("shown_args", "shown_kwargs", "shown_result", "shown_error")}),
        (
            "Times",
            {"fields": ("created_at", "run_at", "started_at", "finished_at", "lease_until")},
        ),
        (
            "More",
            {
                "fields": (
                    *("progress", "timeout", "gate", "idempotency_key", "parent", "schedule"),
                    *("cancel_requested", "kill_requested"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).defer("result", "args", "kwargs")

    def get_urls(self) -> list[Any]:
        dashboard = self.admin_site.admin_view(self.dashboard)
        return [path("dashboard/", dashboard, name="jobs_dashboard"), *super().get_urls()]

    def dashboard(self, request: HttpRequest) -> HttpResponse:
        """Depth, age, throughput and failures of each queue, and who works on them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": "Queues",
            "opts": self.model._meta,
            "overview": selectors.overview(),
            "now": timezone.now(),
        }
        return TemplateResponse(request, "admin/jobs/job/dashboard.html", context)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for _, part in self.fieldsets for name in part["fields"]]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="Attempts", ordering="attempt")
    def tries(self, job: Job) -> str:
        return f"{job.attempt} of {job.max_attempts}"

    @admin.display(description="Took")
    def took(self, job: Job) -> str:
        if job.started_at is None or job.finished_at is None:
            return ""
        return f"{(job.finished_at - job.started_at).total_seconds():.2f} s"

    @admin.display(description="Says")
    def summary(self, job: Job) -> str:
        if job.error:
            return job.error.strip().rsplit("\n", 1)[-1][:120]
        progress = job.progress or {}
        return f"{progress['percent']:g} % {progress['message']}" if progress else ""

    @admin.display(description="Arguments")
    def shown_args(self, job: Job) -> str:
        return _pre(job.args)

    @admin.display(description="Named arguments")
    def shown_kwargs(self, job: Job) -> str:
        return _pre(job.kwargs)

    @admin.display(description="Result")
    def shown_result(self, job: Job) -> str:
        return _pre(job.result)

    @admin.display(description="Last error")
    def shown_error(self, job: Job) -> str:
        return format_html("<pre>{}</pre>", job.error) if job.error else ""

    @admin.action(description="Replay: run again from the first attempt", permissions=["change"])
    def replay(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        done = 0
        for pk in queryset.values_list("pk", flat=True):
            try:
                done += services.replay(pk)
            except NotUnique as error:
                self.message_user(request, str(error), messages.ERROR)
        self.message_user(request, f"{done} jobs run again.")

    @admin.action(description="Cancel: a running one stops by itself", permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        done = sum(services.cancel(pk) for pk in queryset.values_list("pk", flat=True))
        self.message_user(request, f"{done} jobs are cancelled, or asked to stop.")

    @admin.action(
        description="Cancel, and kill what does not stop by itself", permissions=["change"]
    )
    def cancel_and_kill(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        keys = queryset.values_list("pk", flat=True)
        done = sum(services.cancel(pk, kill=True) for pk in keys)
        self.message_user(request, f"{done} jobs are cancelled, or about to be killed.")

    @admin.action(description="Discard: to the dead letter", permissions=["change"])
    def discard(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        done = sum(services.discard(pk) for pk in queryset.values_list("pk", flat=True))
        self.message_user(request, f"{done} jobs went to the dead letter.")


@admin.register(Schedule)
class ScheduleAdmin(admin.ModelAdmin[Schedule]):
    list_display = ("name", "cron", "timezone", "enabled", "declared", "next_at", "last_at")
    list_editable = ("enabled",)
    list_filter = ("enabled",)
    search_fields = ("name", "task")
    actions = ("run_now",)
    fields = (
        *("name", "task", "args", "kwargs", "cron", "timezone", "overlap", "catch_up"),
        *("enabled", "next_at", "last_at"),
    )
    readonly_fields = tuple(name for name in fields if name != "enabled")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # code declares them

    @admin.display(description="In code", boolean=True)
    def declared(self, row: Schedule) -> bool:
        registry.discover()
        return row.name in registry.SCHEDULES

    @admin.action(description="Run now", permissions=["change"])
    def run_now(self, request: HttpRequest, queryset: QuerySet[Schedule]) -> None:
        registry.discover()
        for row in queryset:
            if row.name not in registry.SCHEDULES:
                self.message_user(request, f"{row} is not in code any more.", messages.ERROR)
                continue
            schedules.run_now(row)
            self.message_user(request, f"{row} runs.")


def _pre(value: Any) -> str:
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False))
