"""Who reads and writes the working note of a report, and when it goes."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from pycrdt import Doc, Text

from apps.museum.documents import note_of
from apps.museum.models import ProblemReport
from apps.museum.tests.factories import ReportFactory
from apps.users.models import User
from apps.users.roles import MAINTAINER, MANAGER
from apps.users.tests.factories import UserFactory
from longhouse.documents import kinds, selectors, services
from longhouse.documents.services import Refused
from longhouse.realtime import topics

pytestmark = pytest.mark.django_db


def somebody(*roles: str) -> User:
    user = UserFactory.create()
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


@pytest.fixture
def report() -> ProblemReport:
    return ReportFactory.create()


def write(report: ProblemReport, user: User) -> None:
    doc: Doc[Any] = Doc()
    doc.get("text", type=Text).insert(0, "Ordered a coil.")
    services.append(name=note_of(report), update=doc.get_update(), user=user)


@pytest.mark.parametrize("role", [MAINTAINER, MANAGER])
def test_the_team_reads_and_writes(report: ProblemReport, role: str) -> None:
    user = somebody(role)
    assert topics.allows(user, note_of(report))
    write(report, user)
    assert selectors.text(note_of(report)) == "Ordered a coil."
    assert topics.description(user, note_of(report)) == {"name": user.display_name}


def test_nobody_else_does(report: ProblemReport) -> None:
    for user in (somebody(), AnonymousUser()):
        assert not topics.allows(user, note_of(report))
        assert not kinds.may_write(user, note_of(report))


def test_who_may_see_reports_and_not_log_work_reads_alone(report: ProblemReport) -> None:
    user = somebody()
    user.user_permissions.add(Permission.objects.get(codename="view_problemreport"))
    assert topics.allows(user, note_of(report))
    with pytest.raises(Refused):
        write(report, user)


@pytest.mark.parametrize(
    "name", ["report-note", "report-note:", "report-note:1", "report-note:x/y"]
)
def test_there_is_no_note_of_no_report(name: str) -> None:
    assert not topics.allows(somebody(MANAGER), name)


def test_a_deleted_report_hides_its_note_and_gives_it_back(report: ProblemReport) -> None:
    user = somebody(MANAGER)
    write(report, user)
    report.delete()
    assert not topics.allows(user, note_of(report))
    report.restore()
    assert topics.allows(user, note_of(report))
    assert selectors.text(note_of(report)) == "Ordered a coil."


def test_a_report_that_is_purged_takes_its_note_along(report: ProblemReport) -> None:
    user = somebody(MANAGER)
    other = ReportFactory.create()
    for one in (report, other):
        write(one, user)
    ProblemReport.all_objects.filter(pk=report.pk).hard_delete()
    assert selectors.text(note_of(report)) == ""
    assert selectors.text(note_of(other)) == "Ordered a coil."


def test_the_note_does_not_know_who_wrote_it(report: ProblemReport) -> None:
    user = somebody(MANAGER)
    write(report, user)
    user.delete()
    assert selectors.text(note_of(report)) == "Ordered a coil."
