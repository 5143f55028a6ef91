"""Sign-ins by tokens in the admin: to be read, and to be ended."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.rest import services
from apps.rest.models import TokenFamily


class CredentialAdmin(admin.ModelAdmin):
    """What opens the public API for a program. Whoever may delete such rows may revoke them."""

    list_select_related = ("user",)
    list_per_page = 50
    show_full_result_count = False
    search_fields: ClassVar[tuple[str, ...]] = ("user__email", "user__display_name")
    actions = ("revoke",)

    def end(self, request: HttpRequest, row: Any) -> None:
        """The service that revokes one."""
        raise NotImplementedError

    @admin.action(description="Revoke", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        rows = list(queryset)
        for row in rows:
            self.end(request, row)
        messages.success(request, f"Revoked: {len(rows)}.")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return super().has_delete_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # They go with their person, but by themselves they are revoked, which is logged.
        match = request.resolver_match
        mine = f"{self.opts.app_label}_{self.opts.model_name}_"
        here = match is not None and (match.url_name or "").startswith(mine)
        return not here and super().has_delete_permission(request, obj)


@admin.register(TokenFamily)
class TokenFamilyAdmin(CredentialAdmin):
    list_display = ("user", "agent", "address", "created_at", "rotated_at", "expires_at", "ended")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "rotated_at")
    search_fields = (*CredentialAdmin.search_fields, "address", "agent")
    fields = (
        *("user", "agent", "address", "rotation", "created_at", "rotated_at", "expires_at"),
        "revoked_at",
    )

    @admin.display(description="Ended", boolean=True)
    def ended(self, family: TokenFamily) -> bool:
        return family.has_ended

    def end(self, request: HttpRequest, row: TokenFamily) -> None:
        services.end_family(family=row, request=request)
