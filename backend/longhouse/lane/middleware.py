"""Which middleware the lane can stand before.

The lane answers without it, and takes its headers from an answer that went through it. That is
the same as long as a middleware adds constant headers, or serves requests that are not in the lane.
One that might refuse a request, count it or answer by itself must not be passed by.
"""

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

    A class says with `lane_safe = True` that for successful reads it only adds constant headers.
    """
    return [path for path in settings.MIDDLEWARE if not _is_known(path)]


def _is_known(path: str) -> bool:
    if path == COMMON:
        return not settings.DISALLOWED_USER_AGENTS
    return path in KNOWN or getattr(import_string(path), "lane_safe", False) is True
