"""Who is here: a row for each connection, events `presence.joined` and `presence.left` for each
person's first and last. Rows of a process that died go when they are not heard of any more.
"""

import zlib
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from longhouse.realtime import conf, log
from longhouse.realtime.models import Presence

EXPIRED_AT_ONCE = 500  # rows
ADVISORY = 0x70726573  # "pres": apart from other users of PostgreSQL's advisory locks


def join(topic: str, user_id: str, connection: str, meta: dict[str, Any]) -> None:
    """Note that somebody's connection is in `topic`. Doing it twice changes nothing."""
    with transaction.atomic(using=log.database()):
        _lock(topic, user_id)
        is_first = not _rows().filter(topic=topic, user_id=user_id, expires_at__gt=_now()).exists()
        _rows().update_or_create(
            topic=topic,
            connection=connection,
            defaults={"user_id": user_id, "meta": meta, "expires_at": _later()},
        )
        if is_first:
            log.publish(topic, "presence.joined", {"user": user_id, "meta": meta})


def heartbeat(connection: str, topics: Collection[str]) -> bool:
    """The connection lives; False when one of its rows had expired meanwhile: join again."""
    rows = _rows().filter(connection=connection, topic__in=topics, expires_at__gt=_now())
    return bool(rows.update(expires_at=_later()) == len(topics))


def leave(connection: str, topics: Collection[str]) -> None:
    """The connection leaves these topics."""
    for row in _rows().filter(connection=connection, topic__in=topics):
        _remove(row)


def here(topic: str) -> list[dict[str, Any]]:
    """Everybody in `topic`, once, in the order in which they came: {"user": id, "meta": ...}."""
    rows = _rows().filter(topic=topic, expires_at__gt=_now()).order_by("joined_at", "pk")
    people: dict[str, dict[str, Any]] = {}
    for user_id, meta in rows.values_list("user_id", "meta"):
        people.setdefault(user_id, {"user": user_id, "meta": meta})
    return list(people.values())


def expire() -> None:
    """Remove who was not heard of for REALTIME_PRESENCE_AGE."""
    for row in _rows().filter(expires_at__lte=_now())[:EXPIRED_AT_ONCE]:
        _remove(row, expired=True)


def _remove(row: Presence, *, expired: bool = False) -> None:
    with transaction.atomic(using=log.database()):
        _lock(row.topic, row.user_id)
        mine = _rows().filter(pk=row.pk)
        if expired:  # another process may have heard of it since
            mine = mine.filter(expires_at__lte=_now())
        removed, _ = mine.delete()
        if removed and not _rows().filter(topic=row.topic, user_id=row.user_id).exists():
            log.publish(row.topic, "presence.left", {"user": row.user_id})


def _lock(topic: str, user_id: str) -> None:
    """One at a time for each person and topic. SQLite has one writer anyway."""
    connection = connections[log.database()]
    if connection.vendor == "postgresql":
        with connection.cursor() as c:
            key = zlib.crc32(f"{topic} {user_id}".encode())
            c.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ADVISORY, key - 2**31])


def _rows() -> Any:
    return Presence.objects.using(log.database())


def _now() -> Any:
    return timezone.now()


def _later() -> Any:
    return timezone.now() + timedelta(seconds=conf.load().presence_age)
