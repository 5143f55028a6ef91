"""What is written on main and in branches, and the commits that it makes."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from longhouse.versioning import functions
from longhouse.versioning.batch import BatchOperation, Change, Create, Delete, Update
from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.commits import attributed
from longhouse.versioning.context import ReadOnly
from longhouse.versioning.merge import merge
from longhouse.versioning.models import Branch, Commit
from longhouse.versioning.signals import committed
from longhouse.versioning.tests.models import Area, Park, Ride, Tag, ThemePark

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch() -> Branch:
    return create_branch("draft")


@pytest.fixture
def park() -> Park:
    made: Park = Park.objects.create(name="Oak", slug="oak", visitors=10)
    return made


def commits() -> int:
    return Commit.objects.count()


def test_the_outermost_transaction_is_one_commit(park: Park) -> None:
    before = commits()
    with transaction.atomic():
        assert commits() == before  # none before the first write
        park.name = "Elm"
        park.save()
        with transaction.atomic():
            Ride.objects.create(name="Loop", park=park)
        Park.objects.update(visitors=F("visitors") + 1)
    assert commits() == before + 1
    park.save()
    assert commits() == before + 2
    assert park.rev == Park.objects.get().rev == Commit.objects.latest("pk").pk


def test_a_row_written_twice_in_a_commit_has_one_image(park: Park) -> None:
    first = Commit.objects.latest("pk")
    with transaction.atomic():
        for name in ("Elm", "Ash", "Fir"):
            Park.objects.update(name=name)
        Park.objects.all().delete()
    images: Any = Park._meta.apps.get_model("versioning_tests", "ParkVersion")
    assert images.objects.count() == 1
    with as_of(first):
        assert Park.objects.get().name == "Oak"


def test_a_commit_that_a_savepoint_took_back_is_not_written_to(park: Park) -> None:
    before = Commit.objects.latest("pk")

    def fail() -> None:
        with transaction.atomic():
            Park.objects.update(name="Elm")
            Park.objects.create(name="Oak 2", slug="oak")

    with transaction.atomic():
        with pytest.raises(IntegrityError):
            fail()
        Park.objects.update(name="Ash")
    assert commits() == Commit.objects.filter(pk__lte=before.pk).count() + 1
    assert Park.objects.get().rev == Commit.objects.latest("pk").pk
    with as_of(before):
        assert Park.objects.get().name == "Oak"


def test_who_and_why(park: Park) -> None:
    author = get_user_model().objects.create(email="ada@example.org")
    with attributed(author=author, message="Renamed"):
        Park.objects.update(name="Elm")
    commit = Commit.objects.latest("pk")
    assert (commit.author, commit.message, commit.branch) == (author, "Renamed", None)


def test_a_signal_after_the_transaction(
    park: Park, branch: Branch, django_capture_on_commit_callbacks: Any
) -> None:
    seen: list[Any] = []

    def see(commit: Commit, models: Any, **_: Any) -> None:
        seen.append((commit.branch, models))

    committed.connect(see)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            Park.objects.update(name="Elm")
            with branch_context(branch), transaction.atomic():
                Park.objects.update(name="Ash")
                Area.objects.create(name="A")
            assert not seen
    finally:
        committed.disconnect(see)
    assert seen == [(None, {Park}), (branch, {Park, Area})]


def test_bulk_create_may_update_and_keeps_images(park: Park) -> None:
    first = Commit.objects.latest("pk")
    Park.objects.bulk_create(
        [Park(name="Elm", slug="oak"), Park(name="Ash", slug="ash")],
        update_conflicts=True, unique_fields=["slug"], update_fields=["name"],
    )  # fmt: skip
    assert set(Park.objects.values_list("name", flat=True)) == {"Elm", "Ash"}
    assert Park.objects.get(slug="oak").rev == Commit.objects.latest("pk").pk
    with as_of(first):
        assert Park.objects.get().name == "Oak"


def test_keys_of_branches_come_from_main(branch: Branch) -> None:
    with branch_context(branch):
        draft = Park.objects.create(name="A", slug="a")
        many = Park.objects.bulk_create(Park(name=n, slug=n) for n in "bcd")
        given = Park.objects.create(pk=many[-1].pk + 5, name="e", slug="e")
        assert Park.objects.count() == 5
    made = Park.objects.create(name="M", slug="m")
    keys = [draft.pk, *(one.pk for one in many), given.pk, made.pk]
    assert len(set(keys)) == 6


def test_uniqueness_holds_in_a_branch(park: Park, branch: Branch) -> None:
    with branch_context(branch):
        other = Park.objects.create(name="Elm", slug="elm")
        for taken in ("oak", "elm"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Park.objects.create(name="X", slug=taken)
        with pytest.raises(IntegrityError), transaction.atomic():
            Park.objects.filter(pk=other.pk).update(slug="oak")
        with pytest.raises(IntegrityError), transaction.atomic():
            Park.objects.bulk_create([Park(pk=park.pk, name="X", slug="x")])
        assert [p.slug for p in Park.objects.bulk_create(
            [Park(name="X", slug="oak"), Park(name="Y", slug="y"), Park(name="Z", slug="y")],
            ignore_conflicts=True,
        )] == ["oak", "y", "y"]  # fmt: skip
        assert set(Park.objects.values_list("slug", flat=True)) == {"oak", "elm", "y"}
        # What main has and the branch has given away is free.
        Park.objects.filter(pk=park.pk).update(slug="old-oak")
        Park.objects.filter(pk=other.pk).update(slug="oak")


def test_rows_are_created_or_updated_in_a_branch(park: Park, branch: Branch) -> None:
    def put(*parks: Park) -> list[Park]:
        return Park.objects.bulk_create(
            parks, update_conflicts=True, unique_fields=["slug"], update_fields=["name", "area"]
        )

    area = Area.objects.create(name="North")
    with branch_context(branch):
        old, new, again = put(
            Park(name="Elm", slug="oak", area=area, visitors=99),
            Park(name="Fir", slug="fir"),
            Park(name="Ash", slug="fir"),
        )
        assert (old.pk, again.pk) == (park.pk, new.pk)
        values = Park.objects.order_by("slug").values_list("name", "slug", "area", "visitors")
        assert list(values) == [("Ash", "fir", None, 0), ("Elm", "oak", area.pk, 10)]
    assert Park.objects.values_list("name", "slug").get() == ("Oak", "oak")
    merge(branch)
    assert list(Park.objects.order_by("slug").values_list("name", flat=True)) == ["Ash", "Elm"]


def test_unique_under_a_condition_holds_in_a_branch(branch: Branch) -> None:
    area = Area.objects.create(name="North")
    Park.objects.create(name="Oak", slug="oak", area=area)
    with branch_context(branch):
        shut = Park.objects.create(name="Oak", slug="oak-2", area=area, is_open=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            Park.objects.filter(pk=shut.pk).update(is_open=True)


def test_checks_hold_in_a_branch(park: Park, branch: Branch) -> None:
    with branch_context(branch):
        ride = Ride.objects.create(name="Loop", park=park, height=999)
        with pytest.raises(IntegrityError), transaction.atomic():
            Ride.objects.filter(pk=ride.pk).update(height=1000)


def test_what_a_branch_deleted_can_be_created_again(branch: Branch) -> None:
    tag = Tag.objects.create(word="old")
    key = tag.pk
    with branch_context(branch):
        tag.delete()
        gone = Commit.objects.latest("pk")
        Tag.objects.create(pk=key, word="new")
        assert Tag.objects.count() == 1
        with as_of(gone):
            assert not Tag.objects.exists()
    assert Tag.objects.get().word == "old"


def test_deletions_cascade_in_a_branch_only(park: Park, branch: Branch) -> None:
    area = Area.objects.create(name="North")
    Park.objects.update(area=area)
    tag = Tag.objects.create(word="t")
    park.tags.add(tag)
    Ride.objects.create(name="Loop", park=park)
    with branch_context(branch):
        _, counts = area.delete()
        assert counts == {
            "versioning_tests.Area": 1,
            "versioning_tests.Park": 1,
            "versioning_tests.Ride": 1,
            "versioning_tests.Park_tags": 1,
        }
        assert not Ride.objects.exists()
        assert not park.tags.exists()
        assert Tag.objects.exists()
    assert Ride.objects.exists()
    assert park.tags.get() == tag


def test_pairs_are_set_and_cleared_in_a_branch(park: Park, branch: Branch) -> None:
    one, two, three = (Tag.objects.create(word=word) for word in "123")
    park.tags.set([one, two])
    with branch_context(branch):
        park.tags.set([two, three])
        park.tags.add(two)  # is there
        assert set(park.tags.all()) == {two, three}
        park.tags.clear()
        assert not park.tags.exists()
        park.tags.add(one)
        assert list(one.parks.all()) == [park]
    assert set(park.tags.all()) == {one, two}


def test_a_child_and_its_parent_are_deleted_together(branch: Branch) -> None:
    child = ThemePark.objects.create(name="Mine", slug="mine", theme="West")
    with branch_context(branch):
        ThemePark.objects.get().delete()
        assert not Park.objects.exists()
        other = ThemePark.objects.create(name="Mill", slug="mill", theme="Old")
        assert other.pk != child.pk
        assert Park.objects.get().name == "Mill"
    assert ThemePark.objects.get().name == "Mine"


def test_an_update_by_what_it_changes(branch: Branch) -> None:
    for n in range(6):
        Park.objects.create(name=str(n), slug=f"s{n}", visitors=n)
    with branch_context(branch):
        few = Park.objects.filter(pk__in=Park.objects.filter(visitors__gte=3).values("pk"))
        assert few.update(visitors=F("visitors") - 3) == 3
        assert sorted(Park.objects.values_list("visitors", flat=True)) == [0, 0, 1, 1, 2, 2]
        worst = Park.objects.filter(visitors=0)
        assert Park.objects.filter(pk__in=worst.values("pk")).delete()[0] == 2
        assert Park.objects.count() == 4
    assert Park.objects.count() == 6


def test_rows_of_a_branch_can_be_locked(park: Park, branch: Branch) -> None:
    with branch_context(branch), transaction.atomic():
        assert Park.objects.select_for_update().get() == park
    with transaction.atomic():
        assert Park.objects.select_for_update().get() == park


def test_a_primary_key_stays(park: Park) -> None:
    with pytest.raises(ReadOnly), transaction.atomic():
        Park.objects.update(id=99)


def test_an_archived_branch_is_read_only(park: Park, branch: Branch) -> None:
    branch.is_archived = True
    branch.save()
    with branch_context(branch):
        assert Park.objects.count() == 1
        with pytest.raises(ReadOnly), transaction.atomic():
            Park.objects.update(name="x")


def test_a_batch_is_one_commit(park: Park) -> None:
    other = Park.objects.create(name="Fir", slug="fir")
    before = commits()
    told: list[int] = []
    park.name = "Elm"
    with BatchOperation(message="Import", chunk_size=2) as batch:
        changes: list[Change] = [
            *(Create(Park(name=n, slug=n)) for n in "abc"),
            Create(ThemePark(name="T", slug="t", theme="x")),
            Update(park, ["name"]),
            Delete(Park, other.pk),
        ]
        batch.process_changes(changes, progress=told.append)
        Area.objects.create(name="North")
    assert (batch.created, batch.updated, batch.deleted) == (4, 1, 1)
    assert told == [2, 3, 4, 5, 6]
    assert commits() == before + 1
    assert Commit.objects.latest("pk").message == "Import"
    assert set(Park.objects.values_list("name", flat=True)) == {"Elm", "a", "b", "c", "T"}


def test_a_batch_does_all_or_nothing(park: Park) -> None:
    before = commits()
    changes = [Create(Park(name="a", slug="a")), Create(Park(name="b", slug="oak"))]
    with pytest.raises(IntegrityError), BatchOperation(message="Import") as batch:
        batch.process_changes(changes)
    assert Park.objects.get() == park
    assert commits() == before


def test_a_dry_run_counts_and_changes_nothing(park: Park, branch: Branch) -> None:
    before = commits()
    for where in (None, branch):
        with branch_context(where), BatchOperation(dry_run=True) as batch:
            batch.process_changes([Create(Park(name="a", slug="a")), Delete(Park, park.pk)])
            assert Park.objects.get().name == "a"
        assert (batch.created, batch.deleted) == (1, 1)
        with branch_context(where):
            assert Park.objects.get() == park
    assert commits() == before


def test_a_batch_within_a_transaction_is_a_commit_of_its_own(park: Park) -> None:
    start = Commit.objects.latest("pk")
    with transaction.atomic():
        Park.objects.update(name="Elm")
        with BatchOperation(message="In between"):
            Park.objects.update(name="Ash")
        Park.objects.update(name="Fir")
    messages = Commit.objects.filter(pk__gt=start.pk).order_by("pk").values_list("message", "pk")
    assert [message for message, _ in messages] == ["", "In between", ""]
    names = []
    for _, pk in messages:
        with as_of(pk):
            names.append(Park.objects.get().name)
    assert names == ["Elm", "Ash", "Fir"]


def test_a_branch_costs_one_row_and_takes_its_own_along(park: Park, branch: Branch) -> None:
    with branch_context(branch):
        Park.objects.update(name="Elm")
        Park.objects.update(name="Ash")
    images: Any = Park._meta.apps.get_model("versioning_tests", "ParkVersion")
    assert images.objects.filter(version_branch=branch.pk).count() == 2
    number = branch.pk
    branch.delete()
    assert not images.objects.filter(version_branch=number).exists()
    assert not Commit.objects.filter(branch_id=number).exists()


def test_what_a_condition_sees_stays_while_its_rows_are_taken_over() -> None:
    """The branch holds a deletion and nothing else before the write."""
    for slug in ("a", "b", "c"):
        Park.objects.create(name=slug, slug=slug)
    with branch_context(create_branch("draft")):
        Park.objects.get(slug="a").delete()
        same = Park.objects.filter(pk__in=Park.objects.filter(is_open=True).values("pk"))
        assert same.update(visitors=7) == 2
        assert list(Park.objects.values_list("visitors", flat=True)) == [7, 7]
    with branch_context(create_branch("other")):
        Park.objects.get(slug="a").delete()
        same = Park.objects.filter(pk__in=Park.objects.filter(is_open=True).values("pk"))
        assert same.delete()[0] == 2
        assert not Park.objects.exists()


@pytest.mark.parametrize("held", ["nothing", "a deletion", "a row"])
def test_conditions_by_subqueries_are_the_same_in_each_statement_of_a_write(
    branch: Branch, held: str
) -> None:
    area = Area.objects.create(name="North")
    for name in ("Oak", "Elm", "Fir"):
        Park.objects.create(name=name, slug=name.lower(), area=area)
    with branch_context(branch):
        if held == "a deletion":
            Park.objects.get(name="Fir").delete()
        elif held == "a row":
            Park.objects.filter(name="Fir").update(visitors=1)
        left = Park.objects.count()
        # A join becomes a subquery on the table that is written to.
        assert Park.objects.filter(area__country="ES").update(visitors=F("visitors") + 5) == left
        assert Park.objects.filter(visitors__gte=5).count() == left
        assert Park.objects.filter(area__country="ES").delete()[0] == left
        assert not Park.objects.exists()
    assert Park.objects.filter(visitors=0).count() == 3


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a function of PostgreSQL")
def test_the_function_that_begins_commits_is_made_anew_when_it_is_another() -> None:
    def installed() -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT oid, prosrc FROM pg_proc WHERE proname = %s", [functions.NAME])
            return list(cursor.fetchall())

    before = installed()
    functions.install(connection)
    assert installed() == before
    with connection.cursor() as cursor:
        cursor.execute(f"DROP FUNCTION {functions.NAME}")
        older = (
            f"CREATE FUNCTION {functions.NAME}(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 1'"
        )
        cursor.execute(older)
    functions.install(connection)
    assert [body for _, body in installed()] == [body for _, body in before]
