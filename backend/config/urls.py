"""Every URL of the house, in the order in which they are tried."""

from django.contrib import admin
from django.urls import (
    include,  # feature: accounts|mail|rest|wiki
    path,
    re_path,  # feature: spa|rest
)

# feature: wiki
# without spa: from django.views.generic import RedirectView
# end feature: wiki
from rest_framework.routers import SimpleRouter  # feature: rest

from apps.api.api import api  # feature: spa
from apps.core import views as core_views

# feature: rest
from apps.museum import viewsets as museum  # feature: museum
from apps.notifications.viewsets import NotificationViewSet  # feature: notifications
from apps.operations.viewsets import OperationViewSet  # feature: workflows
from apps.versions import viewsets as versions  # feature: versioning

# without spa: from longhouse.frontdoor.views import not_found
# end feature: rest
from longhouse.frontdoor.pages import page  # feature: spa
from longhouse.metrics.views import metrics  # feature: metrics

# feature: spa
api.add_router("", "apps.accounts.api.router")  # feature: accounts
# without accounts: api.add_router("", "apps.users.api.router")
api.add_router("", "apps.operations.api.router")  # feature: workflows
api.add_router("", "apps.notifications.api.router")  # feature: notifications
api.add_router("", "apps.versions.api.router")  # feature: versioning
# end feature: spa
# feature: museum
api.add_router("", "apps.museum.importing.api.router")  # feature: workflows
api.add_router("", "apps.museum.api.router")
# end feature: museum
# feature: rest
api.add_router("", "apps.rest.personal.api.router")  # feature: spa
# The public API's viewsets: public_api.register("todos", TodoViewSet, basename="todo")
public_api = SimpleRouter(use_regex_path=False)
# feature: museum
public_api.register("locations", museum.LocationViewSet)
public_api.register("machine-models", museum.MachineModelViewSet)
public_api.register("machines", museum.MachineViewSet)
public_api.register("reports", museum.ReportViewSet)
public_api.register("log-entries", museum.LogEntryViewSet)
public_api.register("parts", museum.PartViewSet)
public_api.register("photos", museum.PhotoViewSet)
public_api.register("deletions", museum.DeletionViewSet, basename="deletion")
# end feature: museum
public_api.register("notifications", NotificationViewSet)  # feature: notifications
public_api.register("operations", OperationViewSet, basename="operation")  # feature: workflows
# feature: versioning
public_api.register("branches", versions.BranchViewSet)
public_api.register("commits", versions.CommitViewSet)
public_api.register("reviews", versions.ReviewViewSet)
# end feature: versioning
# end feature: rest

urlpatterns = [
    # feature: rest
    path("api/v1/", include("apps.rest.urls")),
    path("api/v1/", include(public_api.urls)),
    # without spa: re_path(r"^api/", not_found),  # a problem, in development too
    # end feature: rest
    path("api/", api.urls),  # feature: spa
    # feature: accounts
    path("_allauth/", include("allauth.headless.urls")),
    path("accounts/", include("apps.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    # end feature: accounts
    path("admin/", admin.site.urls),
    path("dev/mail/", include("longhouse.mail.urls")),  # feature: mail
    # feature: wiki
    path("wiki/", include("apps.wiki.urls")),
    # without spa: path("", RedirectView.as_view(pattern_name="wiki:home")),
    # end feature: wiki
    path("health/live", core_views.live),
    path("health/ready", core_views.ready),
    path("metrics", metrics),  # feature: metrics
    re_path(r"^(?P<path>.*)$", page),  # feature: spa
]

handler400 = "longhouse.frontdoor.views.bad_request"
handler403 = "longhouse.frontdoor.views.permission_denied"
handler404 = "longhouse.frontdoor.views.not_found"
handler500 = "longhouse.frontdoor.views.server_error"
