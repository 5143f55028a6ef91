"""Whom the museum tells of what."""

import uuid

import pytest

from apps.museum import services
from apps.museum.tests.factories import MachineFactory, ReportFactory
from longhouse.notifications.services import notifications_of

pytestmark = pytest.mark.django_db


def titles(user):
    return [row.title for row in notifications_of(user)]


def report(machine, actor=None):
    return services.report_problem(
        actor=actor, asset_number=machine.asset_number, category="ball", description="In the lane."
    )


def test_the_team_is_told_of_a_report_and_nobody_else(visitor, maintainer, manager):
    machine = MachineFactory.create()
    made = report(machine)
    expected = [f"{machine}: {made.get_category_display()}"]
    assert titles(maintainer) == titles(manager) == expected
    assert titles(visitor) == []


def test_who_reports_is_not_told_of_it(maintainer, second_maintainer):
    report(MachineFactory.create(), actor=maintainer)
    assert titles(maintainer) == []
    assert len(titles(second_maintainer)) == 1


def test_a_report_that_was_sent_before_tells_nobody_again(maintainer):
    machine = MachineFactory.create()
    key = uuid.uuid4()
    for _ in range(2):
        services.report_problem(
            actor=None, asset_number=machine.asset_number, category="ball", idempotency_key=key
        )
    assert len(titles(maintainer)) == 1


def test_who_reported_is_told_when_somebody_solved_it(visitor, maintainer):
    made = ReportFactory.create(reported_by=visitor)
    services.log_work(
        actor=maintainer,
        machine=made.machine,
        report=made,
        description="New rubber.",
        closes_report=True,
    )
    assert titles(visitor) == [f"{made.machine} works again"]


def test_who_solves_their_own_report_is_not_told(maintainer):
    made = ReportFactory.create(reported_by=maintainer)
    services.log_work(
        actor=maintainer,
        machine=made.machine,
        report=made,
        description="New rubber.",
        closes_report=True,
    )
    assert titles(maintainer) == []
