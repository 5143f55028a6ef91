"""Merges, refreshes, conflicts and reverts; the fuzz compares them with a reference."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from longhouse.versioning.branches import as_of, branch_context, create_branch, distance
from longhouse.versioning.conflicts import MergeConflict, discard
from longhouse.versioning.context import ReadOnly
from longhouse.versioning.merge import find_conflicts, merge, refresh
from longhouse.versioning.models import Branch, Commit, Conflict
from longhouse.versioning.pick import cherry_pick
from longhouse.versioning.policies import Undecided, json_by_key, text_by_line
from longhouse.versioning.revert import revert
from longhouse.versioning.signals import measured
from longhouse.versioning.tests.models import Area, Counter, Park, Ride, Tag, ThemePark

pytestmark = pytest.mark.django_db


@pytest.fixture
def park() -> Park:
    made: Park = Park.objects.create(name="Oak", slug="oak", visitors=10)
    return made


@pytest.fixture
def branch(park: Park) -> Branch:
    return create_branch("draft")


def change(branch: Branch | None, park: Park, **values: Any) -> None:
    with branch_context(branch):
        assert Park.objects.filter(pk=park.pk).update(**values) == 1


def values(park: Park, *names: str) -> Any:
    return Park.objects.values_list(*names).get(pk=park.pk)


def test_fields_of_both_sides_come_together(park: Park, branch: Branch) -> None:
    change(branch, park, name="Elm", description="same")
    change(None, park, visitors=11, description="same")
    author = get_user_model().objects.create(email="ada@example.org")
    commit = merge(branch, author=author, message="Names")
    assert values(park, "name", "visitors", "description") == ("Elm", 11, "same")
    assert commit is not None
    assert (commit.merged, commit.author, commit.message) == (branch, author, "Names")
    with as_of(commit.pk - 1):
        assert values(park, "name", "visitors") == ("Oak", 11)
    assert merge(branch) is None  # nothing is left


def test_a_merge_creates_and_deletes(park: Park, branch: Branch) -> None:
    with branch_context(branch):
        Park.objects.filter(pk=park.pk).delete()
        child = ThemePark.objects.create(name="Mine", slug="mine", theme="West")
        Ride.objects.create(name="Loop", park=child)
        child.tags.create(word="t")
    merge(branch)
    assert ThemePark.objects.get().name == "Mine"
    assert Ride.objects.get().park_id == child.pk
    assert child.tags.get().word == "t"
    Park.objects.create(name="New", slug="new")  # its number is free


def test_a_branch_goes_on_after_its_merge(park: Park, branch: Branch) -> None:
    change(branch, park, name="Elm")
    merge(branch)
    change(None, park, name="Fir")
    with branch_context(branch):
        assert values(park, "name") == ("Fir",)
    change(branch, park, name="Ash")
    merge(branch)
    assert values(park, "name") == ("Ash",)


def test_distance(park: Park, branch: Branch) -> None:
    change(branch, park, name="Elm")
    change(branch, park, name="Ash")
    change(None, park, visitors=1)
    assert (distance(branch).ahead, distance(branch).behind) == (2, 1)
    refresh(branch)
    assert distance(branch).behind == 0
    merge(branch)
    assert (distance(branch).ahead, distance(branch).behind) == (0, 0)


def test_a_field_conflict_is_decided_once(park: Park, branch: Branch) -> None:
    change(branch, park, name="Elm", visitors=20, description="new")
    change(None, park, name="Fir", visitors=30)
    with pytest.raises(MergeConflict) as stopped:
        merge(branch)
    found = {one.field: one for one in stopped.value.conflicts}
    assert set(found) == {"name", "visitors"}
    name = found["name"]
    assert (name.kind, name.base, name.ours, name.theirs) == ("field", "Oak", "Fir", "Elm")
    assert values(park, "name", "visitors") == ("Fir", 30)
    name.resolve("theirs")
    with pytest.raises(MergeConflict) as again:  # the other one is open
        merge(branch)
    assert {(one.field, one.choice) for one in again.value.conflicts} == {("visitors", "")}
    found["visitors"].resolve("value", 25)
    # The first decision was kept, though it did not stop the second try.
    merge(branch)
    assert values(park, "name", "visitors", "description") == ("Elm", 25, "new")
    assert not Conflict.objects.exists()


def test_looking_for_conflicts_keeps_decisions(park: Park, branch: Branch) -> None:
    change(branch, park, name="Elm")
    change(None, park, name="Fir")
    (conflict,) = find_conflicts(branch)
    conflict.resolve("theirs")
    assert find_conflicts(branch) == []
    merge(branch)
    assert values(park, "name") == ("Elm",)


def test_a_decision_is_about_what_was_seen(park: Park, branch: Branch) -> None:
    change(branch, park, name="Elm")
    change(None, park, name="Fir")
    (conflict,) = find_conflicts(branch)
    conflict.resolve("theirs")
    change(None, park, name="Yew")
    with pytest.raises(MergeConflict):
        merge(branch)
    conflict.refresh_from_db()
    assert (conflict.choice, conflict.ours) == ("", "Yew")
    conflict.resolve("ours")
    merge(branch)
    assert values(park, "name") == ("Yew",)


def test_conflicts_are_found_without_a_merge(park: Park, branch: Branch) -> None:
    assert find_conflicts(branch) == []
    change(branch, park, name="Elm")
    change(None, park, name="Fir")
    commits = Commit.objects.count()
    assert [one.field for one in find_conflicts(branch)] == ["name"]
    assert Commit.objects.count() == commits
    change(branch, park, name="Fir")
    assert find_conflicts(branch) == []
    assert not Conflict.objects.exists()


@pytest.mark.parametrize("choice", ["ours", "theirs"])
def test_deleted_here_and_changed_there(park: Park, branch: Branch, choice: str) -> None:
    with branch_context(branch):
        Park.objects.all().delete()
    change(None, park, name="Fir")
    (conflict,) = find_conflicts(branch)
    assert conflict.kind == Conflict.Kind.CHANGED_IN_BASE
    conflict.resolve(choice)
    merge(branch)
    assert Park.objects.exists() == (choice == "ours")


@pytest.mark.parametrize("choice", ["ours", "theirs"])
def test_changed_here_and_deleted_there(park: Park, branch: Branch, choice: str) -> None:
    change(branch, park, name="Elm")
    Park.objects.all().delete()
    (conflict,) = find_conflicts(branch)
    assert conflict.kind == Conflict.Kind.DELETED_IN_BASE
    with pytest.raises(ValueError, match="cannot be resolved"):
        conflict.resolve("value", 1)
    conflict.resolve(choice)
    merge(branch)
    assert list(Park.objects.values_list("name", flat=True)) == (
        ["Elm"] if choice == "theirs" else []
    )


def test_the_same_key_on_both_sides(branch: Branch) -> None:
    with branch_context(branch):
        Area.objects.create(pk=77, name="Ours here")
    Area.objects.create(pk=77, name="Theirs there")
    (conflict,) = find_conflicts(branch)
    assert conflict.kind == Conflict.Kind.EXISTS
    conflict.resolve("theirs")
    merge(branch)
    assert Area.objects.get().name == "Ours here"


@pytest.mark.parametrize(("choice", "left"), [("ours", {"a"}), ("value", {"a", "b"})])
def test_another_row_with_the_same_unique_value(
    branch: Branch, choice: str, left: set[str]
) -> None:
    Park.objects.all().delete()
    with branch_context(branch):
        Park.objects.create(name="Here", slug="a")
    Park.objects.create(name="There", slug="a")
    (conflict,) = find_conflicts(branch)
    assert (conflict.kind, conflict.field) == (Conflict.Kind.UNIQUE, "slug")
    with pytest.raises(MergeConflict):
        merge(branch, prefer="theirs")  # not a choice between two values
    conflict.resolve(choice, "b")
    merge(branch)
    assert set(Park.objects.values_list("slug", flat=True)) == left


def test_a_merge_that_would_make_two_rows_alike(branch: Branch) -> None:
    park = Park.objects.get()
    change(branch, park, visitors=1)
    with branch_context(branch):
        other = Park.objects.create(name="New", slug="new")
    change(None, park, slug="new")
    (conflict,) = find_conflicts(branch)
    assert (conflict.kind, conflict.object_pk) == (Conflict.Kind.UNIQUE, str(other.pk))
    conflict.resolve("value", "newer")
    merge(branch)
    assert set(Park.objects.values_list("slug", flat=True)) == {"new", "newer"}


def test_unique_values_change_hands(branch: Branch) -> None:
    first = Park.objects.get()
    second = Park.objects.create(name="Second", slug="second")
    third = Park.objects.create(name="Third", slug="third")
    Ride.objects.create(name="Loop", park=first)
    with branch_context(branch):
        for park, slug in ((first, "x"), (second, "oak"), (first, "second")):
            Park.objects.filter(pk=park.pk).update(slug=slug)
        Park.objects.filter(pk=third.pk).delete()
        Park.objects.create(name="Fourth", slug="third")
    commit = merge(branch)
    assert commit is not None
    slugs = dict(Park.objects.values_list("name", "slug"))
    assert slugs == {"Oak": "second", "Second": "oak", "Fourth": "third"}
    assert Ride.objects.get().park == first
    revert(commit)
    slugs = dict(Park.objects.values_list("name", "slug"))
    assert slugs == {"Oak": "oak", "Second": "second", "Third": "third"}


def test_a_row_whose_parent_is_gone(park: Park, branch: Branch) -> None:
    area = Area.objects.create(name="North")
    with branch_context(branch):
        made = Park.objects.create(name="New", slug="new", area=area)
    area.delete()
    (conflict,) = find_conflicts(branch)
    assert (conflict.kind, conflict.field) == (Conflict.Kind.DANGLING, "area")
    conflict.resolve("value", {"area": None})
    merge(branch)
    assert Park.objects.get(pk=made.pk).area is None


@pytest.mark.parametrize("choice", ["ours", "theirs"])
def test_a_new_child_of_a_deleted_parent(park: Park, branch: Branch, choice: str) -> None:
    area = Area.objects.create(name="North")
    with branch_context(branch):
        area.delete()
    Park.objects.create(name="New", slug="new", area_id=Area.objects.get().pk)
    (conflict,) = find_conflicts(branch)
    assert conflict.kind == Conflict.Kind.DANGLING
    conflict.resolve(choice)
    merge(branch)
    assert Area.objects.exists() == (choice == "ours")
    assert Park.objects.filter(slug="new").exists() == (choice == "ours")


def test_pairs_are_merged_as_sets(park: Park, branch: Branch) -> None:
    one, two, three, four = (Tag.objects.create(word=word) for word in "1234")
    park.tags.set([one, two])
    with branch_context(branch):
        park.tags.set([two, three])
    park.tags.add(three, four)
    merge(branch)
    assert sorted(park.tags.values_list("word", flat=True)) == ["2", "3", "4"]


def test_policies(branch: Branch) -> None:
    start = {"hits": 10, "title": "t", "note": "n", "newest": "w", "ignored": "i"}
    counter = Counter.objects.create(label="c", **start, text="a\nb\nc\n", facts={"x": 1, "y": 1})
    rows = Counter.objects.filter(pk=counter.pk)
    with branch_context(branch):
        rows.update(
            hits=13, title="theirs", note="theirs", newest="theirs", ignored="theirs",
            text="A\nb\nc\n", facts={"x": 2, "y": 1, "z": 3},
        )  # fmt: skip
    rows.update(
        hits=13, title="ours", note="ours", newest="ours", text="a\nb\nC\n", facts={"x": 1, "y": 5}
    )
    merge(branch)
    merged = rows.get()
    assert (merged.hits, merged.title, merged.note) == (16, "ours", "theirs")
    assert (merged.newest, merged.ignored) == ("ours", "i")
    assert merged.text == "A\nb\nC\n"
    assert merged.facts == {"x": 2, "y": 5, "z": 3}


def test_a_policy_may_leave_it_to_people(branch: Branch) -> None:
    counter = Counter.objects.create(label="c", text="a\n", facts={"x": 1})
    rows = Counter.objects.filter(pk=counter.pk)
    with branch_context(branch):
        rows.update(text="b\n", facts={"x": 2})
    rows.update(text="c\n", facts={"x": 3})
    found = find_conflicts(branch)
    assert {one.field for one in found} == {"text", "facts"}
    for one in found:
        one.resolve("value", "d\n" if one.field == "text" else {"x": [4]})
    merge(branch)
    assert (rows.get().text, rows.get().facts) == ("d\n", {"x": [4]})


def test_json_and_lines() -> None:
    assert json_by_key({"a": {"b": 1}, "c": 1}, {"a": {"b": 1}}, {"a": {"b": 2}, "c": 1}) == {
        "a": {"b": 2}
    }
    with pytest.raises(Undecided):
        json_by_key({"a": 1}, {"a": 2}, {"a": 3})
    with pytest.raises(Undecided):
        json_by_key({"a": 1}, {}, {"a": 3})
    assert text_by_line("a\nb\nc\nd\n", "a\nx\nb\nc\nd\n", "a\nb\nc\n") == "a\nx\nb\nc\n"
    assert text_by_line("a\nb\n", "a\nc\n", "a\nc\n") == "a\nc\n"
    for ours, theirs in (("a\nx\n", "a\ny\n"), ("b\n", "a\ny\n"), ("a\nb\nx\n", "a\nb\ny\n")):
        with pytest.raises(Undecided):
            text_by_line("a\nb\n", ours, theirs)


@pytest.mark.parametrize("prefer", ["ours", "theirs"])
def test_preferring_a_side(park: Park, branch: Branch, prefer: Any) -> None:
    change(branch, park, name="Elm", description="new")
    change(None, park, name="Fir", visitors=1)
    merge(branch, prefer=prefer)
    name = "Elm" if prefer == "theirs" else "Fir"
    assert values(park, "name", "description", "visitors") == (name, "new", 1)


def test_a_stacked_branch_merges_into_its_base(park: Park, branch: Branch) -> None:
    change(branch, park, name="Elm")
    upper = create_branch("upper", base=branch)
    with branch_context(branch):
        other = Park.objects.create(name="Ash", slug="ash")
    change(upper, park, description="upper")
    change(branch, park, visitors=5)
    with branch_context(upper):
        Park.objects.filter(pk=other.pk).delete()
        Tag.objects.create(word="t")
    merge(upper)
    assert values(park, "name", "description") == ("Oak", "")
    with branch_context(branch):
        assert values(park, "name", "description", "visitors") == ("Elm", "upper", 5)
        assert Park.objects.count() == 1
    merge(branch)
    assert values(park, "name", "description", "visitors") == ("Elm", "upper", 5)
    assert Tag.objects.count() == 1


def test_a_refresh_changes_only_rows_that_the_base_has_changed(park: Park, branch: Branch) -> None:
    other = Park.objects.create(name="Fir", slug="fir")
    change(branch, park, name="Elm")
    change(branch, other, name="Ash")
    upper = create_branch("upper", base=branch)
    with branch_context(upper):
        Park.objects.all().delete()
    change(None, other, visitors=5)
    refresh(branch)
    found = [(one.object_pk, one.kind) for one in find_conflicts(upper)]
    assert found == [(str(other.pk), Conflict.Kind.CHANGED_IN_BASE)]


def test_a_pinned_branch_moves_on_by_a_refresh(park: Park) -> None:
    pinned = create_branch("pinned", pinned=True)
    change(pinned, park, name="Elm")
    change(None, park, visitors=99)
    other = Park.objects.create(name="Fir", slug="fir")
    refresh(pinned)
    with branch_context(pinned):
        assert values(park, "name", "visitors") == ("Elm", 99)
        assert values(other, "name") == ("Fir",)
    change(None, park, visitors=100)
    merge(pinned)
    assert values(park, "name", "visitors") == ("Elm", 100)
    with branch_context(pinned):
        assert values(park, "name", "visitors") == ("Elm", 100)


def test_a_pinned_branch_stays_when_its_base_moves_on(park: Park) -> None:
    lower = create_branch("lower", pinned=True)
    change(None, park, visitors=99)  # before the upper one is pinned, after the lower one is
    upper = create_branch("upper", base=lower, pinned=True)
    refresh(lower)
    with branch_context(Branch.objects.get(pk=upper.pk)):
        assert values(park, "visitors") == (10,)
    refresh(upper)
    with branch_context(upper):
        assert values(park, "visitors") == (99,)


def test_a_change_is_discarded(park: Park, branch: Branch) -> None:
    change(branch, park, name="Elm")
    discard(branch, Park, park.pk)
    with branch_context(branch):
        assert values(park, "name") == ("Oak",)
    assert merge(branch) is None


def test_a_revert_takes_back_fields_rows_and_pairs(park: Park, branch: Branch) -> None:
    tag = Tag.objects.create(word="t")
    gone = Park.objects.create(name="Gone", slug="gone")
    park.tags.add(tag)
    with branch_context(branch):
        Park.objects.filter(pk=park.pk).update(name="Elm", visitors=20)
        Park.objects.filter(pk=gone.pk).delete()
        made = Park.objects.create(name="Made", slug="made")
        park.tags.clear()
    commit = merge(branch)
    assert commit is not None
    change(None, park, description="later")
    undone = revert(commit)
    assert undone is not None
    assert undone.reverts == commit
    assert values(park, "name", "visitors", "description") == ("Oak", 10, "later")
    assert Park.objects.filter(pk=gone.pk).exists()
    assert not Park.objects.filter(pk=made.pk).exists()
    assert park.tags.get() == tag
    again = revert(undone)
    assert again is not None
    assert values(park, "name", "description") == ("Elm", "later")


def test_a_commit_to_a_branch_is_reverted_there(park: Park, branch: Branch) -> None:
    tag = Tag.objects.create(word="t")
    gone = Park.objects.create(name="Gone", slug="gone")
    change(branch, park, description="before")
    with branch_context(branch), transaction.atomic():
        Park.objects.filter(pk=park.pk).update(name="Elm", description="after")
        Park.objects.filter(pk=gone.pk).delete()
        made = Park.objects.create(name="Made", slug="made")
        park.tags.add(tag)
    commit = Commit.objects.latest("pk")
    change(branch, park, visitors=20)
    author = get_user_model().objects.create(email="ada@example.org")
    undone = revert(commit, author=author)
    assert undone is not None
    assert (undone.branch, undone.reverts, undone.author) == (branch, commit, author)
    assert undone.message == f"Revert {commit}"
    with branch_context(branch):
        assert values(park, "name", "description", "visitors") == ("Oak", "before", 20)
        assert Park.objects.filter(pk=gone.pk).exists()
        assert not Park.objects.filter(pk=made.pk).exists()
        assert not park.tags.exists()
    again = revert(undone)
    assert again is not None
    with branch_context(branch):
        assert values(park, "name", "description", "visitors") == ("Elm", "after", 20)
        assert Park.objects.get(slug="made").pk == made.pk
    assert not Park.objects.filter(slug="made").exists()
    assert list(Branch.objects.all()) == [branch]  # what did it is gone
    assert merge(branch) is not None
    change(branch, park, name="Fir")
    with pytest.raises(MergeConflict) as stopped:
        revert(commit)
    assert stopped.value.branch.reverts == commit


def test_what_was_picked_from_a_branch_is_hidden_where_its_creation_is_reverted(
    park: Park, branch: Branch
) -> None:
    with branch_context(branch):
        made = Park.objects.create(name="Made", slug="made")
    commit = Commit.objects.latest("pk")
    cherry_pick(commit)
    assert revert(commit) is not None
    assert Park.objects.filter(pk=made.pk).exists()
    assert not Park.objects.in_branch(branch).filter(pk=made.pk).exists()
    merge(branch)
    assert not Park.objects.filter(pk=made.pk).exists()


def test_a_commit_to_a_branch_that_is_over_is_not_reverted(park: Park, branch: Branch) -> None:
    change(branch, park, name="Elm")
    commit = Commit.objects.latest("pk")
    branch.is_archived = True
    branch.save()
    with pytest.raises(ReadOnly):
        revert(commit)
    assert list(Branch.objects.all()) == [branch]


def test_a_revert_stops_at_later_changes(park: Park, branch: Branch) -> None:
    change(None, park, name="Elm")
    commit = Commit.objects.latest("pk")
    change(None, park, name="Fir")
    with pytest.raises(MergeConflict) as stopped:
        revert(commit)
    (conflict,) = stopped.value.conflicts
    assert (conflict.base, conflict.ours, conflict.theirs) == ("Elm", "Fir", "Oak")
    conflict.resolve("theirs")
    undone = merge(stopped.value.branch)
    assert undone is not None
    assert undone.reverts == commit
    assert values(park, "name") == ("Oak",)
    assert revert(Commit.objects.latest("pk"), prefer="ours") is not None
    assert values(park, "name") == ("Fir",)


def test_what_things_cost_is_told(park: Park, branch: Branch) -> None:
    told: list[tuple[str, int, str]] = []

    def hear(operation: str, view: Any, seconds: float, error: Any, **_: Any) -> None:
        assert seconds > 0
        told.append((operation, 0 if view is None else view.branch, type(error).__name__))

    measured.connect(hear)
    try:
        change(None, park, name="Elm")
        list(Park.objects.all())
        with branch_context(branch):
            list(Park.objects.all())
            Ride.objects.create(name="Loop", park=park).delete()
        change(branch, park, name="Ash")
        refresh(branch, prefer="theirs")
        change(None, park, name="Fir")
        with pytest.raises(MergeConflict):
            merge(branch)
        merge(branch, prefer="theirs")
    finally:
        measured.disconnect(hear)
    number = branch.pk
    assert [one for one in told if one[0] != "read"] == [
        ("update", 0, "NoneType"),
        ("insert", number, "NoneType"),
        ("delete", number, "NoneType"),
        ("update", number, "NoneType"),
        ("refresh", number, "NoneType"),
        ("update", 0, "NoneType"),
        ("merge", 0, "MergeConflict"),
        ("merge", 0, "NoneType"),
    ]
    assert {one[1] for one in told if one[0] == "read"} == {number}
