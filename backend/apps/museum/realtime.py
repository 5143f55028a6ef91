"""What the team follows live: `workshop`, and who is at which report: `report:<id>`.

report.opened {"report": id}
report.changed {"report": id, or null for any}
work.logged {"machine": slug, "report": id or null}
photo.changed {"machine": slug, "report": id, or null for one of the machine itself}
"""

from typing import Any

from apps.museum.models import LogEntry, Photo, ProblemReport
from longhouse.realtime import topics
from longhouse.realtime.log import publish

TOPIC = "workshop"


def is_team(user: Any, _rest: str) -> bool:
    return bool(user.has_perm("museum.view_problemreport"))


def describe(user: Any) -> dict[str, Any]:
    return {"name": user.display_name}


topics.register(TOPIC)(is_team)
topics.register("report", presence=describe)(is_team)


def report_opened(report: ProblemReport) -> None:
    publish(TOPIC, "report.opened", {"report": report.pk})


def report_changed(report: ProblemReport | None) -> None:
    publish(TOPIC, "report.changed", {"report": report and report.pk})


def work_logged(entry: LogEntry) -> None:
    data = {"machine": entry.machine.slug, "report": entry.report_id}
    publish(TOPIC, "work.logged", data)


def photo_changed(photo: Photo) -> None:
    report = photo.report_id or (photo.log_entry.report_id if photo.log_entry else None)
    publish(TOPIC, "photo.changed", {"machine": photo.machine.slug, "report": report})
