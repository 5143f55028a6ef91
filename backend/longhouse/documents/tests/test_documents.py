"""Documents as they are stored, on the project's own database."""

import base64
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text

from longhouse.documents import kinds, realtime, selectors, services, yjs
from longhouse.documents.models import Document, Update
from longhouse.documents.services import Refused, append
from longhouse.realtime import log, topics
from longhouse.realtime.channels import Rejected, perform

pytestmark = pytest.mark.django_db
NAME = "sheet:1"
NOBODY = AnonymousUser()


@pytest.fixture(autouse=True)
def sheets() -> Iterator[None]:
    """A kind of documents that anybody may read; number 0 can be written by nobody."""
    kinds.register("sheet", may_write=lambda user, rest: rest != "0")(lambda user, rest: True)
    yield
    del topics._kinds["sheet"], kinds._writers["sheet"]


class Author:
    """Makes updates."""

    def __init__(self) -> None:
        self.doc: Doc[Any] = Doc()
        self.text = self.doc.get("text", type=Text)

    def write(self, text: str) -> bytes:
        before = self.doc.get_state()
        self.text.insert(0, text)
        return self.doc.get_update(before)


def stored() -> list[bytes]:
    return [bytes(data) for data in Update.objects.values_list("data", flat=True)]


def reason(update: bytes, *, name: str = NAME) -> str:
    with pytest.raises(Refused) as refused:
        append(name=name, update=update, user=NOBODY)
    return refused.value.reason


def test_what_is_appended_can_be_read_and_is_told() -> None:
    author = Author()
    assert selectors.text(NAME) == ""
    for word in ("world", "hello "):
        append(name=NAME, update=author.write(word), user=NOBODY, client="me")
    assert selectors.text(NAME) == "hello world"
    log.place()
    events = [(entry.topic, entry.type, json.loads(entry.data)) for entry in log.read(0, 10)]
    sent = [base64.b64encode(data).decode() for data in stored()]
    data = [{"update": update, "user": "", "client": "me"} for update in sent]
    assert events == [(NAME, "document.update", one) for one in data]


@pytest.mark.parametrize(
    "update",
    [
        b"",
        b"\x00",
        b"\x01",
        b"no update",
        b"\xff" * 20,
        b"\x80" * 10,
        b"\xc3\xc5\xb6\x78\x3d\x49\x6c",  # a billion clients are to come
        b"\x00\xff\xff\xff\xff\x0f",
    ],
)
def test_what_is_no_update_is_refused_and_not_stored(update: bytes) -> None:
    assert reason(update) == "malformed"
    assert not Document.objects.exists()
    assert log.state().last == 0


@given(st.binary(max_size=60), st.integers(0, 2**32))
def test_whatever_comes_is_refused_or_can_be_merged(noise: bytes, seed: int) -> None:
    author = Author()
    good = author.write("something that is there already")
    bent = bytearray(author.write("more"))
    bent[Random(seed).randrange(len(bent))] ^= 1 + seed % 255
    for update in (noise, bytes(bent)):
        doc = yjs.merged([good])
        try:
            yjs.apply(doc, update)
        except (yjs.Malformed, yjs.Incomplete):
            continue
        again = yjs.merged([yjs.merged([good, update]).get_update()])
        assert str(again.get("text", type=Text)) == str(doc.get("text", type=Text))


def test_what_builds_on_something_else_is_refused_until_that_is_there() -> None:
    author = Author()
    first, second = author.write("a"), author.write("b")
    assert reason(second) == "incomplete"
    for update in (first, second):
        append(name=NAME, update=update, user=NOBODY)
    assert selectors.text(NAME) == "ba"


def test_an_update_that_comes_twice_counts_once() -> None:
    update = Author().write("once")
    for _ in range(2):
        append(name=NAME, update=update, user=NOBODY)
    assert selectors.text(NAME) == "once"


def test_too_much_is_refused(settings: Any) -> None:
    settings.DOCUMENTS_MAX_UPDATE, settings.DOCUMENTS_MAX_SIZE = 1000, 2000
    author = Author()
    assert reason(Author().write("x" * 1000)) == "update-too-large"
    for _ in range(2):
        append(name=NAME, update=author.write("x" * 900), user=NOBODY)
    assert reason(author.write("x" * 900)) == "document-too-large"
    assert selectors.text(NAME) == "x" * 1800


def test_who_may_not_write_is_refused() -> None:
    assert reason(Author().write("x"), name="sheet:0") == "read-only"
    assert reason(Author().write("x"), name="nothing:1") == "read-only"
    assert not Document.objects.exists()


def test_what_was_deleted_is_gone_and_can_begin_anew() -> None:
    append(name=NAME, update=Author().write("old"), user=NOBODY)
    services.delete(name=NAME)
    assert not Update.objects.exists()
    append(name=NAME, update=Author().write("new"), user=NOBODY)
    assert selectors.text(NAME) == "new"


def test_compaction_changes_nothing_but_the_number_of_rows(monkeypatch: Any) -> None:
    monkeypatch.setattr(services, "FOLDED_AT_ONCE", 3)
    author = Author()
    author.doc.get("other", type=Map)["key"] = "value"
    append(name=NAME, update=author.doc.get_update(), user=NOBODY)
    for number in range(7):
        append(name=NAME, update=author.write(f"{number} "), user=NOBODY)
    before = selectors.load(NAME).doc.get_state()
    assert services.compact(name=NAME) == 8
    assert stored() == []
    assert selectors.load(NAME).doc.get_state() == before
    append(name=NAME, update=author.write("after "), user=NOBODY)
    assert services.compact(name=NAME) == 1
    assert services.compact(name=NAME) == services.compact(name="sheet:7") == 0
    assert selectors.text(NAME) == "after 6 5 4 3 2 1 0 "
    assert selectors.load(NAME).doc.get("other", type=Map)["key"] == "value"


def test_a_reader_misses_nothing_that_is_folded_between_its_two_queries() -> None:
    author = Author()
    for text in ("old ", "new "):
        append(name=NAME, update=author.write(text), user=NOBODY)
    folded = 0

    def fold_first(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal folded
        if not folded and "snapshot" in sql:
            folded = -1  # its own queries pass
            folded = services.compact(name=NAME)
        return execute(sql, *rest)

    with connection.execute_wrapper(fold_first):
        assert selectors.text(NAME) == "new old "
    assert folded == 2


# feature: jobs
def test_a_job_compacts_in_time(settings: Any) -> None:
    from longhouse.jobs.testing import run_jobs

    settings.DOCUMENTS_COMPACT_AT = 5
    author = Author()
    for number in range(8):
        append(name=NAME, update=author.write(str(number)), user=NOBODY)
    assert len(stored()) == 8
    run_jobs()
    assert stored() == []
    assert selectors.text(NAME) == "76543210"


# end feature: jobs
def test_without_a_worker_updates_do_not_pile_up(settings: Any, monkeypatch: Any) -> None:
    settings.DOCUMENTS_COMPACT_AT = 2
    monkeypatch.setattr(services, "PATIENCE", 2)
    author = Author()
    for number in range(4):
        append(name=NAME, update=author.write(str(number)), user=NOBODY)
    assert len(stored()) < 4
    assert selectors.text(NAME) == "3210"


def channel_of(name: object) -> realtime.DocumentChannel:
    channel = realtime.DocumentChannel(NOBODY, {"name": name})
    channel.subscribed()
    return channel


@pytest.mark.parametrize("name", [None, 7, "", "sheet:", "sheet 1", "user:1", "nothing:1"])
def test_a_channel_needs_the_name_of_a_document(name: object) -> None:
    with pytest.raises(Rejected):
        channel_of(name)


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("sync", {}),
        ("sync", {"state": "?"}),
        ("sync", {"state": "/////w8="}),
        ("update", {}),
        ("update", {"update": 7}),
        ("update", {"update": "AAA"}),
        ("update", {"update": "bm8gdXBkYXRl"}),
        ("aware", {"state": "x" * 1100}),
        ("aware", {"state": "\ud800"}),
    ],
)
def test_a_channel_says_what_is_malformed(action: str, data: dict[str, Any]) -> None:
    channel = channel_of(NAME)
    assert perform(channel, {"action": action, "id": 5, **data})
    assert [message["type"] for message in channel.outgoing] == ["document.refused"]
    refused = channel.outgoing[0]["data"]
    assert (refused["id"], refused["reason"]) == (5, "malformed")
    assert refused["detail"]


def test_who_sends_too_fast_is_told_so(settings: Any) -> None:
    settings.DOCUMENTS_RATE, settings.DOCUMENTS_BURST = 0, 3
    channel = channel_of(NAME)
    for _ in range(4):
        perform(channel, {"action": "sync", "state": "AA=="})
    kinds = [message["type"] for message in channel.outgoing]
    assert kinds == ["document.sync"] * 3 + ["document.refused"]
    assert channel.outgoing[-1]["data"]["reason"] == "too-fast"


def test_awareness_ends_with_the_subscription() -> None:
    channel = channel_of(NAME)
    perform(channel, {"action": "aware", "state": {"line": 3}})
    channel.unsubscribed()
    channel_of(NAME).unsubscribed()  # said nothing, so there is nothing to end
    log.place()
    states = [json.loads(entry.data)["state"] for entry in log.read(0, 10)]
    assert states == [{"line": 3}, None]
