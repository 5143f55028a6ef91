"""What workflows promise when processes are killed, on every engine of the queue."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import router

from longhouse.jobs.tests import settings as of_jobs
from longhouse.jobs.tests.engines import BACKEND, ENGINES, House, Router, children
from longhouse.workflows import services
from longhouse.workflows.models import ENDED, Kind, Run, RunState, Step
from longhouse.workflows.tests import settings as of_workflows
from longhouse.workflows.tests import workflows as flows


@pytest.fixture(params=ENGINES)
def house(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    django_db_blocker: Any,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> Iterator[House]:
    house = House(tmp_path, request.param)
    house.environment["DJANGO_SETTINGS_MODULE"] = of_workflows.__name__
    house.environment["WORKFLOWS_TRACE"] = str(house.trace_file)
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    subprocess.run(migrate, env=house.environment, cwd=BACKEND, check=True)
    settings.TASKS = of_jobs.TASKS
    monkeypatch.setattr(router, "routers", [Router()])
    with django_db_blocker.unblock(), house.connected():
        try:
            yield house
        finally:
            house.stop()


def ended(*runs: Run) -> bool:
    ids = [run.pk for run in runs]
    return Run.objects.filter(pk__in=ids, state__in=ENDED).count() == len(ids)


def test_no_run_is_lost_and_no_finished_step_repeated(house):
    worker = house.start(processes=3)
    runs = [flows.three.start(f"run {number} ") for number in range(12)]
    runs.append(flows.fan.start([f"item {number}" for number in range(20)], 3))
    kills = 0
    until = time.monotonic() + 120
    while not ended(*runs) and time.monotonic() < until:
        if kills < 12 and house.trace() and (found := children(worker)):
            random.choice(found).kill()
            kills += 1
        time.sleep(0.3)
    house.until(lambda: ended(*runs))
    states = Counter(Run.objects.values_list("state", flat=True))
    assert states == {RunState.SUCCEEDED: len(runs)}, house.said()
    assert kills
    done = Counter(house.trace())
    for step in Step.objects.exclude(kind=Kind.MAP).select_related("run"):
        text = step.value or f"{step.run.args[0]}{step.position}"
        # Each try is counted before it begins, and may be cut off before it does anything.
        assert 1 <= done[text] <= step.attempt, text


def test_a_run_goes_on_when_its_worker_is_killed(house):
    worker = house.start(processes=1)
    run = flows.slow.start()
    house.until(lambda: "second" in house.trace())
    house.kill(worker)
    assert not ended(run)
    house.start(processes=1)
    house.until(lambda: ended(run))
    assert Run.objects.get(pk=run.pk).state == RunState.SUCCEEDED
    assert house.trace() == ["first", "second", "second", "third"]


def test_a_waiting_run_is_woken_from_another_process(house):
    house.start(processes=1)
    run = flows.approval.start()
    house.until(lambda: Step.objects.filter(run=run).exists())
    services.tell(run.pk, "approved", "yes")
    house.until(lambda: ended(run))
    assert Run.objects.get(pk=run.pk).result == "yes"
