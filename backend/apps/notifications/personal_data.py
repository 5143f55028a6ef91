"""What a person was told, and what they chose to be told. Both go with the person's row."""

from typing import Any

from apps.users.models import User
from apps.users.personal_data import Holding, register
from longhouse.notifications.models import Notification, Preference


def told(user: User) -> dict[str, Any]:
    rows = Notification.objects.filter(user=user).order_by("pk")
    chosen = Preference.objects.filter(user=user).order_by("kind")
    return {
        "told": list(rows.values("id", "kind", "title", "text", "url", "created_at", "read_at")),
        "chosen": list(chosen.values("kind", "in_app", "mail")),
    }


register(Holding("notifications", told))
