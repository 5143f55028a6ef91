"""Where mails and other providers send people: always SITE_URL, whatever host a request named."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings

PATHS = {
    # feature: spa
    "account_signup": "/sign-up",
    "account_reset_password": "/account/reset-password",
    "account_reset_password_from_key": "/account/reset-password/{key}",
    "socialaccount_login_error": "/sign-in/callback",
    "security": "/app/security",
    # end feature: spa
    # without spa: "account_signup": "/accounts/signup/",
    # without spa: "account_reset_password": "/accounts/password/reset/",
    # without spa: "account_reset_password_from_key": "/accounts/password/reset/key/{key}/",
    # without spa: "socialaccount_login_error": "/accounts/login/",
    # without spa: "security": "/accounts/2fa/",
}


def link(name: str, **values: str) -> str | None:
    """The absolute URL of a page that allauth names; None for a page that has no entry."""
    if path := PATHS.get(name):
        filled = {key: quote(value, safe="") for key, value in values.items()}
        return settings.SITE_URL + path.format(**filled)
    return None


@dataclass(frozen=True)
class Site:
    """What allauth's templates ask of the "current site"."""

    name: str
    domain: str


def site() -> Site:
    return Site(name=settings.SITE_NAME, domain=urlsplit(settings.SITE_URL).netloc)
