"""A page is joined after it was cut out only where that cannot change it."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from longhouse.prepared import PreparedQuery, prepare
from longhouse.prepared.query import Plan
from longhouse.prepared.tests.models import Borrowed, Maker, Tag, Thing

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="pages of SQLite alone are one row"),
]


@pytest.fixture
def things() -> None:
    makers = [Maker.objects.create(name=name) for name in ("Beta", "Alpha", "Gamma")]
    tags = [Tag.objects.create(word=word) for word in ("rare", "loud")]
    for n in range(30):
        thing = Thing.objects.create(
            name=f"Thing {n * 7 % 30}",
            maker=makers[n % 3],
            former=makers[n % 2] if n % 4 else None,
            price=n,
            weight=n,
            size=n % 5,
            made_at="2024-01-01T00:00:00Z",
        )
        thing.tags.set(tags[: n % 3])


def words_of_a_thing() -> QuerySet[Tag, Any]:
    return Tag.objects.filter(things=OuterRef("pk")).order_by("-word").values("word")


def ordered(*order: Any) -> QuerySet[Thing]:
    return Thing.objects.order_by(*order)


def unordered() -> QuerySet[Thing]:
    """Rows in no order; SQLite gives them in that of its own row numbers."""
    return Thing.objects.order_by()


LATE: dict[str, Callable[[], QuerySet[Any, Any]]] = {
    "a key that is always there": lambda: ordered("name").values_list("id", "maker__name"),
    "a key that may be missing": lambda: ordered("-size", "name").values_list("former__name", "id"),
    "no order": lambda: unordered().values_list("maker__name"),
    "two ways to one table": lambda: ordered("name").values_list("maker__name", "former__name"),
    "a condition on the rows alone": lambda: (
        ordered("name").filter(size__gte=1).values_list("former__name")
    ),
    "a condition in a subquery": lambda: (
        ordered("name")
        .filter(maker__in=Maker.objects.filter(name__lt="C"))
        .values_list("maker__name")
    ),
}
AT_ONCE: dict[str, Callable[[], QuerySet[Any, Any]]] = {
    "ordered by what it is joined to": lambda: ordered("maker__name", "name").values_list("name"),
    "a condition on what it is joined to": lambda: (
        ordered("name").filter(maker__name="Alpha").values_list("name", "maker__name")
    ),
    "a condition in words of SQL": lambda: (
        ordered("name")
        .filter(maker__in=RawSQL("SELECT prepared_tests_maker.id", ()))
        .values_list("name", "maker__name")
    ),
    "an order by a subquery": lambda: ordered(Subquery(words_of_a_thing()[:1]), "id").values_list(
        "id", "maker__name"
    ),
    "a condition in an ordered subquery": lambda: (
        unordered()
        .filter(size__in=Thing.objects.order_by("-size").values("size").distinct()[:2])
        .values_list("id", "maker__name")
    ),
    "a union": lambda: (
        unordered()
        .values_list("name", "maker__name")
        .union(unordered().values_list("name", "colour"))
    ),
    "a table that somebody else made": lambda: Borrowed.objects.order_by("id").values_list(
        "id", "maker__name"
    ),
    "a key that leaves rows out": lambda: (
        ordered("name").filter(former__isnull=False).values_list("former__name")
    ),
    "many rows for one": lambda: ordered("name", "tags").values_list("name", "tags__id"),
    "many rows for one, backwards": lambda: Maker.objects.order_by("name", "pk").values_list(
        "name", "former_things__name"
    ),
    "a join with a condition": lambda: (
        ordered("name")
        .annotate(old=FilteredRelation("former", condition=Q(former__name="Beta")))
        .values_list("name", "old__name")
    ),
    "groups": lambda: (
        ordered("maker__name")
        .values("maker__name")
        .annotate(n=Count("id"))
        .values_list("maker__name")
    ),
    "a count of each": lambda: (
        ordered("name").annotate(n=Count("tags")).values_list("name", "maker__name", "n")
    ),
    "each value once": lambda: (
        ordered("maker_id").values_list("maker__name", "maker_id").distinct()
    ),
    "an order by a calculation": lambda: (
        ordered("name").order_by(F("size") * 2, "name").values_list("name", "maker__name")
    ),
}


def statement_of(query: PreparedQuery[Any, Any]) -> str:
    plan = next(iter(query._plans.values()))
    assert isinstance(plan, Plan)
    assert plan.rows is not None
    assert plan.rows.in_one_row
    return plan.statement.sql


@pytest.mark.parametrize("name", [*LATE, *AT_ONCE])
def test_every_page_is_the_queryset_s(things: None, name: str) -> None:
    builder = (LATE | AT_ONCE)[name]
    query: Any = prepare(into=lambda *row: row, for_json=True)(builder)
    whole = [tuple(row) for row in builder()]
    for start in range(0, len(whole) + 4, 4):
        rows = query.slice(start, 4)
        assert msgspec.json.encode(rows) == msgspec.json.encode(whole[start : start + 4])
    is_late = " LIMIT %s OFFSET %s) AS " in statement_of(query)
    assert is_late == (name in LATE)
