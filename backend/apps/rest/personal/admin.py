from django.contrib import admin
from django.http import HttpRequest

from apps.rest.admin import CredentialAdmin
from apps.rest.personal import services
from apps.rest.personal.models import PersonalToken


@admin.register(PersonalToken)
class PersonalTokenAdmin(CredentialAdmin):
    list_display = ("user", "name", "scopes", "created_at", "expires_at", "last_used_at")
    list_filter = ("expires_at", "last_used_at")
    search_fields = (*CredentialAdmin.search_fields, "name", "last_address")
    fields = ("user", "name", "scopes", "created_at", "expires_at", "last_used_at", "last_address")

    def end(self, request: HttpRequest, row: PersonalToken) -> None:
        services.revoke(request=request, token=row)
