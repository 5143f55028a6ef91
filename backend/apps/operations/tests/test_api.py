"""Operations in the first-party API."""

import pytest

from apps.operations.tests import flows
from longhouse.jobs.testing import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def all_well():
    flows.broken.clear()


def test_the_list_is_filtered_and_names_the_workflows(person, api_as):
    flows.failed_run(person)
    done = flows.double_all.start(["a"], user=person)
    run_jobs()
    api = api_as(person)
    everything = api.get("/api/operations").json()
    assert [card["title"] for card in everything["items"]] == ["Double all", "Hopeless"]
    assert everything["workflows"] == ["tests.double-all", "tests.hopeless"]
    only = api.get("/api/operations?state=succeeded").json()["items"]
    assert [(card["id"], card["percent"]) for card in only] == [(str(done.pk), 100)]
    assert api.get("/api/operations?workflow=tests.hopeless").json()["total"] == 1
    assert api.get("/api/operations?state=lost").status_code == 422


def test_a_list_costs_the_same_queries_however_long(person, api_as, django_assert_num_queries):
    api = api_as(person)
    flows.waiting_run(person)
    with django_assert_num_queries(10, exact=False) as first:
        assert api.get("/api/operations").json()["total"] == 1
    spent = len(first)  # running jobs empties the log of queries
    for _ in range(3):
        flows.waiting_run(person)
    with django_assert_num_queries(spent):
        assert api.get("/api/operations").json()["total"] == 4


def test_one_operation_is_told_whole(person, api_as):
    flows.broken.add("c")
    run = flows.double_all.start(["a", "b", "c"], user=person)
    run_jobs()
    told = api_as(person).get(f"/api/operations/{run.pk}").json()
    assert (told["state"], told["error"]) == ("failed", "each: 1 of its items failed")
    assert (told["can_cancel"], told["can_retry"]) == (False, True)
    assert told["started_by"] == person.display_name
    assert told["log"][0]["text"] == "beginning"
    each = told["steps"][1]
    assert each["items"]["strip"] == [
        {"state": "succeeded", "count": 2},
        {"state": "failed", "count": 1},
    ]
    assert told["steps"][-1]["undoes"] == "first"


def test_items_come_in_pages_by_state(person, api_as):
    flows.broken.add("c")
    run = flows.double_all.start(["a", "b", "c"], user=person)
    run_jobs()
    api, path = api_as(person), f"/api/operations/{run.pk}/steps"
    page = api.get(f"{path}/1/items?page_size=2").json()
    assert (page["total"], [item["value"] for item in page["items"]]) == (3, ["a", "b"])
    (failed,) = api.get(f"{path}/1/items?state=failed").json()["items"]
    assert (failed["value"], failed["error"]) == ("c", "c is broken")
    assert api.get(f"{path}/0/items").status_code == 404


def test_cancelling_and_trying_again(person, api_as):
    api = api_as(person)
    run = flows.waiting_run(person)
    asked = api.send("POST", f"/api/operations/{run.pk}/cancel").json()
    assert (asked["state"], asked["cancel_requested"]) == ("running", True)
    run_jobs()
    path = f"/api/operations/{run.pk}/cancel"
    assert api.send("POST", path).json()["type"] == "/problems/conflict"
    assert api.send("POST", f"/api/operations/{run.pk}/retry").json()["state"] == "running"
    assert api.send("POST", f"/api/operations/{run.pk}/retry").status_code == 409
