"""Values of the wiki's fields as people read them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.wiki import partial_dates
from apps.wiki.partial_dates import PartialDateField


def in_words(field: Any, value: Any, names: Mapping[Any, str]) -> str:
    """A field's value; "" where there is none. `names`: what the rows are called that keys name."""
    if value is None or value == "":
        return ""
    if field.is_relation:
        return names.get(value, "something that is gone")
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, PartialDateField):
        return partial_dates.in_words(value)
    return number(value)


def number(value: Any) -> str:
    """A decimal without zeros at its end; whatever else as it is."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
