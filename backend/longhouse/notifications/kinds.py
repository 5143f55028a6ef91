"""What people may be told of: registered by apps, chosen by each person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

NAME_LENGTH = 60


class Mail(models.TextChoices):
    NEVER = "never", "Never"
    NOW = "now", "At once"
    DAILY = "daily", "Once a day"


def everybody(user: Any) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """One kind of news, with what holds for whoever has not chosen."""

    name: str  # stays in the database
    title: str  # in the list of a person's choices
    in_app: bool = True
    mail: Mail = Mail.NEVER
    #: who is asked; whom to tell is said by who tells
    concerns: Callable[[Any], bool] = everybody


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known. Raises ValueError for a name that another kind has, or too long a name."""
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"There are two kinds of notifications named {kind.name}.")
    if len(kind.name) > NAME_LENGTH:
        raise ValueError(f"{kind.name} is longer than {NAME_LENGTH} characters.")
    return _kinds.setdefault(kind.name, kind)


def kinds() -> list[Kind]:
    return list(_kinds.values())


def find(name: str) -> Kind | None:
    return _kinds.get(name)
