"""What the museum tells people."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from apps.museum import selectors
from apps.museum.models import ProblemReport
from apps.users.models import User
from apps.users.selectors import people_who_may
from longhouse.notifications.kinds import Kind, Mail, register
from longhouse.notifications.services import notify

TRIAGE = "museum.change_problemreport"
MANAGE = "museum.change_machine"
ZONE = ZoneInfo(settings.MUSEUM_TIME_ZONE)
#: of each thing in a report; the board shows the rest
MOST_LISTED = 12

REPORTED = register(
    Kind(
        "museum.reported",
        "New problem reports",
        mail=Mail.DAILY,
        concerns=lambda user: user.has_perm(TRIAGE),
    )
)
CLOSED = register(Kind("museum.closed", "Problems of yours that are solved"))
FLOOR = register(
    Kind(
        "museum.floor",
        "The nightly report of the floor",
        mail=Mail.NOW,
        concerns=lambda user: user.has_perm(MANAGE),
    )
)


def tell_of_report(report: ProblemReport) -> None:
    """To everybody who may triage it, but not to who reported it."""
    team = people_who_may(TRIAGE)
    if report.reported_by_id:
        team = team.exclude(pk=report.reported_by_id)
    notify(
        team,
        REPORTED,
        title=f"{report.machine}: {report.get_category_display()}",
        text=report.description,
        url=f"/app/reports/{report.pk}",
        about=f"report {report.pk}",
    )


def tell_of_closing(report: ProblemReport, *, by: User) -> None:
    """To who reported it, unless they closed it themselves."""
    reporter = report.reported_by
    if reporter is None or reporter.pk == by.pk:
        return
    notify(
        [reporter],
        CLOSED,
        title=f"{report.machine} works again",
        text="The problem that you reported is solved. Thank you for telling us.",
        url=f"/machines/{report.machine.slug}",
        about=f"report {report.pk}",
    )


def yesterday() -> date:
    """The last whole day of the museum."""
    return timezone.now().astimezone(ZONE).date() - timedelta(days=1)


def tell_of_the_floor(day: date) -> int:
    """Each manager once for each day, unless there is nothing to say; gives how many are told."""
    start, end = (datetime.combine(at, time(), ZONE) for at in (day, day + timedelta(days=1)))
    facts = {
        "down": _listed(selectors.machines_down()),
        "opened": _listed(selectors.reports_opened(start, end)),
        "closed": _listed(selectors.reports_closed(start, end)),
    }
    if not any(fact["count"] for fact in facts.values()):
        return 0
    with timezone.override(ZONE):
        source = render_to_string("museum/floor_report.txt", {"day": day, **facts})
    title, _, text = source.strip().partition("\n")
    told = notify(
        people_who_may(MANAGE),
        FLOOR,
        title=title,
        text=text.strip(),
        url="/app",
        about=f"floor {day}",
        once=True,
    )
    return len(told)


def _listed(found: QuerySet[Any]) -> dict[str, Any]:
    rows = list(found)
    shown = rows[:MOST_LISTED]
    return {"count": len(rows), "shown": shown, "more": len(rows) - len(shown)}
