"""Prepared queries give what their querysets give, or run them."""

import datetime
import random
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal

import msgspec
import pytest
from django.db import connection, models
from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum, Value
from django.utils import timezone
from django.utils.safestring import mark_safe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longhouse.prepared import PreparedQuery, prepare
from longhouse.prepared.testing import assert_same_rows, fingerprint
from longhouse.prepared.tests.models import Colour, Maker, Tag, Thing

pytestmark = pytest.mark.django_db

WORDS = ["Fish Tales", "fish", "100%", "under_score", "back\\slash", "Ünïcode", "", "o'neil"]


def a_moment(n: int) -> datetime.datetime:
    return datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(hours=7 * n)


@pytest.fixture
def things() -> list[Thing]:
    chance = random.Random(7)
    makers = [Maker.objects.create(name=name) for name in ("Alpha", "Beta", "Gamma")]
    tags = [Tag.objects.create(word=word) for word in ("rare", "loud")]
    made = [
        Thing(
            name=WORDS[n % len(WORDS)] + (f" {n}" if n % 3 else ""),
            maker=makers[n % 3],
            former=makers[n % 2] if n % 4 else None,
            colour=Colour.values[n % 4],
            price=Decimal(chance.randrange(100_000)) / 100,
            weight=chance.random() * 10,
            size=n % 5,
            is_new=n % 2 == 0,
            made_on=datetime.date(2024, 1, 1 + n % 28) if n % 5 else None,
            made_at=a_moment(n),
            facts={"n": n},
        )
        for n in range(40)
    ]
    Thing.objects.bulk_create(made)
    for n, thing in enumerate(made):
        thing.tags.set(tags[: n % 3])
    return made


COLUMNS = ("id", "name", "maker__name", "price", "weight", "is_new", "made_on", "made_at", "facts")


@prepare
def by_many(
    *,
    maker: int | None,
    colour: Colour | None,
    word: str,
    most: Decimal,
    since: datetime.datetime,
    day: datetime.date | None,
    weight: float,
    sort: Literal["name", "-price"] = "name",
) -> QuerySet[Thing, Any]:
    found = Thing.objects.filter(
        Q(name__icontains=word) | Q(name__istartswith=word) | Q(name__endswith=word) | Q(name=word),
        price__lte=most,
        made_at__gte=since,
        weight__lt=weight,
    )
    if maker is not None:
        found = found.filter(maker=maker)
    if colour is not None:
        found = found.filter(colour=colour)
    if day is not None:
        found = found.filter(made_on__gt=day)
    return found.order_by(sort, "id").values_list(*COLUMNS)


@given(
    maker=st.none() | st.integers(-1, 5),
    colour=st.none() | st.sampled_from(Colour),
    word=st.sampled_from(WORDS) | st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    most=st.decimals(0, 2000, places=2),
    since=st.integers(0, 40).map(a_moment),
    day=st.none() | st.dates(datetime.date(2023, 12, 1), datetime.date(2024, 2, 1)),
    weight=st.floats(0, 12),
    sort=st.sampled_from(["name", "-price"]),
)
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_arguments_give_the_rows_of_the_queryset(things, **values):
    rows = assert_same_rows(by_many, **values)
    assert all(type(row) is tuple for row in rows)


@pytest.mark.parametrize(
    "make",
    [
        lambda found: found.values_list("name", flat=True),
        lambda found: found.values_list("name", "made_at", named=True),
        lambda found: found.values("id", "maker__name", twice=F("size") * 2),
        lambda found: found,
        lambda found: found.select_related("maker", "former"),
        lambda found: found.only("name", "maker").select_related("maker"),
        lambda found: found.defer("facts"),
        lambda found: found.annotate(tag_count=Count("tags"), total=Sum("size") + Value(1)),
        lambda found: found.prefetch_related("tags"),
        lambda found: found.prefetch_related(
            Prefetch("tags", queryset=Tag.objects.filter(word="rare"), to_attr="rare")
        ),
        lambda found: found.filter(tags__word="rare").distinct(),
        lambda found: found.filter(maker__things__size=2).distinct(),
        lambda found: found.exclude(former__name="Alpha"),
    ],
)
def test_every_kind_of_row_is_what_the_queryset_gives(
    things, make: Callable[[Any], Any], django_assert_num_queries
):
    query: PreparedQuery[Any, Any] = prepare(
        lambda size: make(Thing.objects.filter(size__gte=size).order_by("name", "id"))
    )
    for size in (0, 3, 4, 99):
        assert_same_rows(query, size=size)
        assert fingerprint([query.first(size=size)]) == fingerprint(
            [make(Thing.objects.filter(size__gte=size).order_by("name", "id")).first()]
        )


def test_instances_are_live(things):
    query = prepare(lambda name: Thing.objects.filter(name=name))
    thing = query.first(name=things[1].name)
    assert isinstance(thing, Thing)
    thing.size = 4
    thing.save()
    assert Thing.objects.get(pk=thing.pk).size == 4
    assert thing.maker.name == "Beta"


class Card(msgspec.Struct):
    id: uuid.UUID
    name: str
    maker: str
    made_at: datetime.datetime


@prepare(into=Card)
def cards(*, colours: list[str]) -> QuerySet[Thing, Any]:
    return (
        Thing.objects.filter(colour__in=colours)
        .order_by("id")
        .values_list("id", "name", "maker__name", "made_at")
    )


def test_rows_become_structs(things):
    found = cards.all(colours=["red", "blue"])
    assert len(found) == 20
    first = found[0]
    assert isinstance(first, Card)
    thing = Thing.objects.select_related("maker").get(pk=first.id)
    assert first == Card(thing.id, thing.name, thing.maker.name, thing.made_at)


@pytest.mark.parametrize(
    ("colours", "is_plain"),
    [
        ([], True),
        (["red"], False),
        (["red", "grey", "blue"], False),
        (["red", "red"], True),
        (["red", None], True),
    ],
)
def test_a_list_counts_with_its_length(things, colours, is_plain):
    assert bool(cards.why_plain(colours=colours)) is is_plain
    assert_same_rows(cards, colours=colours, may_be_plain=is_plain)


def test_a_prepared_read_builds_no_queryset(things, django_assert_num_queries):
    calls = []

    @prepare
    def of_size(*, size: int) -> QuerySet[Thing, Any]:
        calls.append(size)
        return Thing.objects.filter(size=size).values_list("name")

    of_size.all(size=1)
    seen = len(calls)
    with django_assert_num_queries(20):
        for size in range(20):
            of_size.all(size=size)
    assert len(calls) == seen


@pytest.mark.parametrize(
    ("build", "values", "reason"),
    [
        (lambda q: Thing.objects.filter(name__in=q.split()), {"q": "a b"}, "looks at a value"),
        (lambda q: Thing.objects.filter(name=q) if q else None, {"q": "a"}, "looks at a value"),
        (lambda q: Thing.objects.filter(name="x" if q == "a" else q), {"q": "a"}, "looks at"),
        (lambda n: Thing.objects.all() if n > 3 else Thing.objects.none(), {"n": 4}, "looks at"),
        (lambda n: Thing.objects.filter(size=n + 1), {"n": 2}, "looks at a value"),
        (lambda n: Thing.objects.order_by("id")[n * 2 :], {"n": 2}, "looks at a value"),
        (lambda n: Thing.objects.filter(size=n).none(), {"n": 1}, "finds nothing"),
        (lambda n: Thing.objects.filter(size=n), {"n": 2**63}, "64 bits"),
        (lambda q: Thing.objects.filter(name=q), {"q": mark_safe("100%")}, "no samples"),
        (lambda n: Thing.objects.filter(size=n).select_for_update(), {"n": 1}, "lock"),
    ],
)
def test_what_depends_on_values_runs_plainly(build, values, reason, things):
    query: PreparedQuery[Any, Any] = prepare(build)
    if "lock" in reason and connection.vendor == "postgresql":
        pytest.skip("compiling it wants a transaction of its own")
    if query.why_plain(**values) and "lock" not in reason:
        assert fingerprint(query.all(**values)) == fingerprint(list(build(**values)))
    assert reason in query.why_plain(**values)


@pytest.mark.parametrize(
    ("build", "values"),
    [
        (lambda at: Thing.objects.filter(made_at__date=at), {"at": a_moment(9)}),
        (lambda at: Thing.objects.filter(made_on__gte=at), {"at": a_moment(60)}),
        (lambda n: Thing.objects.filter(size__gte=n), {"n": Decimal("2.5")}),
        (lambda n: Thing.objects.filter(made_at__year=n), {"n": 2024}),
        (lambda n: Thing.objects.filter(size__gte=n), {"n": -1}),
        (lambda n: Thing.objects.filter(size__lte=n), {"n": 40_000}),
        (lambda n: Thing.objects.filter(price=n), {"n": Decimal("99999999.999")}),
        (lambda ids, n: Thing.objects.filter(maker__in=ids, size__lte=n), None),
        (lambda d: Thing.objects.filter(made_at__date=d), {"d": datetime.date(2024, 1, 3)}),
        (
            lambda q: Thing.objects.order_by({"new": "-made_at"}.get(q, "name"), "id"),
            {"q": "new"},
        ),
        (lambda c: Thing.objects.filter(size=1 if c == Colour.GREY else 2), {"c": Colour.GREY}),
        (lambda a, b: Thing.objects.filter(colour__in=[a, b]), {"a": "red", "b": "grey"}),
    ],
)
def test_values_that_are_easy_to_get_wrong(things, build, values):
    query: PreparedQuery[Any, Any] = prepare(lambda **given: build(**given).order_by("name", "id"))
    if "order_by" in build.__code__.co_names:
        query = prepare(build)
    values = values or {"ids": list(range(1, 200)), "n": 3}
    with timezone.override("Asia/Tokyo"):
        assert_same_rows(query, may_be_plain=True, **values)
    with timezone.override("America/New_York"):
        assert_same_rows(query, may_be_plain=True, **values)


def test_a_sliced_builder_is_not_sliced_again(things):
    query = prepare(lambda n: Thing.objects.order_by("id")[:n])
    assert query.first(n=0) is None
    assert len(query.all(n=3)) == 3


def test_a_time_without_zone_runs_plainly(things):
    query = prepare(lambda at: Thing.objects.filter(made_at__gte=at))
    assert "time zone" in query.why_plain(at=a_moment(1).replace(tzinfo=None))


def test_none_shapes_the_query(things):
    query = prepare(lambda former: Thing.objects.filter(former=former))
    assert len(assert_same_rows(query, former=None)) == 10
    assert len(assert_same_rows(query, former=Maker.objects.get(name="Beta").pk)) == 20


def test_a_related_manager_runs_plainly(things):
    maker = Maker.objects.get(name="Beta")
    query = prepare(lambda size: maker.things.filter(size=size))
    assert "related manager" in query.why_plain(size=1)
    assert all("maker" in thing._state.fields_cache for thing in query.all(size=1))


def test_bad_slices_complain_as_the_queryset_does(things):
    query = prepare(lambda size: Thing.objects.filter(size=size).order_by("id"))
    assert query.slice(0, 2, size=1) == list(Thing.objects.filter(size=1).order_by("id")[:2])
    with pytest.raises(ValueError, match="Negative"):
        query.slice(-1, 2, size=1)
    assert query.slice(5, 0, size=1) == []


def test_queries_are_logged(things, django_assert_num_queries):
    query = prepare(lambda size: Thing.objects.filter(size=size))
    query.all(size=1)
    with django_assert_num_queries(1) as captured:
        query.all(size=2)
    assert "prepared_tests_thing" in captured[0]["sql"]


def test_the_number_of_kept_statements_is_bounded(things, monkeypatch):
    monkeypatch.setattr("longhouse.prepared.query.MAX_SHAPES", 3)
    query = prepare(lambda sizes: Thing.objects.filter(size__in=sizes).order_by("id"))
    for length in range(1, 6):
        assert_same_rows(query, sizes=list(range(length)), may_be_plain=True)
    assert len(query._plans) == 3


def test_another_database_has_its_own_statement(things, settings):
    query = prepare(lambda size: Thing.objects.using("default").filter(size=size))
    assert query.count(size=1) == 8
    routed = prepare(lambda size: Thing.objects.filter(size=size))
    settings.DATABASE_ROUTERS = [f"{__name__}.Elsewhere"]
    with pytest.raises(Exception, match="elsewhere"):
        routed.count(size=1)
    settings.DATABASE_ROUTERS = []
    assert routed.count(size=1) == 8


class Elsewhere:
    def db_for_read(self, model: type[models.Model], **hints: object) -> str:
        return "elsewhere"


def test_moments_are_aware_whatever_the_columns_say(things):
    query = prepare(lambda size: Thing.objects.filter(size=size).values_list("made_at", flat=True))
    assert all(timezone.is_aware(moment) for moment in query.all(size=1))


# Rows that will be JSON ----------------------------------------------------------------------


class Plate(msgspec.Struct):
    id: Any
    owner: Any
    former: Any
    price: Any
    weight: Any
    is_new: Any
    made_on: Any
    made_at: Any
    facts: Any
    twice: Any
    latest: Any


@prepare(into=Plate, for_json=True)
def plates(*, least: int) -> QuerySet[Thing, Any]:
    return (
        Thing.objects.filter(size__gte=least)
        .annotate(twice=F("price") * 2, latest=models.functions.Greatest("made_at", "made_at"))
        .order_by("name", "id")
        .values_list(
            *("id", "maker__name", "former_id", "price", "weight", "is_new", "made_on"),
            *("made_at", "facts", "twice", "latest"),
        )
    )


@given(
    price=st.decimals(-99_999_999, 99_999_999, places=2),
    made_at=st.datetimes(timezones=st.just(datetime.UTC)),
    made_on=st.none() | st.dates(),
    is_new=st.booleans(),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_rows_for_json_give_the_same_json(things, **changes):
    Thing.objects.filter(pk__in=[thing.pk for thing in things[::3]]).update(**changes)
    rows = assert_same_rows(plates, least=0)
    assert len(rows) == len(things)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a type for times")
@pytest.mark.parametrize(
    "text", ["2024-01-31T12:30:00", "2024-01-31 12:30:00.5", "2024-01-31 12:30:00+02:00"]
)
def test_times_that_django_did_not_write_are_read_as_ever(things, text):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE prepared_tests_thing SET made_at = %s", [text])
    written = msgspec.json.encode([plate.made_at for plate in plates.slice(0, 1, least=0)])
    read = datetime.datetime.fromisoformat(text)
    read = read if read.tzinfo else read.replace(tzinfo=datetime.UTC)
    assert msgspec.json.decode(written, type=list[datetime.datetime]) == [read]
