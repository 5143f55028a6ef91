"""Raw SQL in branches and in the past."""

from typing import Any

import pytest
from django.db import NotSupportedError, connection
from django.db.models.expressions import RawSQL

from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.models import Branch, Commit
from longhouse.versioning.raw import visible
from longhouse.versioning.tests.models import Area, Park, Ride

pytestmark = pytest.mark.django_db
PARK, AREA, RIDE = (model._meta.db_table for model in (Park, Area, Ride))
NAMES = f"SELECT id, name FROM {PARK} ORDER BY name DESC"
UP = "up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 2)"
SCHEMA = "main" if connection.vendor == "sqlite" else "public"


@pytest.fixture
def branch() -> Branch:
    """Main has Fir and Oak in North; the branch Ash and Elm, which was Oak, and a ride there."""
    area = Area.objects.create(name="North")
    oak = Park.objects.create(name="Oak", slug="oak", area=area, visitors=10)
    fir = Park.objects.create(name="Fir", slug="fir", area=area)
    draft = create_branch("draft")
    with branch_context(draft):
        Park.objects.filter(pk=oak.pk).update(name="Elm")
        Park.objects.filter(pk=fir.pk).delete()
        Park.objects.create(name="Ash", slug="ash", area=area)
        Ride.objects.create(name="Loop", park=oak)
    return draft


def fetched(statement: str, params: Any = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(visible(statement), params)
        return [row[0] for row in cursor.fetchall()]


def test_raw_querysets_read_what_is_active(branch: Branch) -> None:
    def names() -> list[str]:
        return [park.name for park in Park.objects.raw(NAMES)]

    assert names() == ["Oak", "Fir"]
    with branch_context(branch):
        assert names() == ["Elm", "Ash"]
        with branch_context(None):
            assert names() == ["Oak", "Fir"]
    first = Commit.objects.earliest("pk")
    Park.objects.update(name="Yew", is_open=False)
    with as_of(first.pk + 2):
        assert names() == ["Oak", "Fir"]
    assert names() == ["Yew", "Yew"]


def test_raw_querysets_are_bound_as_others_are(branch: Branch) -> None:
    bound = Park.objects.in_branch(branch).raw(NAMES).prefetch_related("rides")
    found = {park.name: [ride.name for ride in park.rides.all()] for park in bound}
    assert found == {"Elm": ["Loop"], "Ash": []}
    with branch_context(branch):
        on_main = Park.objects.in_branch(None).raw(NAMES).using("default")
        assert [park.name for park in on_main] == ["Oak", "Fir"]


def test_parameters_columns_and_fields_that_are_left_out(branch: Branch) -> None:
    statement = f"SELECT id, upper(name) AS loud FROM {PARK} WHERE name LIKE %s AND name LIKE '%%m'"
    with branch_context(branch):
        found = Park.objects.raw(statement, ["E%"])
        assert found.columns == ["id", "loud"]
        (park,) = found
        assert (park.loud, park.slug) == ("ELM", "oak")


@pytest.mark.parametrize(
    ("statement", "on_main", "in_branch"),
    [
        (f'SELECT name FROM "{PARK}" ORDER BY 1;', ["Fir", "Oak"], ["Ash", "Elm"]),
        (f"-- those\nSELECT name FROM {PARK.upper()} ORDER BY 1 -- all",
         ["Fir", "Oak"], ["Ash", "Elm"]),
        (f"SELECT r.name FROM {PARK} p JOIN {RIDE} r ON r.park_id = p.id", [], ["Loop"]),
        (f"SELECT count(*) FROM {PARK} a, {PARK} b", [4], [4]),
        (f"SELECT p.name FROM {AREA} a LEFT JOIN {PARK} p ON p.area_id = a.id ORDER BY 1",
         ["Fir", "Oak"], ["Ash", "Elm"]),
        (f"/* own */ WITH few AS (SELECT * FROM {PARK}) SELECT name FROM few ORDER BY 1",
         ["Fir", "Oak"], ["Ash", "Elm"]),
        (f"WITH RECURSIVE {UP} SELECT name FROM {PARK} JOIN up ON n = 2 ORDER BY 1 LIMIT 1",
         ["Fir"], ["Ash"]),
        (f"SELECT name FROM {PARK} WHERE slug <> 'DELETE FROM {PARK}' ORDER BY 1",
         ["Fir", "Oak"], ["Ash", "Elm"]),
        ("SELECT 7", [7], [7]),
    ],
)  # fmt: skip
def test_cursors_read_what_is_active(
    branch: Branch, statement: str, on_main: list[Any], in_branch: list[Any]
) -> None:
    assert visible(statement) == statement
    assert fetched(statement) == on_main
    with branch_context(branch):
        assert fetched(statement) == in_branch
    pinned = create_branch("pinned", pinned=True)
    Park.objects.update(name="Yew", is_open=False)
    with branch_context(create_branch("upper", base=pinned)):
        assert fetched(statement) == on_main


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {PARK} SET name = 'x'",
        f"DELETE FROM {PARK}",
        f"INSERT INTO {PARK} (name) VALUES ('x')",
        f"INSERT OR REPLACE INTO {PARK} (name) VALUES ('x')",
        f"WITH old AS (SELECT 1) DELETE FROM {PARK}",
        f"TRUNCATE {PARK}",
        f"SELECT name FROM {SCHEMA}.{PARK}",
        f'SELECT 1 FROM {RIDE} r JOIN "{SCHEMA}"."{PARK}" p ON p.id = r.park_id',
    ],
)
def test_what_would_pass_the_branch_by_is_refused(branch: Branch, statement: str) -> None:
    with branch_context(branch):
        with pytest.raises(NotSupportedError):
            visible(statement)
        with pytest.raises(NotSupportedError):
            list(Park.objects.raw(statement))
    assert visible(statement) == statement


def test_expressions_read_the_branch_of_their_query(branch: Branch) -> None:
    rides = RawSQL(f"SELECT count(*) FROM {RIDE} r WHERE r.park_id = {PARK}.id", [])  # noqa: S611
    keys = RawSQL(f"SELECT park_id FROM {RIDE} WHERE name = %s", ["Loop"])  # noqa: S611
    longer = RawSQL(f"length({PARK}.name) + %s", [1])  # noqa: S611
    with branch_context(branch):
        found = Park.objects.annotate(n=rides, k=longer).order_by("n").values_list("name", "n", "k")
        assert list(found) == [("Ash", 0, 4), ("Elm", 1, 4)]
        assert Park.objects.get(pk__in=keys).name == "Elm"
        assert Park.objects.filter(pk__in=keys).update(visitors=77) == 1
        assert Park.objects.get(visitors=77).name == "Elm"
        counted = Park.objects.extra(  # noqa: S610
            select={"all": f"SELECT count(*) FROM {RIDE}"}, where=[f"{PARK}.name LIKE 'E%%'"]
        )
        assert [one.all for one in counted] == [1]
    assert not Park.objects.filter(pk__in=keys).exists()


def test_conditions_and_expressions_read_the_branch_wherever_they_do(branch: Branch) -> None:
    within = f"{PARK}.id IN (SELECT park_id FROM {RIDE} WHERE name = %s)"
    filtered = Park.objects.extra(where=[within], params=["Loop"])  # noqa: S610
    twice = RawSQL(f"2 * (SELECT count(*) FROM {RIDE} r WHERE r.park_id = {PARK}.id)", [])  # noqa: S611
    assert not filtered.exists()
    with branch_context(branch):
        assert [park.name for park in filtered.annotate(n=twice)] == ["Elm"]
        assert filtered.annotate(n=twice).get().n == 2
