"""What the APIs take and answer.

No library of APIs is imported here: one that our own code has not imported, it does not use.
"""

import inspect
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.utils.module_loading import module_has_submodule

from longhouse.context.project import Project, dotted, summary

QUESTION = "Which schemas and serializers are there, with which fields and types?"  # feature: rest
# without rest: QUESTION = "Which schemas are there, with which fields and types?"


@dataclass(frozen=True)
class Field:
    """`type`: as in JSON, `[]` for a list; `source`: the attribute it is read from."""

    name: str
    type: str
    required: bool = False
    read_only: bool = False
    write_only: bool = False
    source: str = ""
    description: str = ""


@dataclass(frozen=True)
class Schema:
    # feature: rest
    """`kind`: "schema" for a model of pydantic, "serializer" for one of REST framework."""

    # end feature: rest
    # without rest: """`kind`: "schema", a model of pydantic."""

    name: str
    kind: str
    doc: str = ""
    bases: list[str] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)


@dataclass(frozen=True)
class Schemas:
    """Fields in the order in which they are declared, with those of the bases."""

    schemas: list[Schema]


def collect(project: Project) -> Schemas:
    for config in project.apps:
        for name in (
            "schemas",
            "serializers",  # feature: rest
        ):
            if config.module and module_has_submodule(config.module, name):
                import_module(f"{config.name}.{name}")
    found = [
        *_schemas(project),
        *_serializers(project),  # feature: rest
    ]
    return Schemas(sorted(found, key=lambda schema: schema.name))


def count(document: Schemas) -> str:
    return f"{len(document.schemas)} schemas and serializers"  # feature: rest
    # without rest: return f"{len(document.schemas)} schemas"


def _classes(project: Project, base: type) -> Iterator[Any]:
    """Our own classes below `base`, each from the module that defines it."""
    for module in project.modules():
        for value in vars(module).values():
            of_module = inspect.isclass(value) and value.__module__ == module.__name__
            if of_module and issubclass(value, base):
                yield value


def _bases(kind: type) -> list[str]:
    return [dotted(base) for base in kind.__bases__ if base is not object]


def _doc(kind: type) -> str:
    # A class without a docstring has that of its base.
    return summary(kind.__dict__.get("__doc__"))


# pydantic ----------------------------------------------------------------------------------


def _schemas(project: Project) -> Iterator[Schema]:
    if "pydantic" not in sys.modules:
        return
    for kind in _classes(project, sys.modules["pydantic"].BaseModel):
        yield Schema(dotted(kind), "schema", _doc(kind), _bases(kind), _fields_of_schema(kind))


def _fields_of_schema(kind: Any) -> list[Field]:
    unwritable = sys.modules["pydantic"].errors.PydanticInvalidForJsonSchema
    try:
        properties = kind.model_json_schema(by_alias=False).get("properties", {})
    except unwritable:  # a Python object, such as an uploaded file, has no form in JSON
        properties = {}
    return [
        Field(
            name=name,
            type=type_in_json(properties.get(name, {})),
            required=item.is_required(),
            source=item.alias or "",
            description=item.description or "",
        )
        for name, item in kind.model_fields.items()
    ]


def type_in_json(schema: dict[str, Any]) -> str:
    """A JSON Schema in few words: `uuid | null`, `Photo[]`, `"name" | "year"`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " | ".join(dict.fromkeys(map(type_in_json, schema[key])))
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(map(json.dumps, schema["enum"]))
    if schema.get("type") == "array":
        inner = type_in_json(schema.get("items", {}))
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"{{[key]: {type_in_json(schema['additionalProperties'])}}}"
    return str(schema.get("format") or schema.get("type") or "any")


# feature: rest
# REST framework ----------------------------------------------------------------------------


def _serializers(project: Project) -> Iterator[Schema]:
    if "rest_framework.serializers" not in sys.modules:
        return
    for kind in _classes(project, sys.modules["rest_framework.serializers"].BaseSerializer):
        fields = _fields_of_serializer(kind)
        yield Schema(dotted(kind), "serializer", _doc(kind), _bases(kind), fields)


def _fields_of_serializer(kind: Any) -> list[Field]:
    try:
        found = kind().fields
    except (AssertionError, AttributeError, TypeError):
        # A base without a model, or a constructor with arguments: what its class declares.
        found = getattr(kind, "_declared_fields", {})
    return [
        Field(
            name=name,
            type=_type_of_field(item),
            required=item.required,
            read_only=item.read_only,
            write_only=item.write_only,
            source=item.source if item.source not in (None, name) else "",
            description=str(item.help_text or ""),
        )
        for name, item in found.items()
    ]


def _type_of_field(item: Any) -> str:
    child = getattr(item, "child", None) or getattr(item, "child_relation", None)
    return f"{type(child).__name__}[]" if child is not None else type(item).__name__


# end feature: rest
