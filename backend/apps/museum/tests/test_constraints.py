import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.museum.models import LogEntry, Photo, ProblemReport
from apps.museum.tests.factories import LogEntryFactory, ReportFactory

pytestmark = pytest.mark.django_db


def test_the_database_refuses_what_no_service_would_write():
    report, entry = ReportFactory.create(), LogEntryFactory.create()
    photo = {"machine": report.machine, "report": report, "log_entry": entry}
    attempts = {
        "closed without a time": lambda: ProblemReport.objects.update(status="closed"),
        "open with the time of its end": lambda: ProblemReport.objects.update(
            closed_at=timezone.now()
        ),
        "closes a report without one": lambda: LogEntry.objects.update(closes_report=True),
        "of a problem and of work": lambda: Photo.objects.create(**photo, width=1, height=1),
    }
    for attempt in attempts.values():
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    report.refresh_from_db()
    assert (report.status, report.closed_at) == ("open", None)
