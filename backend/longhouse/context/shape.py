"""Records as JSON: dataclasses give the values and, by their types, the JSON Schema of a file.

A field with a default is left out of the JSON when it has that default.
"""

import dataclasses
import json
import types
import typing
from inspect import cleandoc
from typing import Any

DIALECT = "http://json-schema.org/draft-07/schema#"
WIDTH = 100


def to_json(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {
            field.name: to_json(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if _default(field) is dataclasses.MISSING
            or getattr(value, field.name) != _default(field)
        }
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} has no form in these files.")


def json_schema(kind: Any) -> dict[str, Any]:
    """JSON Schema of a dataclass, or of what its fields may be."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        fields = dataclasses.fields(kind)
        doc = cleandoc(kind.__doc__ or "")
        # Without a docstring, dataclasses write one, in other words in each version of Python.
        written = not doc.startswith(f"{kind.__name__}(")
        return {
            **({"description": doc} if written else {}),
            "type": "object",
            "properties": {field.name: json_schema(hints[field.name]) for field in fields},
            "required": [field.name for field in fields if _default(field) is dataclasses.MISSING],
            "additionalProperties": False,
        }
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is list:
        return {"type": "array", "items": json_schema(arguments[0])}
    if typing.get_origin(kind) is types.UnionType:
        return {"anyOf": [json_schema(argument) for argument in arguments]}
    names = {str: "string", bool: "boolean", int: "integer", types.NoneType: "null"}
    return {"type": names[kind]}


def dumps(value: Any) -> str:
    """JSON with everything on one line that fits there: short to read, and to review."""
    return f"{_text(value, indent=0, before=0)}\n"


def _text(value: Any, *, indent: int, before: int) -> str:
    """`before`: columns that are taken on the first line; one is left for a comma."""
    line = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, dict | list) or before + len(line) < WIDTH:
        return line
    indent += 2
    space = " " * indent
    if isinstance(value, list):
        rows = [space + _text(item, indent=indent, before=indent) for item in value]
        start, end = "[]"
    else:
        keys = [f"{space}{json.dumps(key)}: " for key in value]
        rows = [
            key + _text(item, indent=indent, before=len(key))
            for key, item in zip(keys, value.values(), strict=True)
        ]
        start, end = "{}"
    return "\n".join([start, ",\n".join(rows), space[2:] + end])


def _default(field: "dataclasses.Field[Any]") -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default
