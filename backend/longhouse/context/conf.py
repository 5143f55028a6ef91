"""Every setting that the description reads, with its default."""

from pathlib import Path

from django.conf import settings


def root() -> Path | None:
    """CONTEXT_ROOT: the repository, where `context/` is written; else the folder of the code."""
    value = getattr(settings, "CONTEXT_ROOT", None)
    return Path(value) if value else None


def roles() -> str:
    """CONTEXT_ROLES: dotted path of a dict from role to its permissions, or ""."""
    return str(getattr(settings, "CONTEXT_ROLES", ""))


def site_name() -> str:
    return str(getattr(settings, "SITE_NAME", "This project"))
