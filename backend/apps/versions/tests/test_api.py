"""Branches in the first-party API."""

import pytest

from apps.users.models import User
from apps.versions.tests.people import person
from longhouse.versioning import reviews
from longhouse.versioning.branches import branch_context, create_branch
from longhouse.versioning.models import Branch
from longhouse.versioning.reviews import protect
from longhouse.versioning.tests.models import Area

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    return person(display_name="Ada Author")


@pytest.fixture
def reviewer() -> User:
    return person("review_branch", "merge_branch", display_name="Rob Reviewer")


@pytest.fixture
def branch(author: User) -> Branch:
    """A draft that renames North to East."""
    area = Area.objects.create(name="North")
    branch = create_branch("rename", title="A better name", owner=author)
    with branch_context(branch):
        Area.objects.filter(pk=area.pk).update(name="East")
    return branch


def test_the_list_has_what_somebody_may_read(branch, author, api_as):
    assert api_as(person()).get("/api/branches").json()["items"] == []
    mine = api_as(author).get("/api/branches").json()["items"]
    assert [(one["title"], one["status"], one["owner"]) for one in mine] == [
        ("A better name", "draft", "Ada Author")
    ]
    everything = api_as(person("view_branch"))
    assert everything.get("/api/branches").json()["total"] == 1
    assert everything.get("/api/branches?mine=true").json()["total"] == 0
    assert everything.get("/api/branches?status=open").json()["total"] == 0
    assert everything.get("/api/branches?status=lost").status_code == 422


def test_a_list_costs_the_same_queries_however_long(author, api_as, django_assert_num_queries):
    api = api_as(author)
    create_branch("first", owner=author)
    with django_assert_num_queries(10, exact=False) as first:
        assert api.get("/api/branches").json()["total"] == 1
    for name in ("second", "third"):
        create_branch(name, owner=author)
    with django_assert_num_queries(len(first)):
        assert api.get("/api/branches").json()["total"] == 3


def test_what_a_branch_changes_comes_field_by_field(branch, author, api_as):
    told = api_as(author).get(f"/api/branches/{branch.pk}/changes").json()
    (change,) = told["results"]
    assert (change["kind"], change["title"]) == ("changed", "East")
    assert change["fields_changed"] == [
        {"name": "name", "base": "North", "theirs": "East", "ours": "North"}
    ]
    wrong = api_as(author).get(f"/api/branches/{branch.pk}/changes?after=nonsense")
    assert wrong.status_code == 422


def test_from_a_draft_to_a_merge(branch, author, reviewer, api_as):
    protect(required_approvals=1)
    path = f"/api/branches/{branch.pk}"
    writes, reads = api_as(author), api_as(reviewer)
    assert writes.get(path).json()["may"] == ["read", "write"]
    assert writes.send("POST", f"{path}/submit").json()["status"] == "open"
    seen = reads.get(path).json()
    assert (seen["ahead"], seen["behind"]) == (1, 0)
    assert seen["missing"]
    refused = reads.send("POST", f"{path}/merge")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-approved")

    said = {"verdict": "approve", "text": "Well found.", "head": seen["head"]}
    own = writes.send("POST", f"{path}/reviews", said)
    assert own.status_code == 403
    with branch_context(branch):
        Area.objects.update(name="Middle East")
    late = reads.send("POST", f"{path}/reviews", said)
    assert late.status_code == 422
    assert late.json()["errors"][0]["field"] == "head"
    said["head"] = reads.get(path).json()["head"]
    approved = reads.send("POST", f"{path}/reviews", said).json()
    assert approved["missing"] == []
    assert [(one["reviewer"], one["is_current"]) for one in approved["reviews"]] == [
        ("Rob Reviewer", True)
    ]
    merged = reads.send("POST", f"{path}/merge").json()
    assert (merged["status"], merged["reviews"][0]["is_current"]) == ("merged", False)
    assert Area.objects.get().name == "Middle East"


def test_conflicts_are_a_problem_of_their_own(branch, author, reviewer, api_as):
    Area.objects.update(name="West")
    reviews.submit(branch, by=author)
    refused = api_as(reviewer).send("POST", f"/api/branches/{branch.pk}/merge")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/merge-conflict")
    assert Area.objects.get().name == "West"


def test_what_is_said_is_kept(branch, author, api_as):
    path = f"/api/branches/{branch.pk}/comments"
    told = api_as(author).send("POST", path, {"text": "  From spring on. "}).json()
    assert [(one["author"], one["text"]) for one in told["comments"]] == [
        ("Ada Author", "From spring on.")
    ]
    for wrong in ({"text": " "}, {}, {"text": "x", "model": "other"}):
        assert api_as(author).send("POST", path, wrong).status_code == 422
    assert api_as(person()).send("POST", path, {"text": "Hello"}).status_code == 404


def test_a_branch_is_taken_back_closed_and_opened_again(branch, author, api_as):
    api, path = api_as(author), f"/api/branches/{branch.pk}"
    for way, status in (
        ("submit", "open"),
        ("withdraw", "draft"),
        ("close", "closed"),
        ("reopen", "draft"),
    ):
        assert api.send("POST", f"{path}/{way}").json()["status"] == status
    again = api.send("POST", f"{path}/reopen")
    assert again.status_code == 422
