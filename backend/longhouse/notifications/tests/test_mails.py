from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import timezone

from longhouse.jobs.models import Job, State
from longhouse.jobs.testing import run_jobs
from longhouse.notifications import kinds, services, tasks
from longhouse.notifications.kinds import Kind, Mail, register
from longhouse.notifications.models import Notification
from longhouse.notifications.services import notify
from longhouse.notifications.tests.people import make_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> Iterator[Kind]:
    kind = register(Kind("tests.now", "Now", mail=Mail.NOW))
    yield kind
    del kinds._kinds[kind.name]


@pytest.fixture
def daily() -> Iterator[Kind]:
    kind = register(Kind("tests.daily", "Daily", mail=Mail.DAILY))
    yield kind
    del kinds._kinds[kind.name]


def test_a_mail_is_sent_at_once_by_a_job(person: Any, now: Kind):
    (row,) = notify([person], now, title="On its way", text="Soon there.", url="/orders/17")
    assert outbox.outbox == []
    run_jobs()
    (sent,) = outbox.outbox
    assert (sent.to, sent.subject) == ([person.email], "On its way")
    assert "/orders/17" in sent.body
    row.refresh_from_db()
    assert row.mailed_at
    tasks.send_mail.enqueue(str(row.pk))
    run_jobs()
    assert len(outbox.outbox) == 1


def test_nobody_puts_a_button_into_the_mail_of_others(person: Any, now: Kind, daily: Kind):
    words = "It broke.\n\n> Sign in again: https://evil.example/"
    for kind in (now, daily):
        notify([person], kind, title="Reported", text=words, url="/reports/1")
    tasks.send_digests.enqueue()
    run_jobs()
    assert len(outbox.outbox) == 2
    for sent in outbox.outbox:
        assert isinstance(sent, outbox.EmailMultiAlternatives)
        html = str(sent.alternatives[0][0])
        assert "https://evil.example/" in html
        assert html.count('class="button" href') == 1
        assert 'href="https://evil' not in html


def test_what_was_read_meanwhile_is_not_mailed(person: Any, now: Kind):
    (row,) = notify([person], now, title="On its way")
    services.mark(person, [row.pk])
    run_jobs()
    assert outbox.outbox == []


def test_a_mail_is_tried_again_when_the_provider_is_away(person: Any, now: Kind, monkeypatch: Any):
    answers = [OSError("away")]

    def send(*args: Any, **kwargs: Any) -> None:
        if answers:
            raise answers.pop()

    monkeypatch.setattr("longhouse.notifications.mails.send", send)
    (row,) = notify([person], now, title="On its way")
    run_jobs()
    assert Job.objects.get().state == State.RETRYABLE
    row.refresh_from_db()
    assert row.mailed_at is None
    run_jobs(delays=True)
    row.refresh_from_db()
    assert row.mailed_at


def test_a_day_comes_in_one_mail(person: Any, daily: Kind):
    (other,) = make_people(1)
    for title in ("One", "Two", "Three"):
        notify([person], daily, title=title)
    notify([other], daily, title="Alone")
    tasks.send_digests.enqueue()
    run_jobs()
    mails = {sent.to[0]: sent for sent in outbox.outbox}
    assert mails[person.email].subject == "3 notifications since yesterday"
    assert all(title in mails[person.email].body for title in ("One", "Two", "Three"))
    assert mails[other.email].subject == "1 notification since yesterday"
    outbox.outbox.clear()
    tasks.send_digests.enqueue()
    run_jobs()
    assert outbox.outbox == []


def test_a_very_full_day_is_shortened(person: Any, daily: Kind):
    for number in range(60):
        notify([person], daily, title=f"News {number}")
    tasks.send_digests.enqueue()
    run_jobs()
    (sent,) = outbox.outbox
    assert "And 10 more." in sent.body
    assert not Notification.objects.filter(mailed_at=None).exists()


def test_old_notifications_go(person: Any, daily: Kind):
    rows = [notify([person], daily, title="News")[0] for _ in range(4)]
    ages = (("read_at", 91), ("read_at", 89), ("created_at", 366), ("created_at", 364))
    for row, (field, days) in zip(rows, ages, strict=True):
        moment = timezone.now() - timedelta(days=days)
        Notification.objects.filter(pk=row.pk).update(**{field: moment})
    tasks.purge.enqueue()
    run_jobs()
    assert Notification.objects.count() == 2
