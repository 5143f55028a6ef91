"""What is read in a branch or as of a moment; the fuzz reads in many more ways."""

import contextlib
import datetime
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models import Count, F
from django.db.models.sql import compiler as djangos
from django.test.utils import CaptureQueriesContext, isolate_apps
from django.utils import timezone

from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.commits import lock
from longhouse.versioning.companions import tables
from longhouse.versioning.context import ReadOnly, active
from longhouse.versioning.merge import refresh
from longhouse.versioning.models import Branch, Commit, VersionedModel
from longhouse.versioning.tests.models import Area, Park, PlainPark, Ride, ThemePark

pytestmark = pytest.mark.django_db


def last_commit() -> Commit:
    return Commit.objects.latest("pk")


@pytest.fixture
def park() -> Park:
    area = Area.objects.create(name="North")
    made: Park = Park.objects.create(name="Oak", slug="oak", area=area, visitors=10)
    return made


@pytest.fixture
def branch(park: Park) -> Branch:
    return create_branch("draft")


def test_main_is_compiled_as_ever(park: Park) -> None:
    made = Park.objects.filter(name="Oak").query.get_compiler("default")
    if connection.vendor == "sqlite":
        assert type(made) is djangos.SQLCompiler
    versioned, _ = Park.objects.filter(name="Oak").only("name").query.sql_with_params()
    plain, _ = PlainPark.objects.filter(name="Oak").only("name").query.sql_with_params()
    assert versioned.replace("_park", "_plainpark") == plain


def test_companions_have_the_types_of_their_tables() -> None:
    """Else PostgreSQL reads all of a table to find one row in a branch."""
    for versioned in tables.values():
        with connection.cursor() as cursor:
            described = [
                {
                    column.name: (column.type_code, column.display_size, column.precision,
                                  column.scale, column.collation)
                    for column in connection.introspection.get_table_description(cursor, table)
                }
                for table in (versioned.table, versioned.companion_table)
            ]  # fmt: skip
        for name in versioned.all_columns:
            if connection.vendor == "sqlite" and name == versioned.pk:
                continue  # SQLite's own keys are INTEGER, by whatever name
            assert described[0][name] == described[1][name], (versioned, name)


def test_a_slug_is_indexed_once_for_what_has_been() -> None:
    """Each image pays for each index; the other one is of rows that a branch has now."""
    with connection.cursor() as cursor:
        table = tables[Park._meta.db_table].companion_table
        found = connection.introspection.get_constraints(cursor, table).values()
    slugs = [one for one in found if "slug" in one["columns"]]
    assert [one["columns"] for one in slugs] == [["version_branch", "slug"]] * 2
    assert sorted(one["unique"] for one in slugs) == [False, True]


def test_a_branch_hides_and_shows(park: Park, branch: Branch) -> None:
    with branch_context(branch):
        Park.objects.filter(pk=park.pk).update(name="Elm")
        Park.objects.create(name="Ash", slug="ash")
        assert sorted(Park.objects.values_list("name", flat=True)) == ["Ash", "Elm"]
        with branch_context(None):
            assert Park.objects.get().name == "Oak"
    assert Park.objects.get().name == "Oak"


def test_a_live_branch_sees_what_main_changes_elsewhere(park: Park, branch: Branch) -> None:
    other = Park.objects.create(name="Fir", slug="fir")
    with branch_context(branch):
        Park.objects.filter(pk=park.pk).update(name="Elm")
    Park.objects.update(visitors=99)
    with branch_context(branch):
        assert Park.objects.get(pk=park.pk).visitors == 10
        assert Park.objects.get(pk=other.pk).visitors == 99


def test_a_pinned_branch_sees_main_as_it_was(park: Park) -> None:
    other = Park.objects.create(name="Fir", slug="fir")
    pinned = create_branch("pinned", pinned=True)
    Park.objects.update(visitors=99)
    Park.objects.create(name="Late", slug="late")
    Area.objects.filter(name="North").update(name="South")
    other.delete()
    with branch_context(pinned):
        Park.objects.filter(pk=park.pk).update(name="Elm")
        assert set(Park.objects.values_list("name", "visitors")) == {("Elm", 10), ("Fir", 0)}
        assert Park.objects.filter(area__name="North").count() == 1
        assert Park.objects.count() == 2


def test_a_stacked_branch_sees_through_its_base(park: Park, branch: Branch) -> None:
    upper = create_branch("upper", base=branch)
    with branch_context(branch):
        Park.objects.filter(pk=park.pk).update(name="Elm")
        Park.objects.create(name="Ash", slug="ash")
    with branch_context(upper):
        Park.objects.filter(name="Ash").delete()
        Park.objects.filter(name="Elm").update(visitors=F("visitors") + 1)
        assert list(Park.objects.values_list("name", "visitors")) == [("Elm", 11)]
    with branch_context(branch):
        assert set(Park.objects.values_list("name", "visitors")) == {("Elm", 10), ("Ash", 0)}


def test_querysets_are_bound_to_a_branch(park: Park, branch: Branch) -> None:
    bound = Park.objects.in_branch(branch)
    bound.filter(pk=park.pk).update(name="Elm")
    made = bound.create(name="Ash", slug="ash")
    assert bound.count() == 2
    assert bound.filter(name="Ash").exists()
    assert bound.aggregate(n=Count("pk")) == {"n": 2}
    assert {one.name for one in bound.order_by("name")} == {"Ash", "Elm"}
    assert bound.get_or_create(slug="ash")[0].pk == made.pk
    assert bound.filter(pk=made.pk).delete()[0] == 1
    assert [one.name for one in bound] == ["Elm"]
    assert [one.name for one in Park.objects.all()] == ["Oak"]
    with branch_context(branch):
        assert [one.name for one in Park.objects.in_branch(None)] == ["Oak"]


def test_prefetching_happens_in_the_branch_of_the_queryset(park: Park, branch: Branch) -> None:
    with branch_context(branch):
        Ride.objects.create(name="Loop", park=park)
    (found,) = Park.objects.in_branch(branch).prefetch_related("rides")
    assert [ride.name for ride in found.rides.all()] == ["Loop"]


def test_iterating_leaves_the_caller_where_they_are(park: Park, branch: Branch) -> None:
    Park.objects.create(name="Fir", slug="fir")
    with branch_context(branch):
        Park.objects.update(name="Elm")
        Park.objects.filter(slug="fir").update(is_open=False)
    for one in Park.objects.in_branch(branch).iterator(chunk_size=1):
        assert one.name == "Elm"
        assert active.get() is None


def test_a_bound_queryset_cannot_hide_in_another(park: Park, branch: Branch) -> None:
    areas = Area.objects.in_branch(branch)
    with pytest.raises(ValueError, match="bind the outer one"):
        list(Park.objects.filter(area__in=areas))
    with branch_context(branch):
        assert Park.objects.filter(area__in=areas).count() == 1


def test_a_count_asks_for_no_more_rows_than_the_branch_holds(park: Park, branch: Branch) -> None:
    with branch_context(branch):
        Park.objects.filter(pk=park.pk).delete()
        Park.objects.create(name="Ash", slug="ash")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert Park.objects.filter(is_open=True).count() == 1
            assert Park.objects.count() == 1
    assert not [query["sql"] for query in queries if "UNION" in query["sql"]]


def test_as_of_a_commit_or_a_time(park: Park) -> None:
    first = last_commit()
    Park.objects.filter(pk=park.pk).update(name="Elm")
    second = last_commit()
    Ride.objects.create(name="Loop", park=park)
    park.delete()
    for moment in (first, first.pk):
        with as_of(moment):
            found = Park.objects.select_related("area").get()
            assert (found.name, found.area.name) == ("Oak", "North")
    assert Park.objects.as_of(second).get().name == "Elm"
    Commit.objects.filter(pk=second.pk).update(created_at=timezone.now() - datetime.timedelta(1))
    Commit.objects.filter(pk__lte=first.pk).update(
        created_at=timezone.now() - datetime.timedelta(2)
    )
    assert Park.objects.as_of(timezone.now() - datetime.timedelta(hours=25)).get().name == "Oak"
    assert Park.objects.as_of(timezone.now() - datetime.timedelta(hours=23)).get().name == "Elm"
    assert Park.objects.as_of(timezone.now() - datetime.timedelta(days=3)).count() == 0
    assert Park.objects.count() == 0


def test_a_branch_as_of_a_moment(park: Park, branch: Branch) -> None:
    with branch_context(branch):
        Park.objects.update(name="Elm")
        elm = last_commit()
        Park.objects.all().delete()
        Park.objects.create(name="Ash", slug="ash")
        ash = last_commit()
        Park.objects.filter(name="Ash").update(name="Fir")
        with as_of(elm):
            assert [one.name for one in Park.objects.all()] == ["Elm"]
        with as_of(ash):
            assert [one.name for one in Park.objects.all()] == ["Ash"]
        assert [one.name for one in Park.objects.all()] == ["Fir"]


@pytest.mark.parametrize("holds", [False, True])
def test_a_pinned_branch_as_of_a_moment_before_it_was_refreshed(park: Park, holds: bool) -> None:
    pinned = create_branch("pinned", pinned=True)
    upper = create_branch("upper", base=pinned)
    last = last_commit()
    seen: dict[Commit | datetime.datetime, tuple[str, int]] = {}
    for name in ("Elm", "Fir", "Yew"):
        with branch_context(upper):
            seen[timezone.now()] = seen[last] = Park.objects.get().name, Park.objects.get().visitors
        Park.objects.update(name=name)
        with branch_context(upper):
            seen[last_commit()] = seen[last]
        if holds:
            with branch_context(pinned):
                Park.objects.update(visitors=F("visitors") + 1)
        refresh(pinned)
        Area.objects.create(name=name)  # what is seen just after this is what was refreshed
        last = last_commit()
    assert {name for name, _ in seen.values()} == {"Oak", "Elm", "Fir"}
    for moment, shown in seen.items():
        with branch_context(upper), as_of(moment):
            assert (Park.objects.get().name, Park.objects.get().visitors) == shown
    with branch_context(upper):
        assert Park.objects.get().name == "Yew"


def test_the_past_is_read_only(park: Park) -> None:
    with as_of(last_commit()):
        for write in (
            park.save,
            lambda: Park.objects.update(name="x"),
            lambda: Park.objects.all().delete(),
            lambda: Park.objects.bulk_create([Park(name="x", slug="x")]),
        ):
            with pytest.raises(ReadOnly), transaction.atomic():
                write()
    assert Park.objects.get().name == "Oak"


def test_both_tables_of_a_child_are_read(branch: Branch) -> None:
    child = ThemePark.objects.create(name="Mine", slug="mine", theme="West")
    made = last_commit()
    with branch_context(branch):
        child.name, child.theme = "Mill", "North"
        child.save()
        assert ThemePark.objects.filter(name="Mill", theme="North").count() == 1
        ThemePark.objects.filter(theme="North").update(visitors=5, theme="East")
        found = ThemePark.objects.get()
        assert (found.name, found.theme, found.visitors) == ("Mill", "East", 5)
    ThemePark.objects.update(visitors=7)
    ThemePark.objects.get().delete()
    with as_of(made):
        assert ThemePark.objects.get().visitors == 0
    with branch_context(branch):
        assert ThemePark.objects.get().visitors == 5


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL compiles")
def test_statements_are_not_compiled_to_machine_code() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a shape for PostgreSQL's planner")
def test_few_tables_are_joined_with_what_hides_their_rows(park: Park, branch: Branch) -> None:
    """Else its cost looks so high that PostgreSQL would rather sort than hash."""
    with branch_context(branch):
        park.save()
        few = Park.objects.values("area").annotate(n=Count("pk"))
        assert "Anti Join" in few.explain()
        many = few.filter(area__parent__parent__name="North", rides__name="Loop")
        assert "Anti Join" not in many.explain()
        assert not many.exists()


def test_sqlite_reads_tables_that_a_branch_has_not_changed_as_on_main(
    park: Park, branch: Branch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans well without")
    rides = Ride.objects.filter(name="Loop")
    on_main = str(rides.query)
    with branch_context(branch):
        park.save()
        assert str(rides.query) == on_main
        assert str(Park.objects.all().query) != on_main
        Ride.objects.create(name="Loop", park=park)
        assert str(rides.query) != on_main
        assert rides.get().park == park
    assert not rides.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows")
@pytest.mark.parametrize("on_main", [True, False])
def test_rows_are_locked_without_waiting(on_main: bool) -> None:
    branch = create_branch("draft")
    other: Any = connection.copy()
    other.settings_dict["OPTIONS"].pop("pool", None)
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
        lock(other, 0 if on_main else branch.pk)
        with branch_context(None if on_main else branch), transaction.atomic():
            rows = Park.objects.select_for_update(nowait=True)
            assert rows.explain()
            with pytest.raises(OperationalError, match="Somebody else writes"):
                list(rows)
    finally:
        other.close()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows")
def test_what_is_locked_must_be_there_in_a_branch_too() -> None:
    with branch_context(create_branch("draft")), transaction.atomic():
        assert list(Park.objects.select_related("area").select_for_update(of=("self",))) == []
        with pytest.raises(FieldError, match="Invalid field name"):
            list(Park.objects.select_for_update(of=("region",)))


def test_rows_are_made_as_django_makes_them(park: Park) -> None:
    ThemePark.objects.create(name="Elm", slug="elm", theme="Trees", area=park.area)
    for model in (Park, ThemePark):
        names = [field.attname for field in model._meta.concrete_fields]
        row = model.objects.values_list(*names)[0]
        ours = model.from_db("default", names, row)
        djangos_own: Any = super(VersionedModel, model).from_db("default", names, row)
        assert list(ours.__dict__) == list(djangos_own.__dict__)
        states = [made.__dict__.pop("_state") for made in (ours, djangos_own)]
        assert ours.__dict__ == djangos_own.__dict__
        assert [(state.adding, state.db) for state in states] == [(False, "default")] * 2
        deferred = model.objects.only("name").get(slug=row[names.index("slug")])
        assert "description" in deferred.get_deferred_fields()


def test_a_receiver_hears_of_each_row_that_is_read(park: Park) -> None:
    heard: list[Any] = []

    def hear(instance: Any, **_: Any) -> None:
        heard.append(instance)

    models.signals.post_init.connect(hear, sender=Park)
    try:
        (read,) = Park.objects.all()
    finally:
        models.signals.post_init.disconnect(hear, sender=Park)
    assert heard == [read]


@isolate_apps("longhouse.versioning.tests")
def test_a_model_with_an_init_of_its_own_is_made_by_it(park: Park) -> None:
    class Loud(Park):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.loud = self.name.upper()

        class Meta:
            proxy = True
            app_label = "versioning_tests"

    assert [made.loud for made in Loud.objects.all()] == ["OAK"]


def test_a_write_that_fails_spoils_the_transaction_around_it(park: Park) -> None:
    """As with Django: whoever goes on after an error commits no half of a write."""
    with transaction.atomic():
        with contextlib.suppress(IntegrityError):
            Park.objects.create(name="Twin", slug="oak", area=park.area)
        with pytest.raises(transaction.TransactionManagementError):
            Park.objects.count()
    assert Park.objects.count() == 1
