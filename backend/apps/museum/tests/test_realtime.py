"""What the team is told live, and who may listen."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import ValidationError

from apps.core.problems import StaleWrite
from apps.museum import services
from apps.museum.tests.factories import MachineFactory, ReportFactory
from apps.users.models import User
from apps.users.roles import MAINTAINER
from apps.users.tests.factories import UserFactory
from longhouse.realtime import topics
from longhouse.realtime.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def maintainer() -> User:
    user = UserFactory.create()
    user.groups.add(Group.objects.get(name=MAINTAINER))
    return user


def told() -> list[tuple[str, object]]:
    events = Event.objects.filter(topic="workshop").order_by("id")
    return [(event.type, json.loads(event.data)) for event in events]


def test_only_the_team_may_follow_the_workshop_and_be_at_a_report(maintainer: User) -> None:
    for topic in ("workshop", "report:1"):
        assert topics.allows(maintainer, topic)
        assert not topics.allows(UserFactory.create(), topic)
        assert not topics.allows(AnonymousUser(), topic)
    assert topics.description(maintainer, "report:1") == {"name": maintainer.display_name}
    assert topics.description(maintainer, "workshop") is None


def test_the_team_is_told_of_what_happens_to_a_report(maintainer: User) -> None:
    machine = MachineFactory.create()
    report = services.report_problem(
        actor=None, asset_number=machine.asset_number, category="ball", description="Stuck"
    )
    pk = str(report.pk)
    services.change_report(actor=maintainer, report=report, version=1, category="other")
    services.log_work(
        actor=maintainer,
        machine=machine,
        report=report,
        description="Freed it.",
        closes_report=True,
    )
    services.reopen_report(actor=maintainer, report=report)
    deletion = services.delete(actor=UserFactory.create(is_superuser=True), row=report)
    services.undelete(actor=UserFactory.create(is_superuser=True), deletion_id=deletion)
    assert told() == [
        ("report.opened", {"report": pk}),
        ("report.changed", {"report": pk}),
        ("work.logged", {"machine": machine.slug, "report": pk}),
        ("report.changed", {"report": pk}),
        ("report.changed", {"report": None}),
        ("report.changed", {"report": None}),
    ]


def test_nobody_is_told_of_what_was_refused(maintainer: User) -> None:
    report = ReportFactory.create()
    asset = report.machine.asset_number
    with pytest.raises(ValidationError):
        services.report_problem(actor=None, asset_number=asset, category="no such")
    with pytest.raises(StaleWrite):
        services.change_report(actor=maintainer, report=report, version=0, category="other")
    assert told() == []
