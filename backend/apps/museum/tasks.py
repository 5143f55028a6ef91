"""The museum's work in the background."""

# feature: notifications
from django.conf import settings
from django.db import transaction

from apps.museum.notifications import tell_of_the_floor, yesterday
from longhouse.jobs import JobContext, schedule, task

# end feature: notifications


# feature: notifications
# After closing time in the museum, and before anybody comes. What was missed is made up for by one
# report; while one is written, no other begins, whoever asked for it.
@schedule(
    "30 5 * * *",
    name="museum.floor",
    timezone=settings.MUSEUM_TIME_ZONE,
    overlap="skip",
    catch_up="last",
)
@task(takes_context=True, concurrency=1, timeout=60)
@transaction.atomic
def report_the_floor(context: JobContext) -> int:
    """Tell managers of yesterday; gives how many were told."""
    context.hold()
    return tell_of_the_floor(yesterday())


# end feature: notifications
