"""Reads of people."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from apps.users.models import User


def people_who_may(permission: str) -> QuerySet[User]:
    """Everybody active who has e.g. "blog.add_post", by a role, directly, or as superuser."""
    found: QuerySet[User] = ModelBackend().with_perm(permission)
    return found
