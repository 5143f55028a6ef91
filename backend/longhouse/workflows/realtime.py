"""Runs live: whoever may see a run may follow its topic, `run:<id>`.

That one begins is also told to whoever started it (`user:<id>`), and to those who may see all of
them (`runs`): they cannot know its topic before.
"""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from longhouse.realtime import topics
from longhouse.realtime.log import publish
from longhouse.workflows.models import Run, Step
from longhouse.workflows.signals import changed


@topics.register("run")
def may_follow(user: Any, rest: str) -> bool:
    try:
        run_id = UUID(rest)
    except ValueError:
        return False
    if user.has_perm("workflows.view_run"):
        return True
    return user.is_authenticated and Run.objects.filter(pk=run_id, user=user.pk).exists()


@topics.register("runs")
def may_follow_all(user: Any, rest: str) -> bool:
    return not rest and user.has_perm("workflows.view_run")


@receiver(changed, dispatch_uid="workflows.live")
def tell(
    sender: Any, run: Run, step: Step | None = None, begins: bool = False, **kwargs: Any
) -> None:
    """What changed is named; whoever follows asks for the rest."""
    told: dict[str, Any] = {"state": run.state, "progress": run.progress}
    if step is not None:
        told["step"] = {"key": step.key, "state": step.state}
    publish(f"run:{run.pk}", "run", told)
    if begins:
        publish("runs", "run", told)
        if run.user_id:
            publish(f"user:{run.user_id}", "run", told)
