"""The public API, and beside it a viewset as an app would register it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import include, path, re_path
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from apps.core.problems import StaleWrite
from apps.users.models import User
from longhouse.frontdoor.views import not_found


class PersonSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("id", "display_name", "time_zone")


class PersonViewSet(viewsets.ModelViewSet):
    queryset = User.objects.order_by("email")
    serializer_class = PersonSerializer
    http_method_names = ["get", "patch", "post", "head", "options"]

    @action(detail=False, methods=["post"])
    def fail(self, request: Request) -> Response:
        """Fail as the body says."""
        errors: dict[str, Any] = {
            "stale": StaleWrite("Reload."),
            "invalid": ValidationError({"name": ["Too long."], "__all__": ["No."]}),
            "nested": serializers.ValidationError({"lines": [{}, {"price": ["No."]}]}),
            "forbidden": PermissionDenied("Not yours."),
            "crash": RuntimeError("a secret"),
        }
        raise errors[str(dict(request.data)["how"])]


public_api = SimpleRouter()
public_api.register("people", PersonViewSet)

urlpatterns = [
    path("api/v1/", include("apps.rest.urls")),
    path("api/v1/", include(public_api.urls)),
    re_path(r"", not_found),
]

handler400 = "longhouse.frontdoor.views.bad_request"
handler403 = "longhouse.frontdoor.views.permission_denied"
handler404 = "longhouse.frontdoor.views.not_found"
handler500 = "longhouse.frontdoor.views.server_error"
