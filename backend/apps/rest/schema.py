"""The OpenAPI document of the public API, by drf-spectacular; SPECTACULAR_SETTINGS names these."""

from typing import Any

from drf_spectacular import openapi
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
)
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiTypes
from rest_framework import serializers

from apps.core.models import VersionedRow
from apps.rest.inputs import Input
from apps.rest.viewsets import Changes, Creates, Deletes, Deletion, Resource

ONE_ROW = {
    "list": "List {many}",
    "retrieve": "Read one {one}",
    "create": "Add one {one}",
    "partial_update": "Change one {one}",
    "destroy": "Delete one {one}",
}
MEANINGS = {
    "400": "The request could not be understood.",
    "401": "Nobody is signed in, or the token is not valid any more.",
    "403": "The caller may not do this.",
    "404": "There is no such thing.",
    "409": "This does not fit the present state, or the first request is still under way.",
    "412": "Somebody else changed this meanwhile.",
    "422": "Bad values; `errors` names the fields.",
    "428": "If-Match is missing.",
    "429": "Too many requests; Retry-After says how many seconds to wait.",
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
        return super().get_response_serializers()

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
        body = self.get_request_serializer()
        if self.method in {"POST", "PATCH"} and isinstance(body, type) and issubclass(body, Input):
            return [OpenApiExample("Example", value=body.example, request_only=True)]
        return []

    def get_summary(self) -> str | None:
        if isinstance(self.view, Resource) and self.action in ONE_ROW:
            names = self.view.get_queryset().model._meta
            return ONE_ROW[self.action].format(
                one=names.verbose_name, many=names.verbose_name_plural
            )
        return self.get_description().partition("\n")[0].rstrip(".") or super().get_summary()

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


class InputExtension(OpenApiSerializerExtension):
    target_class = "apps.rest.inputs.Input"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        mapped = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return mapped | {"additionalProperties": False}


class TokenPair(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()


class _TokenExtension(OpenApiSerializerExtension):
    """Bodies go in, tokens come out of the same serializer."""

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        if direction == "response":
            return auto_schema._map_serializer(TokenPair(), direction)
        return auto_schema._map_serializer(self.target, direction, bypass_extensions=True)


class SignInExtension(_TokenExtension):
    target_class = "apps.rest.serializers.SignInSerializer"


class RotationExtension(_TokenExtension):
    target_class = "apps.rest.serializers.RotationSerializer"


REF = "#/components/schemas/Problem"

# Errors ------------------------------------------------------------------------------------

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail", "errors", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "Stable; programs may switch on it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "request_id": {"type": "string", "description": "The one in the server's logs."},
    },
    "example": {
        "type": "/problems/invalid-input",
        "title": "Please check what you entered",
        "status": 422,
        "detail": "",
        "errors": [{"field": "name", "message": "This field is required."}],
        "request_id": "01890a5d-ac96-774b-bcce-b302099a8057",
    },
}


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """POSTPROCESSING_HOOKS: what every operation may answer when it fails."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for path in result["paths"].values():
        for method, operation in path.items():
            headers = {entry["name"] for entry in operation.get("parameters", [])}
            guarded = {} not in operation.get("security", [{}])
            codes = {"400", "429"}
            codes |= {"401", "403"} if guarded or method != "get" else set()
            codes |= {"404"} if operation.get("parameters") else set()
            codes |= {"409"} if method != "get" else set()
            codes |= {"412", "428"} if "If-Match" in headers else set()
            codes |= {"422"} if "requestBody" in operation or method == "get" else set()
            content = {"application/problem+json": {"schema": {"$ref": REF}}}
            for code in sorted(codes):
                operation["responses"].setdefault(
                    code, {"description": MEANINGS[code], "content": content}
                )
            operation["responses"]["4XX"] = {
                "description": "Any other failure.",
                "content": content,
            }
            if "If-None-Match" in headers:
                operation["responses"]["304"] = {"description": "Your copy is current."}
    return result
