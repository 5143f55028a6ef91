from typing import Any, ClassVar

from rest_framework import serializers


class Input(serializers.Serializer):
    """A request body. Unknown fields are refused: a misspelt name must not be lost in silence."""

    #: one that could be sent, for the documentation
    example: ClassVar[dict[str, Any]]

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := data.keys() - self.fields.keys()):
            raise serializers.ValidationError(
                {name: ["There is no such field."] for name in sorted(unknown)}
            )
        return super().to_internal_value(data)
