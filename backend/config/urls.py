"""Every URL of the house. Order matters: the catch-all page comes last."""

from django.contrib import admin
from django.urls import (
    include,  # feature: rest
    path,
    re_path,
)
from rest_framework.routers import SimpleRouter  # feature: rest

from apps.api.api import api  # feature: spa
from apps.core import views as core_views
from longhouse.frontdoor import views as frontdoor_views

api.add_router("", "apps.users.api.router")  # feature: spa
api.add_router("", "apps.museum.api.router")  # feature: museum
# feature: rest
# The public API's viewsets: public_api.register("todos", TodoViewSet, basename="todo")
public_api = SimpleRouter()
# end feature: rest

urlpatterns = [
    # feature: rest
    path("api/v1/", include("apps.rest.urls")),
    path("api/v1/", include(public_api.urls)),
    # end feature: rest
    path("api/", api.urls),  # feature: spa
    path("admin/", admin.site.urls),
    path("health/live", core_views.live),
    path("health/ready", core_views.ready),
    re_path(r"^(?P<path>.*)$", frontdoor_views.page),
]

handler400 = "longhouse.frontdoor.views.bad_request"
handler403 = "longhouse.frontdoor.views.permission_denied"
handler404 = "longhouse.frontdoor.views.not_found"
handler500 = "longhouse.frontdoor.views.server_error"
