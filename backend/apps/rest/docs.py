"""The public API described: the OpenAPI document, and a page of it for people."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

METHODS = ("get", "post", "put", "patch", "delete")


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document; the code that it describes does not change while it runs."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


class Open(APIView):
    """For everybody, and not in the document itself."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    schema = None


class SchemaView(Open):
    def get(self, request: Request) -> HttpResponse:
        text = json.dumps(document(), ensure_ascii=False)
        return HttpResponse(text, content_type="application/json")


class DocsView(Open):
    def get(self, request: Request) -> HttpResponse:
        origin = f"{request.scheme}://{request.get_host()}"
        groups: dict[str, list[Operation]] = {}
        for operation in operations(document(), origin):
            groups.setdefault(operation.tag, []).append(operation)
        return render(
            request._request,
            "rest/docs.html",
            {"title": document()["info"]["title"], "groups": groups},
        )


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body."""

    name: str
    place: str  # "path", "query", "header", "body"
    kind: str
    required: bool
    text: str


@dataclass(frozen=True)
class Operation:
    anchor: str
    tag: str
    method: str
    path: str
    summary: str
    text: str
    signed_in: bool
    fields: list[Field]
    curl: str
    responses: list[tuple[str, str]]


def operations(schema: dict[str, Any], origin: str) -> Iterator[Operation]:
    """All operations of an OpenAPI document, to be called at `origin`."""
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if described := methods.get(method):
                yield _operation(schema, origin, path, method, described)


def _operation(
    schema: dict[str, Any], origin: str, path: str, method: str, described: dict[str, Any]
) -> Operation:
    parameters = described.get("parameters", [])
    media = described.get("requestBody", {}).get("content", {}).get("application/json", {})
    signed_in = {} not in described.get("security", [{}])
    fields = [
        Field(
            name=entry["name"],
            place=entry["in"],
            kind=_kind(schema, entry["schema"]),
            required=entry.get("required", False),
            text=entry.get("description", ""),
        )
        for entry in parameters
    ]
    body = _resolve(schema, media.get("schema", {}))
    fields += [
        Field(
            name=name,
            place="body",
            kind=_kind(schema, field),
            required=name in body.get("required", []),
            text=field.get("description", ""),
        )
        for name, field in body.get("properties", {}).items()
    ]
    return Operation(
        anchor=described["operationId"],
        tag=described["tags"][0],
        method=method.upper(),
        path=path,
        summary=described.get("summary", ""),
        text=described.get("description", ""),
        signed_in=signed_in,
        fields=fields,
        curl=_curl(origin + path, method.upper(), parameters, media, signed_in=signed_in),
        responses=[
            (code, answer.get("description", "")) for code, answer in described["responses"].items()
        ],
    )


def _curl(
    url: str, method: str, parameters: list[Any], media: dict[str, Any], *, signed_in: bool
) -> str:
    lines = [f"curl -X {method} {shlex.quote(url)}"]
    if signed_in:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    lines += [
        f"-H '{entry['name']}: …'"
        for entry in parameters
        if entry["in"] == "header" and entry.get("required")
    ]
    for example in media.get("examples", {}).values():
        lines.append("-H 'Content-Type: application/json'")
        lines.append(f"-d {shlex.quote(json.dumps(example['value'], ensure_ascii=False))}")
    return " \\\n  ".join(lines)


def _resolve(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    name = part.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema["components"]["schemas"][name] if name else part
    return found


def _kind(schema: dict[str, Any], part: dict[str, Any]) -> str:
    """The type in words: "string (uuid)", "integer, 1 to 8", "one of good, broken"."""
    part = _resolve(schema, part)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in part:
            return ", or ".join(_kind(schema, inner) for inner in part[several])
    if "enum" in part:
        return "one of " + ", ".join(str(value) for value in part["enum"])
    kind = part.get("type", "")
    words = " or ".join(kind) if isinstance(kind, list) else kind
    if "format" in part:
        words += f" ({part['format']})"
    if "minimum" in part and "maximum" in part:
        words += f", {part['minimum']} to {part['maximum']}"
    if "maxLength" in part:
        words += f", at most {part['maxLength']} characters"
    return words
