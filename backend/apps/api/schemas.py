"""What all schemas of the first-party API share."""

from typing import Any, Generic, TypeVar

from ninja import Schema
from pydantic import ConfigDict, field_validator

T = TypeVar("T")


class Out(Schema):
    """A response. Fields with defaults are always present, so TypeScript sees them as required."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class PlainText(Schema):
    """Refuses the zero character, which PostgreSQL cannot store or search for."""

    @field_validator("*", mode="before")
    @classmethod
    def _has_no_zero(cls, value: Any) -> Any:
        if isinstance(value, str) and "\0" in value:
            raise ValueError("This contains a character that cannot be stored.")
        return value


class In(PlainText):
    """A request body. Unknown fields are refused: a misspelt name must not be lost in silence."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    def given(self) -> dict[str, Any]:
        """Only what the caller sent, so that a PATCH changes nothing else."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class FieldError(Out):
    field: str
    message: str


class ProblemDocument(Out):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError]
    request_id: str


class Page(Out, Generic[T]):
    items: list[T]
    total: int
    page: int
    pages: int
    page_size: int
