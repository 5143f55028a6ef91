"""The museum in the admin: all of it found, linked and corrected, by the rules of the services."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.api.auth import user_of
from apps.core.admin import ServiceAdmin, ServiceForm, SoftDeleteAdmin
from apps.core.problems import Problem
from apps.core.soft_delete import SoftDeleteQuerySet
from apps.museum import selectors, services
from apps.museum.admin_parts import (
    LogEntryInline,
    PartInline,
    PhotoInline,
    ReportInline,
    count_of,
    day,
    link,
    picture,
)
from apps.museum.models import (
    Location,
    LogEntry,
    Machine,
    MachineModel,
    MachineStatus,
    Part,
    Photo,
    PhotoState,  # feature: jobs
    ProblemReport,
    ReportStatus,
)


class HouseAdmin(ServiceAdmin):
    def delete_by_service(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        services.delete_all(actor=user_of(request), rows=rows)


class RecordAdmin(HouseAdmin, SoftDeleteAdmin):
    """Of what can be deleted and brought back."""

    def restore_by_service(self, request: HttpRequest, deletion_id: uuid.UUID) -> int:
        return services.undelete(actor=user_of(request), deletion_id=deletion_id)

    def delete_for_good_by_service(
        self, request: HttpRequest, rows: SoftDeleteQuerySet[Any]
    ) -> int:
        return services.delete_for_good(actor=user_of(request), rows=rows)


@admin.register(Location)
class LocationAdmin(HouseAdmin):
    list_display = ("name", "zone", "position", "machine_count")
    list_editable = ("position",)
    list_filter = ("zone",)
    search_fields = ("name",)
    ordering = ("position", "name")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("created_at", "updated_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Location]:
        machines = count_of(Machine.objects.all(), "location")
        return super().get_queryset(request).annotate(machine_count=machines)

    def add_by_service(self, request: HttpRequest, values: dict[str, Any]) -> Location:
        return services.add_location(actor=user_of(request), **values)

    def change_by_service(
        self, request: HttpRequest, row: Location, version: int, changes: dict[str, Any]
    ) -> None:
        services.change_location(actor=user_of(request), location=row, **changes)

    @admin.display(description="machines", ordering="machine_count")
    def machine_count(self, location: Any) -> SafeString:
        return link("machine_changelist", location.machine_count, location__id__exact=location.pk)


@admin.register(MachineModel)
class MachineModelAdmin(HouseAdmin):
    list_display = ("name", "manufacturer", "year", "era", "players", "designer", "machine_count")
    list_filter = ("era", "manufacturer", "players")
    search_fields = ("name", "manufacturer", "designer", "=year")
    ordering = ("name", "year")
    readonly_fields = ("created_at", "updated_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MachineModel]:
        machines = count_of(Machine.objects.all(), "model")
        return super().get_queryset(request).annotate(machine_count=machines)

    def add_by_service(self, request: HttpRequest, values: dict[str, Any]) -> MachineModel:
        return services.add_machine_model(actor=user_of(request), **values)

    def change_by_service(
        self, request: HttpRequest, row: MachineModel, version: int, changes: dict[str, Any]
    ) -> None:
        services.change_machine_model(actor=user_of(request), model=row, **changes)

    @admin.display(description="machines", ordering="machine_count")
    def machine_count(self, model: Any) -> SafeString:
        return link("machine_changelist", model.machine_count, model__id__exact=model.pk)


@admin.register(Machine)
class MachineAdmin(RecordAdmin):
    list_display = (
        "number", "preview", "name", "status", "place", "open_reports", "last_worked",
    )  # fmt: skip
    list_display_links = ("number", "name")
    list_filter = ("status", "location__zone", "location", "model__era", "model__manufacturer")
    search_fields = ("asset_number", "model__name", "model__manufacturer", "serial_number", "notes")
    ordering = ("asset_number",)
    date_hierarchy = "acquired_on"
    autocomplete_fields = ("model", "location")
    inlines = (PhotoInline, ReportInline, LogEntryInline, PartInline)
    fieldsets = (
        (None, {"fields": ("model", "asset_number", "location", "status", "next_steps")}),
        ("Papers", {"fields": ("serial_number", "acquired_on", "notes")}),
        ("Record", {"fields": ("slug", "created_at", "updated_at"), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        own = selectors.own_pictures()
        open_reports = ProblemReport.objects.filter(status=ReportStatus.OPEN)
        last = LogEntry.objects.filter(machine=OuterRef("pk")).order_by("-worked_at")
        return (
            super()
            .get_queryset(request)
            .select_related("model", "location")
            .prefetch_related(Prefetch("photos", queryset=own, to_attr="gallery"))
            .annotate(
                open_reports=count_of(open_reports, "machine"),
                last_worked_at=Subquery(last.values("worked_at")[:1]),
            )
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = ("status", "next_steps", "slug", "created_at", "updated_at")
        return (*fixed, "asset_number") if obj else fixed

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def add_by_service(self, request: HttpRequest, values: dict[str, Any]) -> Machine:
        return services.add_machine(actor=user_of(request), **values)

    def change_by_service(
        self, request: HttpRequest, row: Machine, version: int, changes: dict[str, Any]
    ) -> None:
        services.change_machine(actor=user_of(request), machine=row, version=version, **changes)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        # Only photos can be edited on this page.
        formset.save(commit=False)
        for photo in formset.deleted_objects:
            services.delete(actor=user_of(request), row=photo)
        for photo, names in formset.changed_objects:
            changes = {name: getattr(photo, name) for name in names}
            services.change_photo(actor=user_of(request), photo=photo, **changes)

    @admin.display(description="picture")
    def preview(self, machine: Any) -> SafeString | str:
        return picture(machine.gallery[0] if machine.gallery else None, 48)

    @admin.display(ordering="asset_number")
    def number(self, machine: Machine) -> str:
        return machine.asset_number

    @admin.display(ordering="model__name")
    def name(self, machine: Machine) -> str:
        return machine.model.name

    @admin.display(ordering="location__name")
    def place(self, machine: Machine) -> str:
        return machine.location.name

    @admin.display(description="open", ordering="open_reports")
    def open_reports(self, machine: Any) -> SafeString | str:
        if not machine.open_reports:
            return "-"
        return link(
            "problemreport_changelist",
            machine.open_reports,
            machine__id__exact=machine.pk,
            status__exact=ReportStatus.OPEN,
        )

    @admin.display(description="last work", ordering=F("last_worked_at").desc(nulls_last=True))
    def last_worked(self, machine: Any) -> str:
        return day(machine.last_worked_at)

    @admin.display(description="next")
    def next_steps(self, machine: Machine) -> SafeString | str:
        if machine._state.adding:
            return "Its status is unknown until somebody logs work."
        return format_html(
            "{} &nbsp; {} &nbsp; {}",
            link("logentry_add", "Log work (sets the status)", machine=machine.pk),
            link("problemreport_add", "Report a problem", machine=machine.pk),
            link("photo_add", "Add a photo", machine=machine.pk),
        )


@admin.register(ProblemReport)
class ProblemReportAdmin(RecordAdmin):
    list_display = (
        "summary", "of_machine", "priority", "status", "occurred", "log_count",
    )  # fmt: skip
    list_filter = ("status", "priority", "category", ("reported_by", admin.EmptyFieldListFilter))
    list_select_related = ("machine__model",)
    search_fields = (
        "description", "reporter_name", "machine__asset_number", "machine__model__name",
    )  # fmt: skip
    ordering = ("-occurred_at",)
    date_hierarchy = "occurred_at"
    autocomplete_fields = ("machine",)
    inlines = (LogEntryInline, PartInline)
    actions = (*SoftDeleteAdmin.actions, "reopen_selected")
    fields = (
        "machine", "category", "priority", "description", "occurred_at", "status", "closed_at",
        "reporter_name", "reported_by", "next_steps", "created_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        logged = count_of(LogEntry.objects.all(), "report")
        return super().get_queryset(request).annotate(log_count=logged)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else self.fields[:5]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # A triage may correct category, priority and words; the rest is history.
        return ("machine", *self.fields[4:]) if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def add_by_service(self, request: HttpRequest, values: dict[str, Any]) -> ProblemReport:
        machine = values.pop("machine")
        return services.report_problem(
            actor=user_of(request),
            asset_number=machine.asset_number,
            **values,
        )

    def change_by_service(
        self, request: HttpRequest, row: ProblemReport, version: int, changes: dict[str, Any]
    ) -> None:
        services.change_report(actor=user_of(request), report=row, version=version, **changes)

    @admin.action(description="Reopen selected problem reports", permissions=["change"])
    def reopen_selected(self, request: HttpRequest, queryset: QuerySet[ProblemReport]) -> None:
        reopened = 0
        for report in queryset.filter(status=ReportStatus.CLOSED, deleted_at=None):
            try:
                services.reopen_report(actor=user_of(request), report=report)
                reopened += 1
            except Problem as problem:
                self.message_user(request, str(problem), messages.ERROR)
        self.message_user(request, f"{reopened} reports are open again.")

    @admin.display(description="report")
    def summary(self, report: ProblemReport) -> str:
        return str(report)

    @admin.display(description="machine", ordering="machine__model__name")
    def of_machine(self, report: ProblemReport) -> str:
        return str(report.machine)

    @admin.display(ordering="occurred_at")
    def occurred(self, report: ProblemReport) -> str:
        return day(report.occurred_at)

    @admin.display(description="work", ordering="log_count")
    def log_count(self, report: Any) -> SafeString | str:
        if not report.log_count:
            return "-"
        return link("logentry_changelist", report.log_count, report__id__exact=report.pk)

    @admin.display(description="next")
    def next_steps(self, report: ProblemReport) -> SafeString | str:
        return link(
            "logentry_add", "Log work (may close it)", machine=report.machine_id, report=report.pk
        )


class LogEntryForm(ServiceForm):
    status_after = forms.ChoiceField(
        label="Status afterwards",
        choices=[("", "As it was"), *MachineStatus.choices],
        required=False,
    )


@admin.register(LogEntry)
class LogEntryAdmin(RecordAdmin):
    list_display = (
        "summary", "machine", "author", "worked_at", "minutes", "status_after", "closes_report",
    )  # fmt: skip
    list_filter = ("closes_report", "status_after", "author")
    list_select_related = ("machine__model", "author")
    search_fields = (
        "description", "machine__asset_number", "machine__model__name", "author__display_name",
    )  # fmt: skip
    ordering = ("-worked_at",)
    date_hierarchy = "worked_at"
    autocomplete_fields = ("machine", "report")
    fields = (
        "machine", "report", "closes_report", "description", "minutes", "worked_at",
        "status_after",
    )  # fmt: skip

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = LogEntryForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, "status_before", "author", "created_at") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        # What the entry did stays done: another entry undoes it.
        return (
            "machine", "report", "closes_report", "status_before", "status_after", "author",
            "created_at",
        )  # fmt: skip

    def add_by_service(self, request: HttpRequest, values: dict[str, Any]) -> LogEntry:
        return services.log_work(actor=user_of(request), **values)

    def change_by_service(
        self, request: HttpRequest, row: LogEntry, version: int, changes: dict[str, Any]
    ) -> None:
        services.change_log_entry(actor=user_of(request), entry=row, version=version, **changes)

    @admin.display(description="work")
    def summary(self, entry: LogEntry) -> str:
        return entry.description[:70]


@admin.register(Part)
class PartAdmin(RecordAdmin):
    list_display = (
        "name",
        "quantity",
        "machine",
        "status",
        "supplier",
        "requested_by",
        "created_at",
    )
    list_filter = ("status", "supplier")
    list_select_related = ("machine__model", "requested_by")
    search_fields = ("name", "supplier", "notes", "machine__asset_number", "machine__model__name")
    ordering = ("-created_at",)
    date_hierarchy = "created_at"
    autocomplete_fields = ("machine", "report")
    fields = (
        "machine", "report", "name", "quantity", "supplier", "notes", "status", "requested_by",
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("machine", "report", "requested_by") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else self.fields[:6]

    def add_by_service(self, request: HttpRequest, values: dict[str, Any]) -> Part:
        return services.request_part(actor=user_of(request), **values)

    def change_by_service(
        self, request: HttpRequest, row: Part, version: int, changes: dict[str, Any]
    ) -> None:
        services.change_part(actor=user_of(request), part=row, version=version, **changes)


class PhotoForm(ServiceForm):
    upload = forms.ImageField(label="Picture", help_text="JPEG, PNG, WebP or GIF.")


@admin.register(Photo)
class PhotoAdmin(RecordAdmin):
    list_display = ("preview", "caption", "machine", "of", "uploaded_by", "created_at")
    list_display_links = ("caption",)
    list_filter = (
        "state",
        ("log_entry", admin.EmptyFieldListFilter),
        ("report", admin.EmptyFieldListFilter),
    )
    list_select_related = ("machine__model", "uploaded_by")
    search_fields = ("caption", "machine__asset_number", "machine__model__name")
    ordering = ("-created_at",)
    date_hierarchy = "created_at"
    autocomplete_fields = ("machine", "report", "log_entry")
    list_per_page = 50
    # feature: jobs
    actions = (*SoftDeleteAdmin.actions, "process_selected_again")
    # end feature: jobs

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = PhotoForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("machine", "report", "log_entry", "upload", "caption")
        return (
            "preview", "caption", "position", "machine", "report", "log_entry", "width", "height",
            "uploaded_by", "created_at",
        )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return tuple(
            name for name in self.get_fields(request, obj) if name not in ("caption", "position")
        )

    def add_by_service(self, request: HttpRequest, values: dict[str, Any]) -> Photo:
        return services.add_photo(actor=user_of(request), **values)

    def change_by_service(
        self, request: HttpRequest, row: Photo, version: int, changes: dict[str, Any]
    ) -> None:
        services.change_photo(actor=user_of(request), photo=row, **changes)

    # feature: jobs
    @admin.action(description="Process selected photos again", permissions=["add"])
    def process_selected_again(self, request: HttpRequest, queryset: QuerySet[Photo]) -> None:
        failed = queryset.filter(state=PhotoState.FAILED, deleted_at=None)
        for photo in failed:
            services.process_photo_again(actor=user_of(request), photo=photo)
        self.message_user(request, f"{len(failed)} photos are being processed again.")

    # end feature: jobs
    @admin.display(description="picture")
    def preview(self, photo: Photo) -> SafeString | str:
        return picture(photo, 64)

    @admin.display(description="taken of")
    def of(self, photo: Photo) -> str:
        return "work" if photo.log_entry_id else "a problem" if photo.report_id else "the machine"
