"""Operations in the public API."""

import pytest
from django.test import Client

from apps.operations.tests import flows
from apps.rest.tests.conftest import problem_of
from apps.users.tests.factories import UserFactory
from longhouse.jobs.testing import run_jobs

pytestmark = pytest.mark.django_db
PATH = "/api/v1/operations/"


@pytest.fixture(autouse=True)
def all_well():
    flows.broken.clear()


@pytest.fixture
def program(person):
    client = Client()
    client.force_login(person)
    return client


def test_pages_behind_a_cursor_the_newest_first(program, person):
    runs = [flows.double_all.start([], user=person) for _ in range(3)]
    flows.double_all.start([], user=UserFactory.create())
    page = program.get(f"{PATH}?page_size=2").json()
    rest = program.get(page["next"]).json()
    found = [row["id"] for row in page["results"] + rest["results"]]
    assert found == [str(run.pk) for run in reversed(runs)]
    assert rest["next"] is None


def test_filters(program, person):
    flows.failed_run(person)
    flows.waiting_run(person)
    (failed,) = program.get(f"{PATH}?state=failed").json()["results"]
    assert (failed["workflow"], failed["error"]) == ("tests.hopeless", "hope: never")
    (waiting,) = program.get(f"{PATH}?workflow=tests.patient").json()["results"]
    assert waiting["progress"] == {"percent": 100, "message": ""}
    assert problem_of(program.get(f"{PATH}?state=lost"), 422)["errors"][0]["field"] == "state"


def test_one_operation_with_its_steps_is_cheap_to_read_again(program, person):
    run = flows.double_all.start(["a", "b"], user=person)
    run_jobs()
    answer = program.get(f"{PATH}{run.pk}/")
    told = answer.json()
    assert (told["title"], told["result"]) == ("Double all", {"items": 2})
    assert [step["key"] for step in told["steps"]] == ["first", "each", "last"]
    assert told["steps"][1]["items"] == {
        "total": 2,
        "counts": [{"state": "succeeded", "count": 2}],
    }
    again = program.get(f"{PATH}{run.pk}/", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_items(program, person):
    flows.broken.add("b")
    run = flows.double_all.start(["a", "b"], user=person)
    run_jobs()
    items = program.get(f"{PATH}{run.pk}/steps/1/items/").json()["results"]
    assert [(item["position"], item["result"]) for item in items] == [(0, "aa"), (1, None)]
    (failed,) = program.get(f"{PATH}{run.pk}/steps/1/items/?state=failed").json()["results"]
    assert failed["error"] == "b is broken"
    problem_of(program.get(f"{PATH}{run.pk}/steps/2/items/"), 404)


def test_cancel_and_retry(program, person):
    run = flows.waiting_run(person)
    assert program.post(f"{PATH}{run.pk}/cancel/").json()["cancel_requested"] is True
    run_jobs()
    problem_of(program.post(f"{PATH}{run.pk}/cancel/"), 409)
    assert program.post(f"{PATH}{run.pk}/retry/").json()["state"] == "running"
    problem_of(program.post(f"{PATH}{run.pk}/retry/"), 409)


def test_nothing_is_known_of_other_people_s(program):
    theirs = flows.failed_run(UserFactory.create())
    for method, path in (
        ("get", ""),
        ("get", "steps/0/items/"),
        ("post", "cancel/"),
        ("post", "retry/"),
    ):
        problem_of(getattr(program, method)(f"{PATH}{theirs.pk}/{path}"), 404)
