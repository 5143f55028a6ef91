"""What the museum tells people."""

from apps.museum.models import ProblemReport
from apps.users.models import User
from apps.users.selectors import people_who_may
from longhouse.notifications.kinds import Kind, Mail, register
from longhouse.notifications.services import notify

TRIAGE = "museum.change_problemreport"

REPORTED = register(
    Kind(
        "museum.reported",
        "New problem reports",
        mail=Mail.DAILY,
        concerns=lambda user: user.has_perm(TRIAGE),
    )
)
CLOSED = register(Kind("museum.closed", "Problems of yours that are solved"))


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
