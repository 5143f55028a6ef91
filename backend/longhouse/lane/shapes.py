"""The struct of a response schema, and the columns that fill it.

A response is described once, by the Ninja schema that OpenAPI and the TypeScript client come
from. Its shape is the same thing as a msgspec struct, made straight from a row of the database:
a field, or its alias such as `model.name`, names a column; a nested schema a related row.
"""

from collections.abc import Callable, Collection
from typing import Any

import msgspec
from pydantic import BaseModel


class Shape:
    """`make`, called with the values of `columns`, gives one struct of `schema`.

    Fields named `later` have no column: they are None until the caller sets them.
    """

    def __init__(self, schema: type[BaseModel], *, later: Collection[str] = ()) -> None:
        self.schema = schema
        self.columns: tuple[str, ...] = ()  # for values_list(*shape.columns)
        self._nested: list[tuple[int, int, Shape]] = []
        fields: list[tuple[str, Any]] = []
        columns: list[str] = []
        for name, field in schema.model_fields.items():
            if name in later:
                continue
            source = (field.alias or name).replace(".", "__")
            kind = field.annotation
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                inner = Shape(kind)
                self._nested.append((len(columns), len(inner.columns), inner))
                columns += [f"{source}__{column}" for column in inner.columns]
            elif hasattr(schema, f"resolve_{name}"):
                raise TypeError(f"{schema.__name__}.{name} is resolved by a method: set it later")
            else:
                columns.append(source)
            fields.append((name, Any))
        self.columns = tuple(columns)
        if unknown := set(later) - set(schema.model_fields):
            raise TypeError(f"{schema.__name__} has no field {', '.join(sorted(unknown))}")
        # Only data goes in: no cycles that the garbage collector would have to look for.
        self.struct = msgspec.defstruct(
            schema.__name__, [*fields, *((name, Any, None) for name in later)], gc=False
        )

        self.make: Callable[..., Any] = self._make_nested if self._nested else self.struct

    def _make_nested(self, *values: Any) -> Any:
        row: list[Any] = []
        taken = 0
        for start, width, inner in self._nested:
            row += values[taken:start]
            taken = start + width
            row.append(inner.make(*values[start:taken]))
        return self.struct(*row, *values[taken:])
