"""Dates of which only the year, or the year and the month, may be known.

They are kept as text, "1995", "1995-05" or "1995-05-12", and so are sorted as dates are.
"""

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def check_partial_date(value: str) -> None:
    """Raises ValidationError for what is no year, no month and no day."""
    match = _SHAPE.fullmatch(value)
    try:
        if match is None:
            raise ValueError
        year, month, day = match.groups()
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise ValidationError(
            "Say a year, a month or a day: 1995, 1995-05 or 1995-05-12.", code="partial_date"
        ) from None


def in_words(value: str) -> str:
    """ "1995-05" as "May 1995"; what is no partial date as it is."""
    match = _SHAPE.fullmatch(value)
    if match is None:
        return value
    year, month, day = (int(part or 0) for part in match.groups())
    if not month:
        return str(year)
    return date_format(date(year, month, day or 1), "j F Y" if day else "F Y")


class PartialDateField(models.CharField):
    """A date of unknown precision; "" when nothing is known."""

    default_validators = [check_partial_date]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs
