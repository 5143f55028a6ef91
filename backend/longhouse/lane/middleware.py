"""Which middleware the lane can stand before.

The lane answers without it, and takes its headers from an answer that went through it. That is
the same as long as a middleware adds constant headers, or serves requests that are not in the lane.
One that might refuse a request, count it or answer by itself must not be passed by.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

KNOWN = {
    "allauth.account.middleware.AccountMiddleware",  # feature: accounts
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "longhouse.frontdoor.csp.ContentSecurityPolicyMiddleware",
}
COMMON = "django.middleware.common.CommonMiddleware"


def unknown_middleware() -> list[str]:
    """The configured middleware that keeps the lane closed.

    A class says with `lane_safe = True` that for successful reads it only adds constant headers;
    if there are requests of which that is not so, its `lane_declines(request)` says which.
    """
    return [path for path in settings.MIDDLEWARE if not _is_known(path)]


def declining() -> list[Callable[[Any], bool]]:
    """What configured middleware has to say about requests that only Django can answer."""
    classes = [import_string(path) for path in settings.MIDDLEWARE]
    return [found.lane_declines for found in classes if hasattr(found, "lane_declines")]


def _is_known(path: str) -> bool:
    if path == COMMON:
        return not settings.DISALLOWED_USER_AGENTS
    return path in KNOWN or getattr(import_string(path), "lane_safe", False) is True
