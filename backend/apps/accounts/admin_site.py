from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite as DjangoAdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.links import PATHS
from apps.accounts.services import lacks_required_factor
from apps.users.models import User


class AdminSite(DjangoAdminSite):
    """The admin without a sign-in of its own, which would go past second factors."""

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send people to the one sign-in; refuse who is signed in and may not enter."""
        target = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
            target = reverse("admin:index")
        if not isinstance(request.user, User):
            return redirect_to_login(target, settings.LOGIN_URL)
        if self.has_permission(request):
            return redirect(target)
        if super().has_permission(request):
            return redirect(PATHS["security"])  # for the second factor that staff need
        raise PermissionDenied("The admin site is for staff.")

    def has_permission(self, request: HttpRequest) -> bool:
        if not super().has_permission(request):
            return False
        return not (isinstance(request.user, User) and lacks_required_factor(request.user))
