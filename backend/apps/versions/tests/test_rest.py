"""Branches, commits and reviews in the public API."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.rest.tests.conftest import problem_of
from apps.users.models import User
from apps.users.tests.factories import UserFactory
from apps.versions.tests.people import person
from longhouse.versioning import reviews
from longhouse.versioning.branches import branch_context, create_branch
from longhouse.versioning.integrity import prune
from longhouse.versioning.models import Branch, Commit
from longhouse.versioning.tests.models import Area

pytestmark = pytest.mark.django_db
BRANCHES, COMMITS, REVIEWS = "/api/v1/branches/", "/api/v1/commits/", "/api/v1/reviews/"


class Program(Client):
    """Somebody's client that speaks JSON and says what was answered."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.force_login(user)

    def asks(self, path: str, status: int = 200) -> Any:
        answer = self.get(path)
        assert answer.status_code == status, answer.content
        return answer.json()

    def says(self, path: str, body: Any = None, status: int = 200, method: str = "post") -> Any:
        answer = getattr(self, method)(path, body or {}, "application/json")
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None


@pytest.fixture
def area() -> Area:
    return Area.objects.create(name="North")


@pytest.fixture
def author() -> Program:
    return Program(person("add_branch"))


@pytest.fixture
def reviewer() -> Program:
    return Program(person("review_branch", "merge_branch"))


def rename(branch: Branch | None, area: Area, name: str) -> None:
    with branch_context(branch):
        Area.objects.filter(pk=area.pk).update(name=name)


def test_from_a_branch_to_its_revert(area: Area, author: Program, reviewer: Program) -> None:
    reviews.protect()
    made = author.says(BRANCHES, {"name": "arctic", "title": "A better name"}, status=201)
    one = f"{BRANCHES}{made['id']}/"
    assert (made["status"], made["may"], made["base"]) == ("draft", ["read", "write"], None)
    problem_of(author.post(f"{one}submit/"), 422)  # nothing was changed
    rename(Branch.objects.get(), area, "Arctic")

    (change,) = author.asks(f"{one}diff/")["results"]
    assert (change["model"], change["kind"]) == ("versioning_tests.Area", "changed")
    assert change["fields_changed"] == [
        {"name": "name", "base": "North", "theirs": "Arctic", "ours": "North"}
    ]
    seen = author.says(f"{one}submit/")
    assert (seen["status"], seen["ahead"], seen["missing"]) == (
        "open", 1, ["1 more approval is needed."],
    )  # fmt: skip
    problem = reviewer.says(f"{one}merge/", status=409)
    assert problem["type"] == "/problems/not-approved"

    verdict = {"branch": made["id"], "verdict": "approve", "head": seen["head"]}
    problem_of(author.post(REVIEWS, verdict, "application/json"), 403)
    stale = reviewer.post(REVIEWS, verdict | {"head": "0" * 64}, "application/json")
    assert problem_of(stale, 422)["errors"][0]["field"] == "head"
    assert reviewer.says(REVIEWS, verdict, status=201)["head"] == seen["head"]
    assert len(reviewer.asks(f"{REVIEWS}?branch={made['id']}")["results"]) == 1

    commit = reviewer.says(f"{one}merge/", {"message": "Names"})["commit"]
    assert (commit["merged"], commit["message"], commit["branch"]) == (made["id"], "Names", None)
    area.refresh_from_db()
    assert area.name == "Arctic"
    assert reviewer.asks(one)["status"] == "merged"
    (change,) = reviewer.asks(f"{COMMITS}{commit['id']}/changes/")["results"]
    assert change["fields_changed"][0]["theirs"] == "Arctic"

    problem = reviewer.says(f"{COMMITS}{commit['id']}/revert/", status=409)
    opposite = Branch.objects.get(reverts=commit["id"])
    assert f"branch {opposite.pk}" in problem["detail"]
    reviews.protect(required_approvals=0)
    undone = reviewer.says(f"{COMMITS}{commit['id']}/revert/")["commit"]
    assert undone["reverts"] == commit["id"]
    area.refresh_from_db()
    assert area.name == "North"


def test_a_commit_to_a_branch_is_reverted_by_who_may_write_there(
    area: Area, author: Program, reviewer: Program
) -> None:
    made = author.says(BRANCHES, {"name": "arctic"}, status=201)
    rename(Branch.objects.get(), area, "Arctic")
    commit = Commit.objects.get(branch=made["id"])
    problem_of(reviewer.post(f"{COMMITS}{commit.pk}/revert/", {}, "application/json"), 403)
    undone = author.says(f"{COMMITS}{commit.pk}/revert/", {"message": "No"})["commit"]
    assert (undone["reverts"], undone["branch"]) == (commit.pk, made["id"])
    assert author.asks(f"{BRANCHES}{made['id']}/")["ahead"] == 2
    assert Area.objects.in_branch(Branch.objects.get()).get(pk=area.pk).name == "North"


def test_conflicts_are_decided(area: Area, author: Program, reviewer: Program) -> None:
    made = author.says(BRANCHES, {"name": "arctic"}, status=201)
    one = f"{BRANCHES}{made['id']}/"
    rename(Branch.objects.get(), area, "Arctic")
    rename(None, area, "Nordic")
    author.says(f"{one}submit/")
    problem = reviewer.says(f"{one}merge/", status=409)
    assert problem["type"] == "/problems/merge-conflict"
    (found,) = author.says(f"{one}conflicts/")["results"]
    assert (found["base"], found["ours"], found["theirs"]) == ("North", "Nordic", "Arctic")
    decision = f"{one}conflicts/{found['id']}/decision/"
    problem_of(author.post(decision, {"choice": "both"}, "application/json"), 422)
    too_long = {"choice": "value", "value": "x" * 100}
    problem_of(author.post(decision, too_long, "application/json"), 422)
    author.says(decision, {"choice": "value", "value": "Polar"})
    assert author.asks(f"{one}conflicts/")["results"][0]["value"] == "Polar"
    reviewer.says(f"{one}merge/")
    area.refresh_from_db()
    assert area.name == "Polar"


def test_a_branch_is_changed_and_deleted(area: Area, author: Program) -> None:
    made = author.says(BRANCHES, {"name": "arctic"}, status=201)
    one = f"{BRANCHES}{made['id']}/"
    for name in ("arctic", ""):
        answer = author.post(BRANCHES, {"name": name}, "application/json")
        assert problem_of(answer, 422)["errors"][0]["field"] == "name"
    problem_of(author.post(BRANCHES, {"name": "x", "base": 999}, "application/json"), 404)
    changed = author.says(one, {"name": "polar", "is_archived": True}, method="patch")
    assert (changed["name"], changed["is_archived"]) == ("polar", True)
    upper = create_branch("upper", base=Branch.objects.get())
    problem_of(author.delete(one), 409)
    upper.delete()
    author.says(one, method="delete", status=204)
    author.asks(one, status=404)


def test_what_is_not_kept_is_gone(area: Area) -> None:
    rename(None, area, "Nordic")
    commit = Commit.objects.latest("pk")
    prune(commit)
    reader = Program(person("view_branch"))
    problem = reader.asks(f"{COMMITS}{commit.pk}/changes/", status=410)
    assert problem["type"] == "/problems/not-kept"


def test_main_is_refreshed_into_a_branch(area: Area, author: Program) -> None:
    author.says(BRANCHES, {"name": "fixed", "pinned": True}, status=201)
    branch = Branch.objects.get()
    rename(None, area, "Nordic")
    assert author.asks(f"{BRANCHES}{branch.pk}/")["behind"] == 1
    assert author.says(f"{BRANCHES}{branch.pk}/refresh/") == {"commit": None}
    assert author.asks(f"{BRANCHES}{branch.pk}/")["behind"] == 0


@pytest.mark.parametrize("what", ["diff/?after=x:1", "diff/?model=no.Model", "diff/?limit=many"])
def test_bad_input_is_told(author: Program, what: str) -> None:
    made = author.says(BRANCHES, {"name": "arctic"}, status=201)
    problem_of(author.get(f"{BRANCHES}{made['id']}/{what}"), 422)


def test_lists_are_filtered_and_take_as_many_queries_for_many_rows(author: Program) -> None:
    all_seeing = person("view_branch")
    reader = Program(all_seeing)
    for number in range(3):
        branch = create_branch(f"b{number}", owner=all_seeing if number else UserFactory.create())
        with branch_context(branch):
            Area.objects.create(name=f"A{number}")

    def counts() -> list[int]:
        found = []
        for path in (BRANCHES, COMMITS, REVIEWS):
            with CaptureQueriesContext(connection) as queries:
                reader.asks(path)
            found.append(len(queries))
        return found

    before = counts()
    for number in range(3, 9):
        with branch_context(create_branch(f"b{number}", owner=all_seeing)):
            Area.objects.create(name=f"A{number}")
    assert counts() == before
    assert len(reader.asks(f"{BRANCHES}?mine=true")["results"]) == 8
    assert reader.asks(f"{BRANCHES}?status=merged")["results"] == []
    first = Branch.objects.get(name="b0")
    (commit,) = reader.asks(f"{COMMITS}?branch={first.pk}")["results"]
    assert Commit.objects.get(pk=commit["id"]).branch == first
    assert author.asks(BRANCHES)["results"] == author.asks(COMMITS)["results"] == []
