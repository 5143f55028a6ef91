"""What accounts hold of a person, and the person's way out."""

import contextlib
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from apps.core.problems import Conflict
from apps.core.throttling import RateLimit
from apps.users.models import User
from apps.users.personal_data import Holding, holdings, register


def account_of(user: User) -> dict[str, Any]:
    """Addresses, factors, connected accounts and sessions; no secret of any."""

    def rows(model: Any, *fields: str) -> list[dict[str, Any]]:
        return list(model.objects.filter(user=user).order_by("pk").values(*fields))

    return {
        "email_addresses": rows(EmailAddress, "email", "verified", "primary"),
        "second_factors": rows(Authenticator, "type", "created_at", "last_used_at"),
        "connected_accounts": rows(SocialAccount, "provider", "uid", "date_joined", "extra_data"),
        "sessions": rows(UserSession, "created_at", "ip", "user_agent"),
    }


def end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()


def events_of(user: User) -> list[dict[str, Any]]:
    names = ("at", "kind", "ip", "user_agent", "details")
    return [{name: getattr(event, name) for name in names} for event in user.security_events.all()]


# It asks every app for all that it has; whichever page or API is the door.
export_limit = RateLimit("personal-data", "10/h")

register(Holding("account", account_of, end_sessions))
register(Holding("security_events", events_of))


def export(*, user: User) -> dict[str, Any]:
    """All that the house holds of the person, by the name of what holds it."""
    return {holding.name: holding.export(user) for holding in holdings()}


def as_download() -> str:
    """The Content-Disposition of an export."""
    return f'attachment; filename="personal-data-{timezone.now():%Y-%m-%d}.json"'


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Remove the person, and their name from what stays. Raises Conflict for the last superuser."""
    superusers = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    if user.is_superuser and not superusers.exclude(pk=user.pk).exists():
        raise Conflict("Nobody else can run this site: make somebody else a superuser first.")
    for holding in holdings():
        holding.forget(user)
    picture = user.avatar
    user.delete()
    if picture:
        transaction.on_commit(lambda: _delete_file(picture))


def _delete_file(picture: Any) -> None:
    with contextlib.suppress(OSError):
        picture.storage.delete(picture.name)
