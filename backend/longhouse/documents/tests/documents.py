"""Documents of the servers under test."""

from typing import Any

from longhouse.documents import kinds


def describe(user: Any) -> dict[str, Any]:
    return {"name": user.get_username()}


def is_staff(user: Any, rest: str) -> bool:
    return bool(user.is_staff)


@kinds.register("pad", may_write=is_staff, presence=describe)
def has_signed_in(user: Any, rest: str) -> bool:
    return bool(user.is_authenticated)
