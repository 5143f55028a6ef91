"""What a personal token may do: read or write, everything or one resource of the public API.

The resources are those of `public_api`, the router of the URL configuration.
"""

from importlib import import_module

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS

READ, WRITE = "read", "write"


def known() -> list[str]:
    resources = [f"{name}:{access}" for name in _resources().values() for access in (READ, WRITE)]
    return [READ, WRITE, *resources]


def needed(*, method: str, basename: str | None) -> set[str]:
    """The scopes of which one is enough; who may write may read."""
    accesses = (READ, WRITE) if method in SAFE_METHODS else (WRITE,)
    resource = _resources().get(basename or "")
    return {*accesses, *(f"{resource}:{access}" for access in accesses if resource)}


def _resources() -> dict[str, str]:
    router = import_module(settings.ROOT_URLCONF).public_api
    return {basename: prefix for prefix, _, basename in router.registry}
