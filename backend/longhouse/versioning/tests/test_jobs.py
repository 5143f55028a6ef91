"""A job that is enqueued in a branch runs in it."""

from typing import Any

import pytest

from longhouse.jobs import registry, task
from longhouse.jobs.models import Job, State
from longhouse.jobs.testing import run_jobs
from longhouse.versioning import carrying
from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.integrity import verify
from longhouse.versioning.models import Seal
from longhouse.versioning.tests.models import Area

pytestmark = pytest.mark.django_db


@task()
def rename() -> Any:
    """What was active, where the task has changed something."""
    Area.objects.update(name="Renamed")
    return carrying.dump()


@task()
async def where() -> Any:
    return carrying.dump()


@task(unique=True)
def once() -> None:
    pass


def result() -> Any:
    return Job.objects.latest("pk").result


def test_a_job_runs_in_the_branch_that_it_was_enqueued_in() -> None:
    Area.objects.create(name="North")
    branch = create_branch("draft")
    with branch_context(branch):
        rename.enqueue()
    assert run_jobs() == 1
    assert result() == {"branch": branch.pk, "is_writable": True}
    assert Area.objects.get().name == "North"
    assert Area.objects.in_branch(branch).get().name == "Renamed"
    rename.enqueue()
    with branch_context(branch):
        run_jobs()  # whatever the worker is in
    assert result() is None
    assert Area.objects.get().name == "Renamed"


def test_a_moment_is_carried_into_coroutines_too() -> None:
    Area.objects.create(name="North")
    with as_of(1):
        where.enqueue()
    run_jobs()
    assert result() == {"layers": [[0, 1]]}


def test_a_job_whose_branch_is_gone_does_nothing() -> None:
    Area.objects.create(name="North")
    branch = create_branch("draft")
    with branch_context(branch):
        rename.enqueue()
    branch.delete()
    run_jobs(delays=True)
    job = Job.objects.get()
    assert job.state == State.DISCARDED
    assert "DoesNotExist" in job.error
    assert Area.objects.get().name == "North"


def test_what_is_unique_is_so_in_each_branch() -> None:
    branch = create_branch("draft")
    for _ in range(2):
        once.enqueue()
        with branch_context(branch):
            once.enqueue()
    assert Job.objects.count() == 2


def test_a_job_is_not_run_without_what_it_carries(settings: Any) -> None:
    branch = create_branch("draft")
    with branch_context(branch):
        rename.enqueue()
    settings.TASKS = {"default": {**settings.TASKS["default"], "OPTIONS": {}}}
    run_jobs(delays=True)
    assert "lacks branch" in Job.objects.get().error


def test_the_history_is_sealed_by_a_schedule() -> None:
    registry.discover()
    declared = registry.SCHEDULES["versioning.seal"]
    Area.objects.create(name="North")
    assert not Seal.objects.exists()
    declared.task.enqueue()
    run_jobs()
    assert Job.objects.get().state == State.SUCCEEDED
    assert Seal.objects.filter(kind=Seal.Kind.COMMIT).count() == 1
    assert verify().problems == []
