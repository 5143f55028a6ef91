"""What runs by itself, where longhouse.jobs is installed."""

from longhouse.jobs import schedule, task
from longhouse.versioning.integrity import seal


@schedule("*/5 * * * *", name="versioning.seal")
@task()
def seal_history() -> int:
    """Seal what was committed since the last time; gives how many commits that were."""
    return seal()
