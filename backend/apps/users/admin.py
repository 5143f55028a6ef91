from typing import Any

from django import forms
from django.contrib import admin

# without accounts: from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm

# without accounts: from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.users import services  # feature: spa
from apps.users.models import User
from apps.users.signals import email_vouched  # feature: accounts

# without accounts: from apps.users.throttling import sign_in_limit


# without accounts: class SignInForm(AdminAuthenticationForm):
# without accounts:     """As often as at any other door: all count together."""
# without accounts:
# without accounts:     def clean(self) -> dict[str, Any]:
# without accounts:         if self.request is not None and sign_in_limit.hit(self.request):
# without accounts:             raise ValidationError("There were too many attempts. Please wait.")
# without accounts:         return super().clean()
# without accounts:
# without accounts:
# without accounts: admin.site.login_form = SignInForm


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "display_name")
        field_classes: dict[str, type[forms.Field]] = {}


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = UserCreationForm
    list_display = ("display_name", "email", "role_names", "is_active", "is_staff", "last_login")
    list_filter = ("groups", "is_active", "is_staff", "is_superuser")
    search_fields = ("display_name", "email")
    ordering = ("display_name",)
    # feature: spa
    # People upload their own picture, which is checked and re-encoded.
    readonly_fields = ("avatar", "last_login", "created_at", "updated_at")
    actions = ("remove_avatars",)
    # end feature: spa
    # without spa: readonly_fields = ("last_login", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Profile", {"fields": ("display_name", "avatar", "time_zone", "theme")}),  # feature: spa
        # without spa: ("Profile", {"fields": ("display_name", "time_zone")}),
        (
            "Permissions",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Dates", {"fields": ("last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "display_name", "usable_password", "password1", "password2"),
            },
        ),
    )

    # feature: accounts
    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            email_vouched.send(User, user=obj)

    # end feature: accounts
    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    # feature: spa
    @admin.action(description="Remove the pictures of selected people", permissions=["change"])
    def remove_avatars(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        people = queryset.exclude(avatar="")
        for user in people:
            services.remove_avatar(user=user)
        self.message_user(request, f"{len(people)} pictures are gone.")

    # end feature: spa
    @admin.display(description="Roles")
    def role_names(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())
