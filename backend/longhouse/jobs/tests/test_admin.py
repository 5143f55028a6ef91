"""The queue in the admin."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from longhouse.jobs import leases, registry, services
from longhouse.jobs.execute import execute
from longhouse.jobs.finishing import finish
from longhouse.jobs.models import Job, Schedule, State, Worker
from longhouse.jobs.testing import run_jobs
from longhouse.jobs.tests import tasks

pytestmark = pytest.mark.django_db

JOBS = reverse("admin:jobs_job_changelist")
DASHBOARD = reverse("admin:jobs_dashboard")


@pytest.fixture
def admin(client: Any, superuser: Any) -> Any:
    client.force_login(superuser)
    return client


def act(admin: Any, action: str, *jobs: Job) -> None:
    data = {"action": action, "_selected_action": [str(job.pk) for job in jobs]}
    assert admin.post(JOBS, data).status_code == 302
    for job in jobs:
        job.refresh_from_db()


def failed() -> Job:
    job = services.enqueue(tasks.discard)
    run_jobs()
    job.refresh_from_db()
    return job


def test_a_job_shows_its_call_and_every_attempt(admin):
    job = services.enqueue(tasks.fail, ("<boom>",))
    run_jobs(delays=True)
    page = admin.get(reverse("admin:jobs_job_change", args=[job.pk])).text
    assert page.count("ValueError: &lt;boom&gt;") == 4  # the job, and three attempts
    assert "3 of 3" in page
    assert "ValueError" in admin.get(JOBS, {"state__exact": "discarded"}).text
    assert str(job.pk) in admin.get(JOBS, {"q": str(job.pk)}).text


def test_actions_replay_cancel_and_discard(admin):
    job = failed()
    act(admin, "replay", job)
    assert job.state == State.SCHEDULED
    act(admin, "discard", job)
    assert job.state == State.DISCARDED
    waiting, running = services.enqueue(tasks.add, (1,)), services.enqueue(tasks.add, (2,))
    (claimed,) = leases.claim("default", limit=1, worker="w")
    assert claimed == waiting
    act(admin, "cancel_and_kill", waiting, running)
    assert (waiting.state, waiting.kill_requested) == (State.RUNNING, True)
    assert running.state == State.CANCELLED


def test_a_list_costs_the_same_however_long_it_is(admin, django_assert_max_num_queries):
    for _ in range(2):
        services.enqueue(tasks.add, (1,))
    with django_assert_max_num_queries(12) as few:
        admin.get(JOBS)
    for _ in range(10):
        services.enqueue(tasks.add, (1,))
    with django_assert_max_num_queries(len(few)):
        admin.get(JOBS)


def test_the_dashboard_tells_of_queues_and_workers(admin):
    assert "No worker is alive" in admin.get(DASHBOARD).text
    failed()
    for n in range(3):
        services.enqueue(tasks.add, (n,))
    services.enqueue(tasks.rated)
    (done, _) = leases.claim("default", limit=2, worker="w")
    ending = execute(done)
    assert ending
    finish([ending])
    Worker.objects.create(name="w:1", engine="embedded", queues=["default"])
    response = admin.get(DASHBOARD)
    assert "w:1" in response.text
    (queue, *_) = response.context["overview"].queues
    assert (queue.available, queue.running, queue.delayed) == (1, 1, 1)
    assert (queue.succeeded, queue.discarded, queue.dead) == (1, 1, 1)
    assert abs((timezone.now() - queue.oldest).total_seconds()) < 60


def test_the_dashboard_is_for_those_who_may_see_jobs(client, person):
    person.is_staff = True
    person.save()
    client.force_login(person)
    assert client.get(DASHBOARD).status_code == 403


def test_schedules_are_switched_and_run_in_the_admin(admin, monkeypatch):
    monkeypatch.setattr(registry, "SCHEDULES", {})
    registry.schedule("0 0 1 1 *", name="yearly", args=(1,))(tasks.add)
    from longhouse.jobs import schedules

    schedules.sync()
    row = Schedule.objects.get(name="yearly")
    url = reverse("admin:jobs_schedule_change", args=[row.pk])
    assert admin.post(url, {}).status_code == 302
    row.refresh_from_db()
    assert row.enabled is False
    run = {"action": "run_now", "_selected_action": [row.pk]}
    assert admin.post(reverse("admin:jobs_schedule_changelist"), run).status_code == 302
    assert Job.objects.get().schedule == row
