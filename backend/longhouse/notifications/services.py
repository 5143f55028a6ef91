"""Telling people, what they have read, and what they want to be told."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import Truncator

from longhouse.notifications import tasks
from longhouse.notifications.kinds import Kind, Mail, find, kinds
from longhouse.notifications.models import Notification, Preference
from longhouse.realtime.log import publish

TITLE_LENGTH = 200
TEXT_LENGTH = 2000


@dataclass(frozen=True)
class Choice:
    kind: Kind
    in_app: bool
    mail: Mail


@transaction.atomic
def notify(
    users: Iterable[Any],
    kind: Kind,
    *,
    title: str,
    text: str = "",
    url: str = "",
    about: str = "",
    once: bool = False,
) -> list[Notification]:
    """Tell each of these people who is active, in the way that they chose.

    `url`: a path of this site; `about`: what it is about, such as "report 17": unread news about
    the same is replaced. With `once`, who was told of the same before is not told again. Nobody is
    told, and no mail sent, when the transaction is rolled back.

    Raises ValueError for a `url` of another site. What is too long is shortened.
    """
    if url and not (url.startswith("/") and url_has_allowed_host_and_scheme(url, None)):
        raise ValueError(f"A notification links to a path of this site, not to {url}.")
    told = {user.pk: user for user in users if user.is_active}
    same = Notification.objects.filter(user__in=told, kind=kind.name, about=about)
    if once:
        before = set(same.values_list("user", flat=True))
        told = {pk: user for pk, user in told.items() if pk not in before}
    chosen = {
        preference.user_id: (preference.in_app, Mail(preference.mail))
        for preference in Preference.objects.filter(user__in=told, kind=kind.name)
    }
    rows = []
    for user in told.values():
        in_app, mail = chosen.get(user.pk, (kind.in_app, kind.mail))
        if in_app or mail != Mail.NEVER:
            rows.append(
                Notification(
                    user=user,
                    kind=kind.name,
                    title=Truncator(title).chars(TITLE_LENGTH),
                    text=Truncator(text).chars(TEXT_LENGTH),
                    url=url,
                    about=about,
                    in_app=in_app,
                    mail=mail,
                )
            )
    if about and not once:
        same.filter(read_at=None).delete()
    Notification.objects.bulk_create(rows)
    for row in rows:
        if row.in_app:
            publish(f"user:{row.user_id}", "notification", {"id": str(row.pk), "title": row.title})
        if row.mail == Mail.NOW:
            tasks.send_mail.enqueue(str(row.pk))
    return rows


# Reading -----------------------------------------------------------------------------------


def notifications_of(user: Any, *, unread: bool = False) -> QuerySet[Notification]:
    """What a person is told in the application, newest first."""
    shown = Notification.objects.filter(user=user, in_app=True)
    return shown.filter(read_at=None) if unread else shown


def count_unread(user: Any) -> int:
    return notifications_of(user, unread=True).count()


@transaction.atomic
def mark(user: Any, ids: Collection[uuid.UUID], *, read: bool = True) -> int:
    """Mark some of a person's notifications as read, or as unread; gives how many changed."""
    rows = notifications_of(user).filter(pk__in=ids, read_at__isnull=read)
    return _marked(user, rows.update(read_at=timezone.now() if read else None))


@transaction.atomic
def mark_all_read(user: Any, *, up_to: uuid.UUID) -> int:
    """Mark the notification `up_to`, and all before it, as read; newer ones were not yet seen."""
    rows = notifications_of(user, unread=True).filter(pk__lte=up_to)
    return _marked(user, rows.update(read_at=timezone.now()))


def _marked(user: Any, changed: int) -> int:
    if changed:
        publish(f"user:{user.pk}", "notifications-read", {"unread": count_unread(user)})
    return changed


# Choosing ----------------------------------------------------------------------------------


def choices_of(user: Any) -> list[Choice]:
    """What holds for a person, for every kind that concerns them."""
    chosen: Mapping[str, Preference] = {
        preference.kind: preference for preference in Preference.objects.filter(user=user)
    }
    return [
        Choice(kind, chosen[kind.name].in_app, Mail(chosen[kind.name].mail))
        if kind.name in chosen
        else Choice(kind, kind.in_app, kind.mail)
        for kind in kinds()
        if kind.concerns(user)
    ]


def choose(*, user: Any, kind: str, in_app: bool, mail: Mail) -> Choice:
    """Keep a person's choice. Raises ValidationError for a kind that does not concern them."""
    known = find(kind)
    if known is None or not known.concerns(user):
        raise ValidationError({"kind": "There is no such kind of notifications."})
    Preference.objects.update_or_create(
        user=user, kind=kind, defaults={"in_app": in_app, "mail": mail}
    )
    return Choice(known, in_app, mail)
