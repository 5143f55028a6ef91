"""Mails of the house's own, beside those that django-allauth sends."""

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from apps.audit.models import SecurityEvent
from apps.users.models import User
from longhouse.mail import send


def tell_of_new_place(*, user: User, event: SecurityEvent) -> None:
    """Raises what the mail's provider raises."""
    context = {
        "name": user.display_name,
        "event": event,
        "url": urljoin(settings.SITE_URL, reverse("account_change_password")),
    }
    send("accounts/mail/new_place", to=[user.email], context=context)
