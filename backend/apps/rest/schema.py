"""The OpenAPI document of the public API, by drf-spectacular; SPECTACULAR_SETTINGS names these."""

import json
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from drf_spectacular import openapi
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
)
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiTypes
from rest_framework import serializers
from rest_framework.utils.encoders import JSONEncoder

from apps.core.models import VersionedRow
from apps.rest.viewsets import Changes, Creates, Deletes, Deletion, Resource

ONE_ROW = {
    "list": "List {many}",
    "retrieve": "Read one {one}",
    "create": "Add one {one}",
    "partial_update": "Change one {one}",
    "destroy": "Delete one {one}",
}
# What generators of clients make their functions' names of.
OPERATION_IDS = {
    "list": "list_{many}",
    "retrieve": "get_{one}",
    "create": "add_{one}",
    "partial_update": "change_{one}",
    "destroy": "delete_{one}",
}


class AutoSchema(openapi.AutoSchema):
    """What the bases of our viewsets do, told to drf-spectacular."""

    @property
    def action(self) -> str:
        return getattr(self.view, "action", "") or ""

    def get_request_serializer(self) -> Any:
        if isinstance(self.view, Creates) and self.action == "create":
            return self.view.create_serializer_class
        if isinstance(self.view, Changes) and self.action == "partial_update":
            return self.view.change_serializer_class
        return super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        if isinstance(self.view, Creates) and self.action == "create":
            return {201: self.view.receipt_serializer_class or self.view.serializer_class}
        if isinstance(self.view, Deletes) and self.action == "destroy":
            return {200: Deletion}
        found = super().get_response_serializers()
        return getattr(found, "answered_with", found)

    def get_override_parameters(self) -> list[Any]:
        if not isinstance(self.view, Resource):
            return []
        found = []
        if self.action in {"list", "retrieve"}:
            found.append(_header("If-None-Match", "The ETag of your copy: 304 if it is current."))
        if self.action == "create":
            text = "Any unique text, such as a UUID: sent again with it, the row is stored once."
            found.append(_header("Idempotency-Key", text))
        changes = self.action in {"partial_update", "destroy"}
        if changes and issubclass(self.view.get_queryset().model, VersionedRow):
            text = "The ETag of what you read: 412 if somebody changed it meanwhile."
            found.append(_header("If-Match", text, required=True))
        if self.action in {"list", "retrieve", "create", "partial_update"}:
            found.append(_header("ETag", "Of this answer.", response=[200, 201]))
        return found

    def get_examples(self) -> list[OpenApiExample]:
        body = self.get_request_serializer() if self.method in {"POST", "PATCH"} else None
        answers = self.get_response_serializers()
        answers = answers.values() if isinstance(answers, dict) else [answers]
        sent = [OpenApiExample("Example", value=getattr(body, "example", None), request_only=True)]
        given = [
            OpenApiExample("Example", value=self._example_of(answer), response_only=True)
            for answer in answers
        ]
        return [example for example in [*sent, *given] if example.value is not None]

    def _example_of(self, answer: Any) -> Any:
        """What a serializer says would be answered, or makes of the view's own example of a row."""
        answer = getattr(answer, "child", answer)  # of a list
        kind = answer if isinstance(answer, type) else type(answer)
        if hasattr(kind, "example") or not issubclass(kind, serializers.BaseSerializer):
            return getattr(kind, "example", None)
        row = getattr(self.view, "example", None)
        if row is None:
            return None
        request = HttpRequest()
        request.user = AnonymousUser()
        data = kind(row, context={"request": request}).data
        return json.loads(json.dumps(data, cls=JSONEncoder))

    def get_summary(self) -> str | None:
        if isinstance(self.view, Resource) and self.action in ONE_ROW:
            names = self.view.get_queryset().model._meta
            return ONE_ROW[self.action].format(
                one=names.verbose_name, many=names.verbose_name_plural
            )
        return self.get_description().partition("\n")[0].rstrip(".") or super().get_summary()

    def get_operation_id(self) -> str:
        if isinstance(self.view, Resource) and self.action in OPERATION_IDS:
            names = self.view.get_queryset().model._meta
            found = OPERATION_IDS[self.action].format(
                one=names.verbose_name, many=names.verbose_name_plural
            )
            return found.replace(" ", "_")
        return super().get_operation_id()

    def get_auth(self) -> list[Any]:
        # Several of our classes read the same header.
        found = super().get_auth()
        return [entry for at, entry in enumerate(found) if entry not in found[:at]]


def _header(
    name: str, text: str, *, required: bool = False, response: list[int] | None = None
) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        required=required,
        description=text,
        response=response or False,
    )


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "rest_framework_simplejwt.authentication.JWTAuthentication"
    match_subclasses = True
    priority = 1
    name = "bearer"

    def get_security_definition(self, auto_schema: openapi.AutoSchema) -> Any:
        return build_bearer_security_scheme_object("HTTP_AUTHORIZATION", "Bearer")


# feature: spa
class PersonalTokenScheme(BearerScheme):
    target_class = "apps.rest.personal.authentication.PersonalTokenAuthentication"
    match_subclasses = False
    priority = 2
    name = "personalToken"


# end feature: spa
class InputExtension(OpenApiSerializerExtension):
    target_class = "apps.rest.inputs.Input"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        mapped = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return mapped | {"additionalProperties": False}
