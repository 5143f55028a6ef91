"""The queue's own housekeeping."""

from longhouse.jobs import services
from longhouse.jobs.definition import task
from longhouse.jobs.registry import schedule


@schedule("17 * * * *")
@task()
def prune() -> int:
    """Delete jobs that finished long ago, see `keep` in OPTIONS."""
    return services.prune()
