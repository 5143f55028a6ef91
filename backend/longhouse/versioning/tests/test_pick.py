"""Cherry-picks: what one commit did, done elsewhere; the fuzz compares them with a reference."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from longhouse.versioning.branches import branch_context, create_branch
from longhouse.versioning.commits import attributed
from longhouse.versioning.conflicts import MergeConflict
from longhouse.versioning.integrity import seal, verify
from longhouse.versioning.merge import merge
from longhouse.versioning.models import Branch, Commit
from longhouse.versioning.pick import cherry_pick
from longhouse.versioning.tests.models import Counter, Park, Ride, ThemePark

pytestmark = pytest.mark.django_db


@pytest.fixture
def park() -> Park:
    made: Park = Park.objects.create(name="Oak", slug="oak", visitors=1)
    return made


@pytest.fixture
def draft(park: Park) -> Branch:
    return create_branch("draft")


def change(branch: Branch | None, **values: Any) -> Commit:
    with branch_context(branch):
        assert Park.objects.filter(slug="oak").update(**values) == 1
    return Commit.objects.latest("pk")


def values(*names: str, branch: Branch | None = None) -> Any:
    return Park.objects.in_branch(branch).values_list(*names).get(slug="oak")


def test_only_what_the_commit_did_is_picked(park: Park, draft: Branch) -> None:
    change(draft, name="Elm")
    wanted = change(draft, visitors=2)
    change(draft, description="later")
    change(None, is_open=False)
    author = get_user_model().objects.create(email="ada@example.org")
    made = cherry_pick(wanted, author=author)
    assert made is not None
    assert (made.picks, made.author, made.branch) == (wanted, author, None)
    assert values("name", "visitors", "description", "is_open") == ("Oak", 2, "", False)
    merge(draft)
    assert values("name", "visitors", "description", "is_open") == ("Elm", 2, "later", False)


def test_from_main_to_a_branch_and_from_a_branch_to_another(park: Park, draft: Branch) -> None:
    other = create_branch("other", pinned=True)
    first = change(None, visitors=2)
    change(None, visitors=3)
    assert cherry_pick(first, onto=other) is not None
    assert values("visitors", branch=Branch.objects.get(name="other")) == (2,)
    wanted = change(draft, name="Elm")
    made = cherry_pick(wanted, onto=other, message="Take it")
    assert made is not None
    assert (made.branch, made.message) == (other, "Take it")
    assert values("name", branch=Branch.objects.get(name="other")) == ("Elm",)
    assert values("name") == ("Oak",)


def test_rows_that_a_commit_created_and_deleted(park: Park, draft: Branch) -> None:
    gone = Park.objects.create(name="Gone", slug="gone")
    with branch_context(draft), attributed(message="Much"), transaction.atomic():
        child = ThemePark.objects.create(name="Mine", slug="mine", theme="West")
        Ride.objects.create(name="Loop", park=child)
        child.tags.create(word="t")
        Park.objects.filter(pk=gone.pk).delete()
    wanted = Commit.objects.get(message="Much")
    made = cherry_pick(wanted)
    assert made is not None
    assert made.message == "Much"
    assert ThemePark.objects.get().tags.get().word == "t"
    assert Ride.objects.get().park_id == child.pk
    assert not Park.objects.filter(pk=gone.pk).exists()
    # Again, and the branch itself: nothing is left to do.
    assert cherry_pick(wanted) is None
    assert merge(draft) is None
    seal()
    assert verify().problems == []


def test_both_sides_have_changed_a_field(park: Park, draft: Branch) -> None:
    change(draft, name="Elm")
    wanted = change(draft, name="Ash", visitors=2)
    with pytest.raises(MergeConflict) as caught:
        cherry_pick(wanted)
    (conflict,) = caught.value.conflicts
    assert (conflict.field, conflict.base, conflict.ours, conflict.theirs) == (
        "name", "Elm", "Oak", "Ash",
    )  # fmt: skip
    assert values("name", "visitors") == ("Oak", 1)
    conflict.resolve("theirs")
    made = merge(caught.value.branch)
    assert made is not None
    assert made.picks == wanted
    assert values("name", "visitors") == ("Ash", 2)


@pytest.mark.parametrize(("prefer", "name"), [("ours", "Oak"), ("theirs", "Ash")])
def test_a_side_is_preferred(park: Park, draft: Branch, prefer: Any, name: str) -> None:
    change(draft, name="Elm")
    cherry_pick(change(draft, name="Ash"), prefer=prefer)
    assert values("name") == (name,)


def test_a_row_that_only_one_side_has(park: Park, draft: Branch) -> None:
    with branch_context(draft):
        Park.objects.create(name="Mine", slug="mine")
        Park.objects.filter(slug="mine").update(visitors=7)
    with pytest.raises(MergeConflict) as caught:
        cherry_pick(Commit.objects.latest("pk"))
    assert [one.kind for one in caught.value.conflicts] == ["deleted"]
    caught.value.branch.delete()
    change(None, visitors=4)
    with branch_context(draft):
        Park.objects.filter(slug="oak").delete()
    deletion = Commit.objects.latest("pk")
    other = create_branch("other")
    change(other, visitors=5)
    with pytest.raises(MergeConflict) as caught:
        cherry_pick(deletion, onto=other)
    assert [one.kind for one in caught.value.conflicts] == ["changed"]


def test_counters_add_up(db: None) -> None:
    Counter.objects.create(label="c", hits=10)
    draft = create_branch("draft")
    for hits in (100, 105):
        with branch_context(draft):
            Counter.objects.update(hits=hits)
    Counter.objects.update(hits=20)
    cherry_pick(Commit.objects.filter(branch=draft).latest("pk"))
    assert Counter.objects.get().hits == 25
