"""What managers read about the floor in the morning."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from apps.museum import notifications, services, tasks
from apps.museum.models import LogEntry, ProblemReport, Zone
from apps.museum.notifications import FLOOR, tell_of_the_floor, yesterday
from apps.museum.tests.factories import LocationFactory, MachineFactory, ReportFactory
from longhouse.jobs import registry, schedules
from longhouse.jobs.models import Schedule
from longhouse.jobs.testing import run_jobs
from longhouse.notifications.kinds import Mail
from longhouse.notifications.models import Notification
from longhouse.notifications.services import choices_of, choose, notifications_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def midday():
    """At noon of yesterday."""
    return timezone.now().astimezone(notifications.ZONE).replace(hour=12) - timedelta(days=1)


@pytest.fixture
def broken(manager, midday):
    machine = MachineFactory.create()
    entry = services.log_work(
        actor=manager, machine=machine, description="No power.", status_after="broken"
    )
    LogEntry.objects.filter(pk=entry.pk).update(worked_at=datetime(2026, 5, 3, 12, tzinfo=UTC))
    services.log_work(
        actor=manager, machine=machine, description="Ordered a fuse.", status_after="fixing"
    )
    return machine


def reports_of(user):
    return list(notifications_of(user).filter(kind=FLOOR.name))


def test_it_tells_what_is_down_since_when_and_who_reported_and_solved_what(
    manager, maintainer, midday, broken
):
    opened = ReportFactory.create(reporter_name="Ben")
    solved = ReportFactory.create(category="ball")
    services.log_work(
        actor=maintainer,
        machine=solved.machine,
        report=solved,
        description="Freed it.",
        closes_report=True,
    )
    ProblemReport.objects.filter(pk=opened.pk).update(created_at=midday)
    ProblemReport.objects.filter(pk=solved.pk).update(
        created_at=midday - timedelta(days=3), closed_at=midday
    )
    assert tell_of_the_floor(yesterday()) == 1
    (row,) = reports_of(manager)
    assert row.title.endswith(": 1 out of order, 1 reported, 1 solved")
    assert row.text.split("\n\n") == [
        f"Out of order:\n{broken}, being fixed since 3 May 2026",
        f"Reported:\n{opened.machine}, flippers, by Ben",
        f"Solved:\n{solved.machine}, ball stuck or missing, by Milo",
    ]
    assert not reports_of(maintainer)


def test_a_day_is_the_museums(manager):
    day = datetime(2026, 7, 10, tzinfo=notifications.ZONE)
    moments = {
        day - timedelta(minutes=1): 0,
        day: 1,
        day + timedelta(hours=24, minutes=-1): 1,
        day + timedelta(hours=24): 0,
    }
    report = ReportFactory.create()
    for moment, told in moments.items():
        Notification.objects.all().delete()
        ProblemReport.objects.filter(pk=report.pk).update(created_at=moment)
        assert tell_of_the_floor(day.date()) == told, moment


def test_with_nothing_to_say_nothing_is_sent(manager, broken):
    broken.location = LocationFactory.create(zone=Zone.STORAGE)
    broken.save()
    ReportFactory.create()  # of today
    assert tell_of_the_floor(yesterday()) == 0
    assert not Notification.objects.exists()


def test_a_long_list_is_cut_and_says_so(manager):
    for _ in range(notifications.MOST_LISTED + 2):
        MachineFactory.create(status="broken")
    tell_of_the_floor(yesterday())
    (row,) = reports_of(manager)
    assert row.title.endswith("14 out of order, 0 reported, 0 solved")
    assert row.text.endswith("and 2 more")


def test_fired_twice_it_is_sent_once(manager, broken, django_capture_on_commit_callbacks):
    registry.discover()
    schedules.sync()
    nightly = Schedule.objects.get(name="museum.floor")
    for _ in range(2):
        schedules.run_now(nightly)
        run_jobs()
    assert len(reports_of(manager)) == 1
    (message,) = mail.outbox
    assert message.to == [manager.email]
    assert "1 out of order" in message.subject
    assert f"{broken}, being fixed since 3 May 2026" in message.body


def test_a_try_that_was_cut_off_told_nobody_and_is_made_up_for(manager, broken, monkeypatch):
    registry.discover()
    tell = notifications.tell_of_the_floor

    def dies(day):
        tell(day)
        raise OSError("the disk is full")

    monkeypatch.setattr(tasks, "tell_of_the_floor", dies)
    with transaction.atomic():
        tasks.report_the_floor.enqueue()
        run_jobs()
    assert not reports_of(manager)
    monkeypatch.undo()
    run_jobs(delays=True)
    assert len(reports_of(manager)) == 1
    assert len(mail.outbox) == 1


def test_it_is_for_managers_who_want_it(manager, maintainer, broken):
    kinds = {choice.kind.name for choice in choices_of(maintainer)}
    assert FLOOR.name not in kinds
    choose(user=manager, kind=FLOOR.name, in_app=False, mail=Mail.NEVER)
    assert tell_of_the_floor(yesterday()) == 0
    choose(user=manager, kind=FLOOR.name, in_app=False, mail=Mail.NOW)
    assert tell_of_the_floor(yesterday()) == 1
    run_jobs()
    assert len(mail.outbox) == 1
    assert not reports_of(manager)
