"""Mails, and what is removed in time."""

from datetime import timedelta
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from longhouse.jobs import Retry, schedule, task
from longhouse.notifications import mails
from longhouse.notifications.kinds import Mail
from longhouse.notifications.models import Notification

#: A provider may be away for a day.
_RETRY: Final = Retry(max_attempts=12, backoff=10, max_backoff=4 * 3600)
KEPT_WHEN_READ: Final = timedelta(days=90)
KEPT: Final = timedelta(days=365)


@task(retry=_RETRY, timeout=60)
def send_mail(notification_id: str) -> None:
    """Send one notification, unless it was read or replaced meanwhile."""
    waiting = mails.waiting(Mail.NOW).select_related("user")
    if notification := waiting.filter(pk=notification_id).first():
        mails.send_one(notification)


@schedule("0 7 * * *", name="notifications.digests")
@task()
def send_digests() -> int:
    """One mail for each person for whom some wait; gives how many."""
    people = mails.waiting(Mail.DAILY).order_by().values_list("user", flat=True).distinct()
    for pk in people:
        send_digest.enqueue(str(pk))
    return len(people)


@task(retry=_RETRY, timeout=60)
def send_digest(user_id: str) -> int:
    user: Any = get_user_model().objects.filter(pk=user_id).first()
    return mails.send_digest(user) if user else 0


@schedule("41 3 * * *", name="notifications.purge")
@task()
def purge() -> int:
    """Remove what was read long ago, and what is very old."""
    now = timezone.now()
    removed, _ = Notification.objects.filter(
        Q(read_at__lt=now - KEPT_WHEN_READ) | Q(created_at__lt=now - KEPT)
    ).delete()
    return removed
