"""What the house holds of the operations that a person started. They stay, without the person."""

from typing import Any

from apps.users.models import User
from apps.users.personal_data import Holding, register
from longhouse.workflows.models import Run


def runs_of(user: User) -> list[dict[str, Any]]:
    names = ("id", "workflow", "args", "kwargs", "state", "created_at", "finished_at")
    return list(Run.objects.filter(user=user).order_by("pk").values(*names))


register(Holding("operations", runs_of))
