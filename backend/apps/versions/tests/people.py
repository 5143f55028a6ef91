from typing import Any

from django.contrib.auth.models import Permission

from apps.users.models import User
from apps.users.roles import ROLES
from apps.users.tests.factories import UserFactory
from longhouse.versioning.access import PERMISSIONS


def roles(*actions: str) -> tuple[str, ...]:
    """Those that may do one of these to every branch."""
    names = {f"versioning.{name}" for action in actions for name in PERMISSIONS[action]}
    return tuple(role for role, allowed in ROLES.items() if names.intersection(allowed))


def person(*permissions: str, **fields: Any) -> User:
    """Somebody who may do this, and has no role."""
    user = UserFactory.create(**fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user
