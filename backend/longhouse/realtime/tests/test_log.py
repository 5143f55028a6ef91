"""The log as the publisher sees it, on the project's own database."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from longhouse.realtime import log, streams, topics, turbo
from longhouse.realtime.log import InvalidEvent, publish
from longhouse.realtime.models import Event

pytestmark = pytest.mark.django_db


def events(after: int = 0, **options: Any) -> list[log.Entry]:
    log.place()
    return log.read(after, 1000, **options)


@pytest.mark.parametrize("topic", ["", ":", "a:", ":a", "a b", "a\n", "ä", "a:b?c", "a" * 201])
def test_what_is_no_topic_is_refused(topic: str) -> None:
    with pytest.raises(InvalidEvent, match="topic"):
        publish(topic, "x")


@pytest.mark.parametrize("type", ["", "a b", "a\nb", "reset", "message", "a" * 65])
def test_what_is_no_type_is_refused(type: str) -> None:
    with pytest.raises(InvalidEvent, match="type"):
        publish("open", type)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (object(), "JSON"),
        (float("nan"), "JSON"),
        ({1, 2}, "JSON"),
        ("\ud800", "JSON"),
        ("x" * 65_536, "REALTIME_MAX_DATA"),
        ("é" * 40_000, "REALTIME_MAX_DATA"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_is_stored(data: Any, why: str) -> None:
    with pytest.raises(InvalidEvent, match=why):
        publish("open", "x", data)
    assert not Event.objects.exists()


def test_data_arrives_as_it_was() -> None:
    data: dict[str, Any] = {"text": 'a"\\\n\0é\u2028', "none": None, "list": [1, 2.5, True], "": {}}
    publish("open", "x", data)
    publish("open", "x")
    assert [json.loads(entry.data) for entry in events()] == [data, None]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_tells_nobody() -> None:
    start = log.state().last
    with transaction.atomic():
        publish("open", "x")
        transaction.set_rollback(True)
    publish("open", "y")
    found = events(start)
    assert [entry.type for entry in found] == ["y"]
    assert log.state().last == found[-1].position


def test_positions_go_on_after_everything_was_pruned() -> None:
    for _ in range(3):
        publish("open", "x")
    last = events()[-1].position
    early = log.State(*log.state()._replace(last=last - 1)).cursor
    assert log.state().position_of(early) == last - 1
    assert log.prune(keep=0) == 3
    assert log.state().position_of(early) is None
    assert log.state().position_of(log.cursor()) == last
    publish("open", "x")
    assert events()[-1].position == last + 1


def test_pruning_keeps_what_is_young_and_all_that_follows_it() -> None:
    for number in range(4):
        publish("open", f"x{number}")
    log.place()
    old = timezone.now() - timedelta(days=2)
    # A clock that was wrong: an old event after a young one.
    Event.objects.filter(type__in=["x0", "x1", "x3"]).update(created_at=old)
    assert log.prune() == 2
    assert [entry.type for entry in events()] == ["x2", "x3"]


def test_a_topic_is_read_without_the_others() -> None:
    for topic in ("open:a", "open:b", "open:a"):
        publish(topic, "x")
    assert len(events(topics=["open:a"])) == 2


def test_a_kind_of_topic_has_one_rule() -> None:
    with pytest.raises(ValueError, match="'user'"):
        topics.register("user")(lambda user, rest: True)
    with pytest.raises(ValueError, match="'a:b'"):
        topics.register("a:b")(lambda user, rest: True)


def test_a_signed_name_holds_what_was_signed() -> None:
    name = streams.sign("turbo:a", cursor="e-1", age=60)
    stream = streams.read(name)
    assert stream is not None
    assert (stream.topic, stream.user, stream.cursor) == ("turbo:a", "", "e-1")
    assert streams.read(name.replace(":", "x:", 1)) is None
    with pytest.raises(InvalidEvent):
        streams.sign("no topic")


def test_a_broadcast_escapes_what_is_not_marked_as_safe() -> None:
    turbo.broadcast_append("room", target='a"b', html="<script>")
    expected = '<turbo-stream action="append" target="a&quot;b"><template>&lt;script&gt;</template>'
    assert json.loads(events()[0].data) == f"{expected}</turbo-stream>"
    with pytest.raises(InvalidEvent):
        turbo.broadcast_remove("no room", target="a")
