import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from longhouse.jobs import services as jobs
from longhouse.jobs.finishing import failed, finish
from longhouse.jobs.leases import claim
from longhouse.jobs.models import Job, Outcome
from longhouse.jobs.testing import run_jobs
from longhouse.realtime import topics
from longhouse.realtime.models import Event
from longhouse.workflows import services
from longhouse.workflows.exceptions import Gone, TooLarge
from longhouse.workflows.models import LogLine, Message, Run, RunState, Step, StepState
from longhouse.workflows.tests import workflows as flows
from longhouse.workflows.tests.running import fresh, later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    flows.did.clear()
    flows.fails.clear()


def make_person() -> Any:
    people: Any = get_user_model().objects
    return people.create_user(email="stranger@example.org", display_name="Sam")


def steps(run: Run) -> dict[str, str]:
    return dict(run.steps.values_list("key", "state"))


def lose_the_worker() -> None:
    """What the supervisor writes about a job whose process was killed."""
    running = Job.objects.filter(state="running")
    finish([failed(job, outcome=Outcome.LOST, error="") for job in running])


# Steps -------------------------------------------------------------------------------------


def test_a_run_takes_its_steps_and_keeps_their_results():
    run = flows.three.start("x")
    run_jobs()
    run = fresh(run)
    assert (run.state, run.result) == (RunState.SUCCEEDED, ["X0", "X1", "X2"])
    assert flows.did == ["x0", "x1", "x2"]
    assert steps(run) == {f"step {n}": StepState.SUCCEEDED for n in range(3)}


def test_a_run_that_is_rolled_back_never_was():
    with transaction.atomic():
        flows.three.start()
        transaction.set_rollback(True)
    run_jobs()
    assert (Run.objects.count(), flows.did) == (0, [])


def test_a_step_is_tried_again_and_finished_steps_are_not():
    flows.fails["x1"] = 2
    run = flows.three.start("x")
    run_jobs()
    assert fresh(run).state == RunState.SUCCEEDED
    assert flows.did == ["x0", "x1", "x1", "x1", "x2"]
    assert run.steps.get(key="step 1").attempt == 3


def test_a_step_whose_tries_are_used_up_fails_the_run():
    flows.fails["x1"] = 9
    run = flows.three.start("x")
    run_jobs()
    run = fresh(run)
    assert run.state == RunState.FAILED
    assert "x1 did not work" in run.error
    assert flows.did == ["x0", "x1", "x1", "x1"]


def test_a_step_that_says_so_is_not_tried_again():
    run = flows.discards.start()
    run_jobs()
    assert fresh(run).state == RunState.FAILED
    assert flows.did == ["hopeless"]


def test_a_failed_step_can_be_caught_and_fails_the_same_way_again():
    flows.fails |= {"first": 9, "second": 1}
    run = flows.another_way.start()
    run_jobs()
    run = fresh(run)
    assert (run.state, run.result) == (RunState.SUCCEEDED, "SECOND")
    assert flows.did == ["first"] * 3 + ["second"] * 2


def test_after_a_crash_the_run_goes_on_at_its_first_unfinished_step(monkeypatch):
    def crash(text: str) -> str:
        result = flows_do(text)
        if text == "x1" and flows.did.count("x1") == 1:
            raise SystemExit  # the process is gone: nobody writes an end
        return result

    flows_do = flows.do
    monkeypatch.setattr(flows, "do", crash)
    run = flows.three.start("x")
    with pytest.raises(SystemExit):
        run_jobs()
    lose_the_worker()
    later(hours=1)
    run_jobs()
    assert fresh(run).result == ["X0", "X1", "X2"]
    assert flows.did == ["x0", "x1", "x1", "x2"]


def test_a_step_that_kills_its_worker_each_time_fails(monkeypatch):
    def crash(text: str) -> str:
        flows.did.append(text)
        raise SystemExit

    monkeypatch.setattr(flows, "do", crash)
    run = flows.three.start("x")
    for _ in range(3):
        with pytest.raises(SystemExit):
            run_jobs()
        lose_the_worker()
        later(hours=1)
    run_jobs()
    assert fresh(run).state == RunState.FAILED
    assert "vanished" in fresh(run).error
    assert flows.did == ["x0"] * 3


def test_what_dies_between_its_steps_is_given_up(monkeypatch):
    monkeypatch.setattr(flows, "do", lambda text: (_ for _ in ()).throw(OSError("no disk")))
    monkeypatch.setattr(flows, "broken", flows.broken)
    flows.fails.clear()
    run = flows.broken.start()
    for _ in range(20):
        run_jobs()
        later(hours=1)
    assert fresh(run).state == RunState.FAILED
    assert "no disk" in fresh(run).error


def test_a_worker_that_lost_its_lease_writes_nothing():
    flows.three.start("x")
    (job,) = claim("default", limit=1, worker="slow")
    Job.objects.filter(pk=job.pk).update(lease_token=job.lease_token + 1)
    from longhouse.jobs.execute import execute

    assert execute(job) is None
    assert flows.did == []
    assert Step.objects.count() == 0


@pytest.mark.parametrize("values", [["x" * 70_000], [{1, 2}], [float("nan")], ["a\0b"]])
def test_what_cannot_be_kept_is_refused(values: list[Any]):
    with pytest.raises(TooLarge):
        flows.three.start(*values)
    assert Run.objects.count() == 0


def test_two_steps_of_one_key_fail_the_run():
    run = flows.twice.start()
    run_jobs()
    assert "two steps 'same'" in fresh(run).error


def test_other_steps_than_before_fail_the_run(monkeypatch):
    flows.fails["b"] = 1
    run = flows.wavering.start()
    original = flows.do

    def change(text: str) -> str:
        if text == "b":
            monkeypatch.setattr(flows, "order", ["b", "a"])
        return original(text)

    monkeypatch.setattr(flows, "do", change)
    run_jobs()
    assert fresh(run).state == RunState.FAILED
    assert "was step" in fresh(run).error


def test_with_a_key_there_is_one_run():
    first = flows.three.start("x", key="order 17")
    assert flows.three.start("y", key="order 17") == first
    assert Run.objects.count() == 1


# Undoing -----------------------------------------------------------------------------------


def test_what_was_done_is_undone_backwards_when_the_run_fails():
    flows.fails["ship"] = 9
    run = flows.saga.start()
    run_jobs()
    assert fresh(run).state == RunState.FAILED
    assert flows.did[-2:] == ["undo pay", "undo book"]


def test_undoing_is_tried_again_and_goes_on_where_it_was():
    flows.fails |= {"ship": 9, "undo book": 2}
    run = flows.saga.start()
    for _ in range(10):
        run_jobs()
        later(hours=1)
    assert fresh(run).state == RunState.FAILED
    assert "ship did not work" in fresh(run).error
    assert flows.did.count("undo pay") == 1
    assert flows.did.count("undo book") == 3


def test_what_cannot_be_undone_does_not_keep_the_rest_from_it():
    flows.fails |= {"ship": 9, "undo pay": 99}
    run = flows.saga.start()
    for _ in range(10):
        run_jobs()
        later(hours=1)
    assert fresh(run).state == RunState.FAILED
    assert steps(run)["undo pay"] == StepState.FAILED
    assert steps(run)["undo book"] == StepState.SUCCEEDED


def test_a_failure_between_steps_undoes_them_too():
    flows.fails["between"] = 99
    run = flows.broken.start()
    for _ in range(10):
        run_jobs()
        later(hours=1)
    assert fresh(run).state == RunState.FAILED
    assert flows.did[-1] == "undo book"


# Maps --------------------------------------------------------------------------------------


def test_a_map_runs_every_item_and_keeps_the_order():
    run = flows.fan.start(list("abcdefg"))
    run_jobs()
    assert fresh(run).result == list("ABCDEFG")


def test_no_more_items_run_at_once_than_allowed():
    run = flows.fan.start(list("abcdefg"), 3)
    (driver,) = claim("default", limit=1, worker="test")
    from longhouse.jobs.execute import execute

    ending = execute(driver)
    assert ending is not None
    finish([ending])
    assert Job.objects.filter(parent=driver).count() == 3
    run_jobs()
    assert fresh(run).state == RunState.SUCCEEDED


def test_an_empty_map_is_an_empty_list():
    run = flows.fan.start([])
    run_jobs()
    assert fresh(run).result == []


def test_one_item_that_fails_fails_the_map_once_all_have_ended():
    flows.fails["b"] = 9
    run = flows.fan.start(list("abc"))
    for _ in range(4):
        run_jobs()
        later(hours=1)
    assert fresh(run).state == RunState.FAILED
    assert "1 of its items failed" in fresh(run).error
    assert {"a", "c"} <= set(flows.did)


def test_failed_items_can_be_kept():
    flows.fails["b"] = 9
    run = flows.fan.start(list("abc"), 2, errors="keep")
    for _ in range(4):
        run_jobs()
        later(hours=1)
    result: Any = fresh(run).result
    assert result[0::2] == ["A", "C"]
    assert "b did not work" in result[1]


# Time and messages -------------------------------------------------------------------------


def test_a_run_sleeps_without_a_worker():
    run = flows.nap.start()
    run_jobs()
    assert (fresh(run).state, flows.did) == (RunState.RUNNING, ["before"])
    assert run.steps.get(key="nap").state == StepState.WAITING
    later(hours=1)
    run_jobs()
    assert (fresh(run).state, flows.did) == (RunState.SUCCEEDED, ["before", "after"])


@pytest.mark.parametrize("hours", [None, 1])
def test_a_run_waits_until_it_is_told(hours: int | None):
    run = flows.approval.start(hours)
    run_jobs()
    assert fresh(run).state == RunState.RUNNING
    assert services.tell(run.pk, "something else")
    run_jobs()
    assert fresh(run).state == RunState.RUNNING
    assert services.tell(run.pk, "approved", {"by": "Ada"})
    run_jobs()
    assert fresh(run).result == {"by": "Ada"}


def test_what_was_told_before_is_not_missed():
    run = flows.approval.start()
    services.tell(run.pk, "approved", 1)
    services.tell(run.pk, "approved", 2)
    run_jobs()
    assert fresh(run).result == 1
    assert Message.objects.get(taken_by=None).payload == 2


def test_a_run_waits_no_longer_than_it_wants():
    run = flows.approval.start(1)
    run_jobs()
    later(hours=1)
    run_jobs()
    assert fresh(run).result == "GIVE UP"


def test_nobody_tells_a_run_that_has_ended():
    run = flows.three.start()
    run_jobs()
    assert not services.tell(run.pk, "approved")


# Cancelling and trying again ---------------------------------------------------------------


def test_a_cancelled_run_undoes_what_it_did(monkeypatch):
    run = flows.saga.start()
    original = flows.do

    def cancel(text: str) -> str:
        if text == "pay":
            assert services.cancel(run.pk)
        return original(text)

    monkeypatch.setattr(flows, "do", cancel)
    run_jobs()
    assert fresh(run).state == RunState.CANCELLED
    assert flows.did == ["book", "pay", "undo pay", "undo book"]
    assert not services.cancel(run.pk)


@pytest.mark.parametrize("flow", [flows.nap, flows.approval])
def test_a_waiting_run_is_cancelled_at_once(flow: Any):
    run = flow.start()
    run_jobs()
    services.cancel(run.pk)
    run_jobs()
    assert fresh(run).state == RunState.CANCELLED


def test_cancelling_a_map_cancels_its_items():
    run = flows.fan.start(list("abcdefg"), 2)
    (driver,) = claim("default", limit=1, worker="test")
    from longhouse.jobs.execute import execute

    ending = execute(driver)
    assert ending is not None
    finish([ending])
    services.cancel(run.pk)
    run_jobs()
    assert fresh(run).state == RunState.CANCELLED
    assert flows.did == []


def test_nothing_is_undone_while_an_item_of_a_map_still_runs(monkeypatch):
    run = flows.booked_fan.start()

    class Did(list[str]):
        def append(self, text: str) -> None:
            if text == "a":
                services.cancel(run.pk)
                run_jobs()  # the driver, in another process
            super().append(text)

    monkeypatch.setattr(flows, "did", Did())
    run_jobs()
    assert flows.did == ["book", "a", "undo book"]
    assert fresh(run).state == RunState.CANCELLED


def test_a_failed_run_goes_on_where_it_failed():
    flows.fails["x1"] = 3
    run = flows.three.start("x")
    run_jobs()
    assert fresh(run).state == RunState.FAILED
    assert services.retry(run.pk)
    run_jobs()
    assert fresh(run).result == ["X0", "X1", "X2"]
    assert flows.did.count("x0") == 1
    assert not services.retry(run.pk)


def test_what_was_undone_is_done_again():
    flows.fails["ship"] = 3
    run = flows.saga.start()
    run_jobs()
    services.retry(run.pk)
    run_jobs()
    assert fresh(run).state == RunState.SUCCEEDED
    assert flows.did.count("book") == flows.did.count("pay") == 2


def test_only_failed_items_of_a_map_are_done_again():
    flows.fails["b"] = 3
    run = flows.fan.start(list("abc"))
    for _ in range(4):
        run_jobs()
        later(hours=1)
    assert fresh(run).state == RunState.FAILED
    services.retry(run.pk)
    run_jobs()
    assert fresh(run).result == list("ABC")
    assert flows.did.count("a") == 1


def test_a_job_that_is_cancelled_in_the_admin_ends_its_run():
    run = flows.nap.start()
    run_jobs()
    assert run.job_id
    jobs.cancel(run.job_id)
    assert fresh(run).state == RunState.CANCELLED


# Versions ----------------------------------------------------------------------------------


def test_a_run_ends_on_the_version_on_which_it_began():
    run = flows.versioned_1.start()
    newer = flows.versioned_2.start()
    run_jobs()
    services.tell(run.pk, "go")
    run_jobs()
    assert (fresh(run).result, fresh(newer).result) == ("one", "two")


def test_a_version_that_is_gone_fails_the_run_with_a_message(monkeypatch):
    from longhouse.workflows import definition

    run = flows.versioned_1.start()
    monkeypatch.delitem(definition._known, ("tests.versioned", 1))
    run_jobs()
    assert fresh(run).state == RunState.FAILED
    assert "has no version 1 of tests.versioned any more" in fresh(run).error
    with pytest.raises(Gone):
        services.retry(run.pk)


def test_a_version_that_is_not_there_yet_is_waited_for(monkeypatch):
    from longhouse.workflows import definition

    run = flows.versioned_2.start()
    kept = definition._known.pop(("tests.versioned", 2))
    run_jobs()
    assert fresh(run).state == RunState.RUNNING
    definition._known[kept.name, kept.version] = kept
    later(hours=1)
    run_jobs()
    assert fresh(run).state == RunState.SUCCEEDED


# What is told of it ------------------------------------------------------------------------


def test_progress_and_log_are_kept():
    run = flows.told.start()
    run_jobs()
    assert fresh(run).progress == {"percent": 50, "message": "half"}
    lines = LogLine.objects.filter(run=run).values_list("text", "step__key")
    assert list(lines) == [("before", None), ("within", "log")]


def test_times_are_kept():
    before = timezone.now()
    run = flows.three.start()
    run_jobs()
    step: Any = run.steps.first()
    ended: Any = fresh(run).finished_at
    assert before <= step.started_at <= step.finished_at <= ended


def test_who_may_see_a_run_may_follow_it(person, superuser):
    run = flows.three.start(user=person)
    stranger = make_person()
    topic = f"run:{run.pk}"
    assert topics.allows(person, topic)
    assert topics.allows(superuser, topic)
    assert not topics.allows(stranger, topic)
    assert not topics.allows(AnonymousUser(), topic)
    assert not topics.allows(person, "run:nonsense")


def test_who_may_see_all_runs_may_follow_all(person, superuser):
    assert topics.allows(superuser, "runs")
    assert not topics.allows(superuser, f"runs:{person.pk}")
    assert not topics.allows(person, "runs")


def test_that_a_run_begins_is_told_to_those_who_cannot_know_its_topic(person):
    flows.three.start(user=person)
    run = flows.discards.start()
    run_jobs()
    services.retry(run.pk)
    mine = Event.objects.filter(topic=f"user:{person.pk}", type="run")
    everybody = Event.objects.filter(topic="runs", type="run")
    assert (mine.count(), everybody.count()) == (1, 3)


def test_a_run_tells_what_becomes_of_it():
    run = flows.three.start()
    run_jobs()
    events = Event.objects.filter(topic=f"run:{run.pk}").order_by("position")
    told = [json.loads(event.data) for event in events]
    assert told[-1]["state"] == RunState.SUCCEEDED
    assert {"key": "step 1", "state": StepState.RUNNING} in [one.get("step") for one in told]
