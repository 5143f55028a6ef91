"""Notifications as mail: one at once, or all of a day together."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from longhouse.mail import send
from longhouse.notifications.kinds import Mail
from longhouse.notifications.models import Notification

IN_ONE_MAIL = 50
#: what was not sent for so long is no news any more
NEWS_FOR = timedelta(days=7)


def waiting(mail: Mail) -> QuerySet[Notification]:
    """What is to be sent and has neither been sent nor been read."""
    since = timezone.now() - NEWS_FOR
    return Notification.objects.filter(
        mail=mail, mailed_at=None, read_at=None, created_at__gte=since, user__is_active=True
    )


def send_one(notification: Notification) -> None:
    """Raises what the mail's provider raises; then it is still waiting."""
    _send("notifications/mail/one", notification.user, [notification], notification=notification)


def send_digest(user: Any) -> int:
    """All that waits for a person's daily mail in one; gives how much that was."""
    rows = list(waiting(Mail.DAILY).filter(user=user))
    if rows:
        shown = rows[:IN_ONE_MAIL]
        _send("notifications/mail/digest", user, rows, shown=shown, more=len(rows) - len(shown))
    return len(rows)


def _send(template: str, user: Any, rows: list[Notification], **context: Any) -> None:
    context |= {
        "count": len(rows),
        "site_url": settings.SITE_URL,
        "choices_url": settings.SITE_URL + settings.NOTIFICATIONS_URL,
    }
    send(template, to=[getattr(user, user.get_email_field_name())], context=context)
    # After it was sent: a crash in between sends it twice, never not at all.
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=timezone.now())
