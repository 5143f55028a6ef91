from apps.users.roles import ROLES
from longhouse.versioning.access import PERMISSIONS


def roles(*actions: str) -> tuple[str, ...]:
    """Those that may do one of these to every branch."""
    names = {f"versioning.{name}" for action in actions for name in PERMISSIONS[action]}
    return tuple(role for role, allowed in ROLES.items() if names.intersection(allowed))
