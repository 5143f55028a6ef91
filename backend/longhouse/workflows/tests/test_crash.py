"""What workflows promise when processes are killed, on every engine of the queue."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from longhouse.jobs.tests.engines import BACKEND, ENGINES, House
from longhouse.workflows import services
from longhouse.workflows.models import ENDED, Kind, Run, RunState, Step
from longhouse.workflows.tests import settings as of_workflows
from longhouse.workflows.tests import workflows as flows

#: The long form is 5000 jobs and 200 kills. Half of the jobs drive a run of three steps each.
JOBS = int(os.environ.get("WORKFLOWS_CRASH_JOBS") or 40)
KILLS = int(os.environ.get("WORKFLOWS_CRASH_KILLS") or 8)
ITEMS = 19  # of a map, each of them a job


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
    with house.in_use(settings, monkeypatch, django_db_blocker):
        yield house


def ended(*runs: Run) -> bool:
    ids = [run.pk for run in runs]
    return Run.objects.filter(pk__in=ids, state__in=ENDED).count() == len(ids)


def test_no_run_is_lost_and_no_finished_step_repeated(house):
    chance = random.Random(5)
    fans = JOBS // 2 // (ITEMS + 1)
    threes = JOBS - fans * (ITEMS + 1)
    runs = [flows.three.start(f"run {number} ") for number in range(threes)]
    items = [[f"item {fan}.{number}" for number in range(ITEMS)] for fan in range(fans)]
    runs += [flows.fan.start(each, 3) for each in items]
    steps = 3 * threes + ITEMS * fans
    house.start()
    house.start()
    for kill in range(KILLS):
        enough = (kill + 1) * steps // (KILLS + 2)
        house.until(lambda enough=enough: len(house.trace()) >= enough, seconds=120)
        time.sleep(chance.uniform(0, 0.05))
        house.kill_somebody(chance)
    house.until(lambda: ended(*runs), seconds=60 + JOBS / 5)
    states = Counter(Run.objects.values_list("state", flat=True))
    assert states == {RunState.SUCCEEDED: len(runs)}, house.said()
    done = Counter(house.trace())
    kept = list(Step.objects.exclude(kind=Kind.MAP).select_related("run"))
    assert len(kept) == len(done) == steps
    for step in kept:
        text = step.value or f"{step.run.args[0]}{step.position}"
        # Each try is counted before it begins, and may be cut off before it does anything.
        assert 1 <= done[text] <= step.attempt, text
    again = sum(done.values()) - steps
    # A kill takes along what ran: one step, or those of a worker's two processes.
    assert again <= 2 * KILLS
    print(
        f"{JOBS} jobs, {steps} steps, {KILLS} kills: none lost, {again} were cut off and done again"
    )


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
