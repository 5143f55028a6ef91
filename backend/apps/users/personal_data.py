"""What the house holds of a person: each app says how it is told, and how it is forgotten.

An app registers its `Holding` in `AppConfig.ready`. What hangs on the person's row by a foreign key
with CASCADE or SET_NULL needs no `forget`: the database sees to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.users.models import User


def nothing(user: User) -> None:
    """For what goes with the person's row."""


@dataclass(frozen=True)
class Holding:
    name: str
    export: Callable[[User], Any]  # as JSON; times aware
    forget: Callable[[User], None] = nothing  # in the transaction in which the person is deleted


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    _holdings[holding.name] = holding


def holdings() -> list[Holding]:
    return list(_holdings.values())


def profile_of(user: User) -> dict[str, Any]:
    names = ("id", "email", "display_name", "time_zone", "theme", "created_at", "last_login")
    return {name: getattr(user, name) for name in names} | {
        "picture": user.avatar.url if user.avatar else None,
        "roles": sorted(user.groups.values_list("name", flat=True)),
    }


register(Holding("profile", profile_of))
