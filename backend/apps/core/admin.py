"""What the admin pages of all apps share: deletion that can be undone, and writes by services."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.core.models import input_name
from apps.core.problems import Problem, from_validation_error
from apps.core.soft_delete import LIVE, SoftDeleteQuerySet

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = "Everything in the house"


class DeletedFilter(admin.SimpleListFilter):
    """Live rows, unless one asks for the others."""

    title = "deletion"
    parameter_name = "deletion"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("deleted", "Deleted"), ("all", "Live and deleted")]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": "Live"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "deleted":
            return queryset.exclude(LIVE)
        return queryset if self.value() == "all" else queryset.filter(LIVE)


class ServiceForm(forms.ModelForm):
    """Sends along the version that the person saw, and shows what a service refused."""

    refusal: Problem | ValidationError | None = None
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen_version"] = getattr(self.instance, "version", None)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for field, message in self._refused():
            self.add_error(field or None, message)
        return cleaned

    def validate_constraints(self) -> None:
        """The service validates them, and says what is wrong in words."""

    def _refused(self) -> list[tuple[str, str]]:
        if self.refusal is None:
            return []
        if isinstance(self.refusal, ValidationError):
            problem: Problem = from_validation_error(self.refusal)
        else:
            problem = self.refusal
        inputs = {input_name(self._meta.model, name): name for name in self.fields}
        rows = [(inputs.get(row["field"], ""), row["message"]) for row in problem.errors]
        return rows or [("", str(problem))]


class ServiceAdmin(admin.ModelAdmin):
    """Writes through the services, so that no rule can be bypassed in the admin.

    A refusal of the service appears in the form, with everything that was typed still there.
    """

    form = ServiceForm

    def add_by_service(self, request: HttpRequest, values: dict[str, Any]) -> Any:
        """Make the row from the form's values, and return it."""
        raise NotImplementedError

    def change_by_service(
        self, request: HttpRequest, row: Any, version: int, changes: dict[str, Any]
    ) -> None:
        raise NotImplementedError

    def delete_by_service(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        raise NotImplementedError

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_queryset(request, self.model._default_manager.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        # By key, because the list's own query carries annotations that an UPDATE cannot.
        keys = list(queryset.values_list("pk", flat=True))
        self.delete_by_service(request, self.model._default_manager.filter(pk__in=keys))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not hasattr(obj, "version"):
            return fieldsets
        if not self.has_change_permission(request, obj):
            return fieldsets
        (name, options), *others = fieldsets
        return [(name, {**options, "fields": [*options["fields"], "seen_version"]}), *others]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (Problem, ValidationError) as refusal:
            # Everything was rolled back: show the form once more, with the reason.
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        values = dict(form.cleaned_data)
        seen_version = values.pop("seen_version", None)
        if change:
            changes = {name: values[name] for name in form.changed_data if name in values}
            if changes:
                self.change_by_service(request, obj, seen_version, changes)
            return
        saved = self.add_by_service(request, values)
        obj.pk, obj._state.adding = saved.pk, False
        obj.refresh_from_db()


class SoftDeleteAdmin(ServiceAdmin):
    """Deletes softly, shows what was deleted on request, and brings it back.

    A deleted row can be looked at but not changed: restore it first.
    """

    actions: tuple[str, ...] = ("restore_selected", "delete_selected_for_good")

    def restore_by_service(self, request: HttpRequest, deletion_id: uuid.UUID) -> int:
        """Undo a deletion; returns how many rows are back."""
        raise NotImplementedError

    def delete_for_good_by_service(
        self, request: HttpRequest, rows: SoftDeleteQuerySet[Any]
    ) -> int:
        """Remove rows that were deleted softly before; returns how many."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> SoftDeleteQuerySet[Any]:
        rows = self.model.all_objects.order_by(*self.get_ordering(request))
        match = request.resolver_match
        if match is not None and match.url_name == "autocomplete":
            return rows.filter(LIVE)
        return rows

    def get_list_display(self, request: HttpRequest) -> Any:
        columns = super().get_list_display(request)
        return [*columns, "deleted_at"] if "deletion" in request.GET else columns

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [*super().get_list_filter(request), DeletedFilter]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        deleted = obj is not None and obj.deleted_at is not None
        return not deleted and super().has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Who may change live rows may look at deleted ones.
        return super().has_view_permission(request, obj) or super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        deleted = obj is not None and obj.deleted_at is not None
        return not deleted and super().has_delete_permission(request, obj)

    def has_restore_permission(self, request: HttpRequest) -> bool:
        return super().has_delete_permission(request)

    def has_delete_for_good_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    @admin.action(description="Restore selected %(verbose_name_plural)s", permissions=["restore"])
    def restore_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        restored = 0
        deletions = queryset.exclude(deletion_id=None).order_by()
        for deletion_id in deletions.values_list("deletion_id", flat=True).distinct():
            try:
                restored += self.restore_by_service(request, deletion_id)
            except Problem as problem:
                self.message_user(request, str(problem), messages.ERROR)
        if restored:
            self.message_user(
                request, f"{restored} rows are back, with all that was deleted with them."
            )

    @admin.action(
        description="Delete selected %(verbose_name_plural)s for good",
        permissions=["delete_for_good"],
    )
    def delete_selected_for_good(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        """Asks first; takes only what was deleted softly before."""
        keys = list(queryset.exclude(LIVE).values_list("pk", flat=True))
        rows = self.model.all_objects.filter(pk__in=keys)
        if not keys:
            self.message_user(
                request, "Only deleted rows can be deleted for good.", messages.WARNING
            )
            return None
        if request.POST.get("confirmed"):
            removed = self.delete_for_good_by_service(request, rows)
            self.message_user(request, f"{removed} rows are gone for good.")
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Delete for good",
            "opts": self.model._meta,
            "rows": self.get_queryset(request).filter(pk__in=keys),
            "action": "delete_selected_for_good",
            "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/delete_for_good.html", context)


class ReadOnlyInline(admin.TabularInline):
    """Rows of another model, to look at and to click on."""

    extra = 0
    can_delete = False
    show_change_link = True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # As the model's own pages: who may change may look.
        return super().has_view_permission(request, obj) or super().has_change_permission(
            request, obj
        )
