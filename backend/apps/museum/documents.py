"""The working note of a problem report, `report-note:<id>`: what the team knows while it works.

It carries no names: who wrote which letter is not kept.
"""

from typing import Any
from uuid import UUID

from django.db.models.signals import post_delete
from django.dispatch import receiver

from apps.museum.models import ProblemReport
from apps.museum.realtime import describe, is_team
from longhouse.documents import kinds, services


def note_of(report: ProblemReport) -> str:
    """The name of its document."""
    return f"report-note:{report.pk}"


def may_write(user: Any, _report: str) -> bool:
    return bool(user.has_perm("museum.add_logentry"))


@kinds.register("report-note", may_write=may_write, presence=describe)
def may_read(user: Any, report: str) -> bool:
    return is_team(user, report) and _is_there(report)


def _is_there(report: str) -> bool:
    try:
        return ProblemReport.objects.filter(pk=UUID(report)).exists()
    except ValueError:
        return False


@receiver(post_delete, sender=ProblemReport)
def report_is_gone(instance: ProblemReport, **_: Any) -> None:
    """The note goes when the report does for good, not when it can still be brought back."""
    services.delete(name=note_of(instance))
