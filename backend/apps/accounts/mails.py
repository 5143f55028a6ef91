"""Mails of the house's own, beside those that django-allauth sends."""

from apps.accounts.links import link
from apps.audit.models import SecurityEvent
from apps.users.models import User
from longhouse.mail import send


def tell_of_new_place(*, user: User, event: SecurityEvent) -> None:
    """Raises what the mail's provider raises."""
    context = {
        "name": user.display_name,
        "event": event,
        "url": link("security"),
    }
    send("accounts/mail/new_place", to=[user.email], context=context)
