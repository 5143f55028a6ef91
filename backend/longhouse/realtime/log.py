"""The log: publish, give positions, read, prune.

A position is given to an event when it is committed, never before: a reader that has seen one
position has seen all that are lower. Ids do not promise that: on PostgreSQL a transaction may
commit a lower id after a higher one was read. SQLite has one writer at a time, so there `publish`
itself gives the position. On PostgreSQL the readers do, before they read, one at a time (`place`):
publishers wait for nobody, and an event whose publisher was killed right after its commit is placed
like any other.
"""

import json
import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, router, transaction
from django.db.models import F, Max, Min

from longhouse.realtime import conf, wake
from longhouse.realtime.models import Event, Log

TOPIC = re.compile(r"[A-Za-z0-9_.\-]+(:[A-Za-z0-9_.:/@\-]+)?")
TYPE = re.compile(r"[A-Za-z0-9_.:\-]{1,64}")
MAX_TOPIC = 200
# What streams say of themselves.
RESERVED = {"error", "message", "open", "ready", "reset", "closed", "shutdown"}
PLACED_AT_ONCE = 1000  # rows
PRUNED_AT_ONCE = 1000  # rows


class InvalidEvent(ValueError):
    """The topic, type or data of an event is not acceptable; the text says why."""


class Entry(NamedTuple):
    """An event in its place."""

    position: int
    topic: str
    type: str
    data: str  # JSON


class State(NamedTuple):
    """How far the log goes: positions above `pruned` and up to `last` can be read."""

    epoch: str
    last: int
    pruned: int

    @property
    def cursor(self) -> str:
        return f"{self.epoch}-{self.last}"

    def position_of(self, cursor: str) -> int | None:
        """The position that `cursor` names; None when what came after it cannot be told."""
        epoch, _, digits = cursor.partition("-")
        if epoch != self.epoch or not re.fullmatch("[0-9]{1,18}", digits):
            return None
        position = int(digits)
        return position if self.pruned <= position <= self.last else None


def publish(topic: str, type: str, data: Any = None) -> None:
    """Tell all who follow `topic`, once the caller's transaction is committed; else nobody.

    `topic` is "name" or "name:rest"; `data` is anything that Django can write as JSON.

    Raises InvalidEvent.
    """
    if not is_topic(topic):
        raise InvalidEvent(
            f"{topic!r} is no topic: a name, or name:rest, of letters, digits and _.-:/@, "
            f"{MAX_TOPIC} at most."
        )
    if not TYPE.fullmatch(type) or type in RESERVED:
        raise InvalidEvent(
            f"{type!r} is no type of event: up to 64 letters, digits and _.:-, "
            f"and none of {', '.join(sorted(RESERVED))}."
        )
    add(topic, type, encode(data))


def encode(data: Any) -> str:
    """JSON text. Raises InvalidEvent."""
    try:
        text = json.dumps(
            data,
            cls=DjangoJSONEncoder,
            allow_nan=False,
            ensure_ascii=False,
            separators=(",", ":"),
        )
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidEvent(f"The data cannot be written as JSON: {error}") from error
    if size > (limit := conf.load().max_data):
        raise InvalidEvent(
            f"The data is {size} bytes of JSON, more than REALTIME_MAX_DATA ({limit}). "
            "Send what identifies it, and let clients ask for the rest."
        )
    # PostgreSQL's text holds no NUL; JSON writes it as an escape.
    return text


def add(topic: str, type: str, data: str) -> None:
    """Write an event whose parts are known to be good."""
    alias = database()
    connection = connections[alias]
    with transaction.atomic(using=alias, savepoint=False):
        position = _next() if connection.vendor == "sqlite" else None
        Event.objects.using(alias).create(position=position, topic=topic, type=type, data=data)
        wake.ring(connection)


def database() -> str:
    return router.db_for_write(Event)


def is_topic(topic: str) -> bool:
    return len(topic) <= MAX_TOPIC and TOPIC.fullmatch(topic) is not None


def state() -> State:
    """How far the log goes now."""
    row = _log().values_list("epoch", "last", "pruned").first()
    if row is None:
        Log.objects.using(database()).get_or_create(pk=1)
        return state()
    return State(*row)


def cursor() -> str:
    """What to resume from to miss nothing that happens from now on.

    Events of transactions that are not committed yet come after it.
    """
    return state().cursor


def place() -> None:
    """Give committed events that have none yet their positions."""
    alias = database()
    connection = connections[alias]
    if connection.vendor == "sqlite":
        return
    unplaced = Event.objects.using(alias).filter(position=None)
    while unplaced.exists():
        with transaction.atomic(using=alias):
            log = _log().select_for_update().first()
            if log is None:
                state()
                continue
            with connection.cursor() as c:
                c.execute(
                    f"""
                    WITH fresh AS (
                        SELECT id, row_number() OVER (ORDER BY id) AS number
                        FROM (
                            SELECT id FROM {Event._meta.db_table}
                            WHERE position IS NULL ORDER BY id LIMIT {PLACED_AT_ONCE}
                        ) AS waiting
                    )
                    UPDATE {Event._meta.db_table} AS event
                    SET position = %s + fresh.number FROM fresh WHERE event.id = fresh.id
                    """,  # noqa: S608 - our own names and numbers
                    [log.last],
                )
                _log().update(last=log.last + c.rowcount)


def read(after: int, limit: int, topics: Collection[str] | None = None) -> list[Entry]:
    """The events that come after a position, in order; of `topics` only, if given."""
    events = Event.objects.using(database()).filter(position__gt=after).order_by("position")
    if topics is not None:
        events = events.filter(topic__in=topics)
    rows = events.values_list("position", "topic", "type", "data")[:limit]
    return [Entry(position or 0, *rest) for position, *rest in rows]


def position_at(moment: datetime) -> int:
    """The position before all events that were written at or after `moment`."""
    events = Event.objects.using(database()).filter(created_at__gte=moment, position__gt=0)
    first: int | None = events.aggregate(first=Min("position"))["first"]
    return first - 1 if first else state().last


def prune(keep: float | None = None) -> int:
    """Remove events older than `keep` seconds (REALTIME_RETENTION); returns how many.

    Who resumes from before them is told to start anew.
    """
    place()
    cutoff = datetime.now(UTC) - timedelta(seconds=conf.load().retention if keep is None else keep)
    alias = database()
    events = Event.objects.using(alias)
    old = events.filter(created_at__lt=cutoff, position__gt=0).aggregate(last=Max("position"))
    # Clocks differ: what stands before an event that is to stay, stays.
    young = events.filter(created_at__gte=cutoff, position__gt=0).aggregate(first=Min("position"))
    last: int = old["last"] or 0
    if young["first"]:
        last = min(last, young["first"] - 1)
    removed = 0
    while ids := list(
        events.filter(position__lte=last)
        .order_by("position")
        .values_list("id", "position")[:PRUNED_AT_ONCE]
    ):
        with transaction.atomic(using=alias):
            # First, so that no reader takes the gap for all there is.
            _log().filter(pruned__lt=ids[-1][1] or 0).update(pruned=ids[-1][1])
            removed += events.filter(id__in=[id for id, _ in ids]).delete()[0]
    return removed


def _next() -> int:
    """The next position, on a database with one writer at a time."""
    while not _log().update(last=F("last") + 1):
        Log.objects.using(database()).get_or_create(pk=1)
    position: int = _log().values_list("last", flat=True).get()
    return position


def _log() -> Any:
    return Log.objects.using(database()).filter(pk=1)
