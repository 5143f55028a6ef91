"""bulk_update: what Django's does, in one node for all rows."""

import datetime
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Case, F, Value, When
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from longhouse.versioning.branches import branch_context, create_branch
from longhouse.versioning.bulk import ByKey, by_key
from longhouse.versioning.tests.models import Area, Park, PlainArea, PlainPark, Tag, ThemePark

pytestmark = pytest.mark.django_db
FIELDS = ["name", "hectares", "visitors", "is_open", "opened_on", "facts", "area"]


def change(model: Any, areas: Any) -> list[tuple[Any, ...]]:
    """Change five parks in every field, some to nothing; what they are then."""
    there = areas.objects.create(name="There")
    parks = [model.objects.create(name=f"Park {n}", slug=f"park-{n}") for n in range(5)]
    for number, park in enumerate(parks):
        park.name = f'50% of {number}\'s "oaks"'
        park.hectares = Decimal("0.10") * number
        park.visitors = number
        park.is_open = number > 2
        park.opened_on = datetime.date(1999, 5, 1) if number % 2 else None
        park.facts = {"oaks": [number, None, "%s"]}
        park.area = there if number % 2 else None
    parks.append(parks[1])  # twice the same
    assert model.objects.bulk_update(parks, FIELDS, batch_size=3) == 6
    return list(model.objects.order_by("slug").values_list(*FIELDS[:-1], "area__name"))


def test_every_kind_of_value_is_written_as_django_writes_it() -> None:
    assert change(PlainPark, PlainArea) == change(Park, Area)


def test_rows_of_a_branch_are_updated() -> None:
    areas = [Area.objects.create(name=name) for name in ("A", "B")]
    with branch_context(create_branch("draft")):
        for area in areas:
            area.name += "1"
        assert Area.objects.bulk_update(areas, ["name"]) == 2
        assert set(Area.objects.values_list("name", flat=True)) == {"A1", "B1"}
    assert set(Area.objects.values_list("name", flat=True)) == {"A", "B"}


def test_keys_that_are_no_numbers_and_tables_of_two_parts() -> None:
    tags = [Tag.objects.create(id=uuid.uuid4(), word="a") for _ in range(3)]
    for number, tag in enumerate(tags):
        tag.word = str(number)
    Tag.objects.bulk_update(tags, ["word"])
    assert [Tag.objects.get(pk=tag.pk).word for tag in tags] == ["0", "1", "2"]
    parks = [ThemePark.objects.create(name=x, slug=x, theme="") for x in "ab"]
    for park in parks:
        park.name, park.theme = park.name * 2, park.name * 3
    assert ThemePark.objects.bulk_update(parks, ["name", "theme"]) == 2
    assert list(ThemePark.objects.order_by("pk").values_list("name", "theme")) == [
        ("aa", "aaa"),
        ("bb", "bbb"),
    ]


def test_a_key_is_named_once_for_all_rows() -> None:
    areas = [Area.objects.create(name=str(number)) for number in range(4)]
    with CaptureQueriesContext(connection) as queries:
        Area.objects.bulk_update(areas, ["country"])
    (text,) = [query["sql"] for query in queries if "CASE" in query["sql"]]
    assert text.count("WHEN") == 4
    assert text.count('CASE "versioning_tests_area"."id" WHEN') == 1


def test_expressions_among_the_values_stay_expressions() -> None:
    areas = [Area.objects.create(name=name) for name in ("a", "b")]
    areas[0].name = Upper(F("name"))
    areas[1].name = "c"
    Area.objects.bulk_update(areas, ["name"])
    assert set(Area.objects.values_list("name", flat=True)) == {"A", "c"}


def test_other_cases_are_left_alone() -> None:
    name = Area._meta.get_field("name")
    value = Value("x", output_field=name)
    alike = Case(When(pk=1, then=value), output_field=name)
    assert isinstance(by_key(alike), ByKey)
    for case in (
        Case(When(pk=1, then=value)),
        Case(When(pk=1, then=value), default=F("name"), output_field=name),
        Case(When(pk=F("parent"), then=value), output_field=name),
        Case(When(pk=Area(pk=1), then=value), output_field=name),
        Case(When(pk__gt=1, then=value), output_field=name),
        Case(When(pk=1, country="ES", then=value), output_field=name),
        Case(When(pk=1, then=Value("x")), output_field=name),
        Case(When(pk=1, then=F("country")), output_field=name),
        Value("x"),
        "x",
    ):
        assert by_key(case) is case
