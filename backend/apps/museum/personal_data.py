"""What the museum holds of a person. Its history stays, without the name."""

from typing import Any

from apps.museum.models import LogEntry, Part, Photo, ProblemReport
from apps.users.models import User
from apps.users.personal_data import Holding, register


def work_of(user: User) -> dict[str, Any]:
    reports = ProblemReport.all_objects.filter(reported_by=user)
    entries = LogEntry.all_objects.filter(author=user)
    parts = Part.all_objects.filter(requested_by=user)
    photos = Photo.all_objects.filter(uploaded_by=user)
    machine = "machine__asset_number"
    return {
        "reports": list(
            reports.order_by("pk").values(
                "id", machine, "category", "description", "reporter_name", "occurred_at"
            )
        ),
        "log_entries": list(
            entries.order_by("pk").values("id", machine, "description", "minutes", "worked_at")
        ),
        "parts": list(parts.order_by("pk").values("id", machine, "name", "quantity", "notes")),
        "photos": list(photos.order_by("pk").values("id", machine, "caption", "created_at")),
    }


def forget(user: User) -> None:
    # The links to the person are cut by SET_NULL; the name is text.
    ProblemReport.all_objects.filter(reported_by=user).update(reporter_name="")


register(Holding("museum", work_of, forget))
