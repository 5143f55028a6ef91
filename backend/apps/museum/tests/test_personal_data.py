"""The museum's history outlives the people in it, without their names."""

import pytest

from apps.accounts import personal_data
from apps.museum.models import LogEntry, ProblemReport
from apps.museum.tests.factories import LogEntryFactory, ReportFactory
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_export_holds_what_the_person_did(person):
    report = ReportFactory.create(reported_by=person, description="It hums.")
    deleted = LogEntryFactory.create(author=person, description="Unplugged it.")
    deleted.delete()
    LogEntryFactory.create(author=UserFactory.create())
    museum = personal_data.export(user=person)["museum"]
    assert [row["id"] for row in museum["reports"]] == [report.pk]
    assert [row["description"] for row in museum["log_entries"]] == ["Unplugged it."]


def test_the_history_stays_when_the_person_goes(person):
    report = ReportFactory.create(reported_by=person, reporter_name="Pia")
    entry = LogEntryFactory.create(author=person)
    gone = ReportFactory.create(reported_by=person, reporter_name="Pia")
    gone.delete()
    personal_data.delete_account(user=person)
    entry.refresh_from_db()
    assert entry.author is None
    for pk in (report.pk, gone.pk):
        row = ProblemReport.all_objects.get(pk=pk)
        assert (row.reported_by, row.reporter_name) == (None, "")
    assert LogEntry.objects.count() == 1
