"""What differs between branches, moments and texts."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from longhouse.versioning.branches import branch_context, create_branch
from longhouse.versioning.diff import (
    Change,
    FieldChange,
    commit_diff,
    compare,
    diff,
    text_diff,
    word_diff,
)
from longhouse.versioning.merge import merge, refresh
from longhouse.versioning.models import Branch, Commit
from longhouse.versioning.pick import picked
from longhouse.versioning.revert import opposite
from longhouse.versioning.tests.models import Area, Park, Tag, ThemePark

pytestmark = pytest.mark.django_db


@pytest.fixture
def park() -> Park:
    made: Park = Park.objects.create(name="Oak", slug="oak", visitors=10)
    return made


@pytest.fixture
def branch(park: Park) -> Branch:
    return create_branch("draft")


def told(changes: list[Change]) -> list[tuple[str, str, str]]:
    return [(one.model.__name__, one.kind, one.label) for one in changes]


def fields(change: Change) -> dict[str, tuple[Any, Any, Any]]:
    """Without the time of the change."""
    return {
        name: (one.base, one.ours, one.theirs)
        for name, one in change.fields.items()
        if name != "changed_at"
    }


def test_a_branch_beside_its_base(park: Park, branch: Branch) -> None:
    other = Park.objects.create(name="Elm", slug="elm")
    with branch_context(branch):
        Park.objects.filter(pk=park.pk).update(name="Ash", visitors=11)
        Area.objects.create(name="Coast")
        Park.objects.filter(pk=other.pk).delete()
        Park.objects.filter(pk=park.pk).update(description="Old trees")
    Park.objects.filter(pk=park.pk).update(name="Fir", is_open=False)
    page = diff(branch)
    assert page.next == ""
    assert told(page.changes) == [
        ("Area", "created", "Coast"),
        ("Park", "changed", "Ash"),
        ("Park", "deleted", "Elm"),
    ]
    created, changed, deleted = page.changes
    assert fields(created)["name"] == (None, None, "Coast")
    assert fields(changed) == {
        "name": ("Oak", "Fir", "Ash"),
        "visitors": (10, 10, 11),
        "description": ("", "", "Old trees"),
    }
    assert changed.fields["name"].is_disputed
    assert not changed.fields["visitors"].is_disputed
    assert fields(deleted)["slug"] == ("elm", "elm", None)
    assert told(diff(branch, model=Area).changes) == [("Area", "created", "Coast")]
    # What the base has changed alone is not the branch's.
    refresh(branch, prefer="ours")
    assert fields(diff(branch).changes[1]) == {
        "visitors": (10, 10, 11),
        "description": ("", "", "Old trees"),
    }
    merged = merge(branch)
    assert diff(branch).changes == []
    assert merged is not None
    assert [one.kind for one in commit_diff(merged).changes] == ["created", "changed", "deleted"]


def test_what_is_written_back_is_no_change(park: Park, branch: Branch) -> None:
    with branch_context(branch):
        Park.objects.update(name="Ash")
        Park.objects.update(name="Oak")
    assert diff(branch).changes == []


def test_branches_on_branches(park: Park, branch: Branch) -> None:
    with branch_context(branch):
        Park.objects.update(name="Ash")
    upper = create_branch("upper", base=branch)
    with branch_context(upper):
        Park.objects.update(name="Yew")
    with branch_context(branch):
        Park.objects.update(name="Elm")
    (change,) = diff(upper).changes
    assert fields(change) == {"name": ("Ash", "Elm", "Yew")}


def test_one_commit(park: Park, branch: Branch) -> None:
    Park.objects.update(name="Ash")
    second = Commit.objects.latest("pk")
    Park.objects.update(name="Elm")
    with branch_context(branch):
        Park.objects.update(visitors=1)
        Park.objects.update(visitors=2)
    (change,) = commit_diff(second).changes
    assert fields(change) == {"name": ("Oak", "Oak", "Ash")}
    last, first = Commit.objects.filter(branch=branch)
    assert fields(commit_diff(first).changes[0]) == {"visitors": (10, 10, 1)}
    assert fields(commit_diff(last).changes[0]) == {"visitors": (1, 1, 2)}
    # What takes it back, and what repeats it.
    assert fields(diff(opposite(second, using="default")).changes[0]) == {
        "name": ("Ash", "Elm", "Oak")
    }
    again = diff(picked(second, None, using="default")).changes[0]
    assert fields(again) == {"name": ("Oak", "Elm", "Ash")}


def test_two_moments(park: Park) -> None:
    start = Commit.objects.latest("pk")
    Area.objects.create(name="Coast").delete()  # of which neither moment knows
    child = ThemePark.objects.create(name="Mine", slug="mine", theme="West")
    tag = Tag.objects.create(word="old")
    child.tags.add(tag)
    end = Commit.objects.latest("pk")
    Park.objects.all().delete()
    assert [(one.model.__name__, one.kind) for one in compare(start, end).changes] == [
        ("Park", "created"),
        ("Park_tags", "created"),
        ("Tag", "created"),
        ("ThemePark", "created"),
    ]
    assert {one.kind for one in compare(end, Commit.objects.latest("pk")).changes} == {"deleted"}
    assert compare(end, end).changes == []


def test_pages_have_all_changes_once_by_a_fixed_number_of_queries(
    park: Park, branch: Branch
) -> None:
    with branch_context(branch):
        Area.objects.bulk_create(Area(name=f"Area {number}") for number in range(5))
        Tag.objects.bulk_create(Tag(word=f"Tag {number}") for number in range(5))
        Park.objects.update(name="Ash")
        Park.objects.update(name="Oak")
    whole = diff(branch).changes
    assert len(whole) == 10
    for limit in (1, 3, 5, 10):
        found: list[Change] = []
        after, pages = "", 0
        while pages == 0 or after:
            page = diff(branch, limit=limit, after=after)
            found, after, pages = [*found, *page.changes], page.next, pages + 1
            assert len(page.changes) <= limit
        assert found == whole
    assert diff(branch, after=whole[-1].cursor).changes == []
    with CaptureQueriesContext(connection) as few:
        diff(branch, model=Area, limit=1)
    with CaptureQueriesContext(connection) as many:
        diff(branch, model=Area)
    assert len(few) == len(many)


@pytest.mark.parametrize("after", ["nowhere", "auth.user:1", "versioning_tests.tag:no-uuid"])
def test_a_page_that_is_not_there(branch: Branch, after: str) -> None:
    with branch_context(branch):
        Tag.objects.create(word="old")
    with pytest.raises(ValidationError):
        diff(branch, after=after)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "disputed"),
    [("a", "a", "b", False), ("a", "c", "b", True), ("a", "b", "b", False)],
)
def test_disputes(base: str, ours: str, theirs: str, disputed: bool) -> None:
    assert FieldChange(base=base, ours=ours, theirs=theirs).is_disputed is disputed


def test_texts_line_by_line_and_word_by_word() -> None:
    lines = text_diff("one\ntwo old words\nthree", "one\ntwo new words\nthree\nfour")
    assert [(line.kind, line.old_number, line.new_number) for line in lines] == [
        ("same", 1, 1),
        ("changed", 2, 2),
        ("same", 3, 3),
        ("added", None, 4),
    ]
    assert [(piece.text, piece.is_changed) for piece in lines[1].new] == [
        ("two ", False),
        ("new", True),
        (" words", False),
    ]
    assert text_diff("gone", "")[0].kind == "removed"
    left, right = word_diff("word " * 2000, "other")
    assert (left[0].is_changed, right[0].text) == (True, "other")
