"""Operations as selectors tell them, and what can be asked of them."""

import pytest
from django.contrib.auth.models import Permission

from apps.core.problems import Conflict, NotAllowed, NotFound
from apps.operations import selectors, services
from apps.operations.tests import flows
from apps.users.tests.factories import UserFactory
from longhouse.jobs.testing import run_jobs
from longhouse.workflows.models import Run, RunState, StepState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def all_well():
    flows.broken.clear()


def allowed(*names):
    user = UserFactory.create()
    for name in names:
        user.user_permissions.add(
            Permission.objects.get(codename=name, content_type__app_label="workflows")
        )
    return user


def seen(user):
    return set(selectors.operations(user).values_list("pk", flat=True))


def test_people_see_what_they_started_and_those_who_look_after_it_see_all(person):
    mine, theirs = flows.waiting_run(person), flows.waiting_run(UserFactory.create())
    assert seen(person) == {mine.pk}
    assert seen(allowed()) == set()
    assert seen(allowed("view_run")) == seen(allowed("change_run")) == {mine.pk, theirs.pk}
    with pytest.raises(NotFound):
        selectors.operation(person, theirs.pk)


def test_nobody_s_runs_are_seen_by_those_who_look_after_all_alone(person):
    run = flows.waiting_run(None)
    assert seen(person) == set()
    assert seen(allowed("view_run")) == {run.pk}


def test_a_finished_operation_tells_its_steps_items_and_log(person):
    run = flows.double_all.start(["a", "b", "c"], user=person)
    run_jobs()
    found = selectors.operation(person, run.pk)
    assert (found.state, selectors.percent_of(found)) == (RunState.SUCCEEDED, 100)
    first, each, last = selectors.steps(found)
    assert [step.key for step in (first, each, last)] == ["first", "each", "last"]
    assert first.items is None
    assert each.items == selectors.Items(
        total=3,
        counts=[selectors.Stretch(StepState.SUCCEEDED, 3)],
        strip=[selectors.Stretch(StepState.SUCCEEDED, 3)],
    )
    assert last.attempt == 1
    assert last.started_at is not None
    assert last.finished_at is not None
    assert "beginning" in [line.text for line in selectors.log(found)]


def test_a_failed_operation_tells_why_and_what_was_undone(person):
    flows.broken.add("b")
    run = flows.double_all.start(["a", "b"], user=person)
    run_jobs()
    found = selectors.operation(person, run.pk)
    assert found.state == RunState.FAILED
    assert selectors.said(found.error) == "each: 1 of its items failed"
    first, each, undo = selectors.steps(found)
    assert each.items is not None
    assert each.items.strip == [
        selectors.Stretch(StepState.SUCCEEDED, 1),
        selectors.Stretch(StepState.FAILED, 1),
    ]
    assert (undo.key, undo.undoes, undo.kind) == (first.key, first.key, "undo")
    assert [line.text for line in undo.log] == ["f is as before"]
    (failed,) = selectors.items(found, step=1, state="failed")
    assert selectors.said(failed.error) == "b is broken"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ("Traceback ...\nlonghouse.jobs.exceptions.Discard: b is broken", "b is broken"),
        ("a.Failed: pay: b.c.Discard: no money", "pay: no money"),
        ("example.org: no answer", "example.org: no answer"),
        ("Traceback ...\nValueError: no number\n", "ValueError: no number"),
        ("django.db.utils.OperationalError", "django.db.utils.OperationalError"),
        ("Nothing came in time.", "Nothing came in time."),
        ("", ""),
    ],
)
def test_an_error_is_told_by_its_last_line(error, text):
    assert selectors.said(error) == text


@pytest.mark.parametrize(
    ("workflow", "title"),
    [("shop.import-orders", "Import orders"), ("apps.x.fetch_all", "Fetch all"), ("a", "A")],
)
def test_a_title_is_made_of_the_workflow_s_name(workflow, title):
    assert selectors.title_of(workflow) == title


def test_the_strip_of_a_map_ends_where_nobody_could_read_it(person, monkeypatch):
    monkeypatch.setattr(selectors, "STRIP", 4)
    run = flows.double_all.start(list("abcdef"), user=person)
    run_jobs()
    items = selectors.steps(selectors.operation(person, run.pk))[1].items
    assert items is not None
    assert (items.total, items.strip) == (6, [selectors.Stretch(StepState.SUCCEEDED, 4)])


def test_progress_is_what_the_run_says_else_the_share_of_its_items(person):
    run = flows.patient.start(user=person)
    assert selectors.percent_of(selectors.operation(person, run.pk)) is None
    run_jobs()
    assert selectors.percent_of(selectors.operation(person, run.pk)) == 100
    Run.objects.filter(pk=run.pk).update(progress={"percent": 12.5, "message": "so far"})
    found = selectors.operation(person, run.pk)
    assert (selectors.percent_of(found), selectors.message_of(found)) == (12, "so far")


def test_a_run_of_many_items_costs_no_more_queries(person, django_assert_num_queries):
    few = flows.double_all.start(["a"], user=person)
    many = flows.double_all.start(["a"] * 40, user=person)
    run_jobs()
    for run in (few, many):
        found = selectors.operation(person, run.pk)
        with django_assert_num_queries(4):
            selectors.steps(found)


def test_an_operation_is_cancelled_once(person):
    run = flows.waiting_run(person)
    assert services.can_cancel(person, selectors.operation(person, run.pk))
    asked = services.cancel(actor=person, run_id=run.pk)
    assert asked.cancel_requested
    assert not services.can_cancel(person, asked)
    run_jobs()
    over = selectors.operation(person, run.pk)
    assert over.state == RunState.CANCELLED
    each, go = selectors.steps(over)
    assert (each.state, go.state) == (StepState.SUCCEEDED, StepState.CANCELLED)
    assert go.finished_at == over.finished_at
    with pytest.raises(Conflict):
        services.cancel(actor=person, run_id=run.pk)


def test_a_failed_operation_goes_on_and_a_finished_one_does_not(person):
    flows.broken.add("last")
    run = flows.double_all.start(["a"], user=person)
    run_jobs()
    assert services.can_retry(person, selectors.operation(person, run.pk))
    flows.broken.clear()
    assert services.retry(actor=person, run_id=run.pk).state == RunState.RUNNING
    run_jobs()
    assert selectors.operation(person, run.pk).result == {"items": 1}
    with pytest.raises(Conflict):
        services.retry(actor=person, run_id=run.pk)


def test_a_version_that_is_gone_cannot_be_tried_again(person):
    run = flows.failed_run(person)
    Run.objects.filter(pk=run.pk).update(version=0)
    with pytest.raises(Conflict, match="no version 0"):
        services.retry(actor=person, run_id=run.pk)


@pytest.mark.parametrize("ask", [services.cancel, services.retry])
def test_only_owners_and_those_who_look_after_all_change_an_operation(ask, person):
    run = flows.failed_run(person) if ask is services.retry else flows.waiting_run(person)
    with pytest.raises(NotFound):
        ask(actor=allowed(), run_id=run.pk)
    with pytest.raises(NotAllowed):
        ask(actor=allowed("view_run"), run_id=run.pk)
    ask(actor=allowed("change_run"), run_id=run.pk)
