"""Topics of the servers under test."""

from typing import Any

from longhouse.realtime import topics


def describe(user: Any) -> dict[str, Any]:
    return {"name": user.get_username()}


@topics.register("open", presence=describe)
def everybody(user: Any, rest: str) -> bool:
    return True


@topics.register("team")
def staff(user: Any, rest: str) -> bool:
    return bool(user.is_staff)
