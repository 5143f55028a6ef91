"""What every system is asked to do; as it stands, without history."""

import datetime
import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from bench.models import Area, Park
from django.db import connection, transaction
from django.db.models import F

AREAS = 200
WORDS = ("amber", "birch", "creek", "dune", "ember", "fern", "grove", "heath", "iris", "juniper")
chance = random.Random(1)
PAGE, LIST, BATCH = 25, 100, 500


def parks(first: int, count: int) -> list[Any]:
    return [
        Park(
            name=f"{chance.choice(WORDS)} {chance.choice(WORDS)} {number}",
            slug=f"park-{number}",
            description=" ".join(chance.choices(WORDS, k=33)),
            hectares=number % 1000,
            visitors=chance.randrange(5_000_000),
            is_open=number % 10 > 0,
            opened_on=datetime.date(1950 + number % 70, 1, 1),
            area_id=1 + number % AREAS,
        )
        for number in range(first, first + count)
    ]


class Work:
    def __init__(self) -> None:
        self.rows = 0
        self.moment = datetime.datetime.now(datetime.UTC)

    # What systems do in ways of their own ------------------------------------------------------

    def writing(self) -> AbstractContextManager[Any]:
        """Around what is one change by one person."""
        return transaction.atomic()

    def create(self, found: Sequence[Any]) -> None:
        with self.writing():
            Park.objects.bulk_create(found, batch_size=1000)

    def change(self, found: Sequence[Any]) -> None:
        with self.writing():
            Park.objects.bulk_update(found, ["visitors", "name"], batch_size=BATCH)

    def update(self) -> None:
        with self.writing():
            Park.objects.update(visitors=F("visitors") + 1)

    def then(self) -> Any:
        """Parks as they were at the moment: a queryset."""
        return Park.objects.all()

    def page(self) -> list[Any]:
        """The last versions of one row, with what has changed."""
        return list(Park.objects.order_by("-pk")[:PAGE])

    # What is measured --------------------------------------------------------------------------

    def as_of_list(self) -> list[Any]:
        return list(self.then().filter(is_open=True).order_by("-visitors")[:LIST])

    def as_of_ids(self) -> list[Any]:
        return list(self.then().filter(id__in=range(100, 100 + LIST)))

    def save(self) -> None:
        self.park.visitors += 1
        self.park.name = f"saved {self.park.visitors}"
        with self.writing():
            self.park.save()

    def prepare_bulk_create(self, count: int) -> list[Any]:
        self.rows += count
        return parks(self.rows - count + 1, count)

    def bulk_create(self, given: list[Any]) -> None:
        self.create(given)

    def prepare_bulk_update(self, count: int) -> list[Any]:
        return self.changed(count)

    def bulk_update(self, given: list[Any]) -> None:
        self.change(given)

    # Preparation -------------------------------------------------------------------------------

    def fill(self, rows: int) -> None:
        Area.objects.bulk_create(Area(name=f"A{number}") for number in range(AREAS))
        self.more(rows)

    def more(self, count: int) -> None:
        self.create(parks(self.rows + 1, count))
        self.rows += count

    def changed(self, count: int) -> list[Any]:
        """Rows with other values, which are not saved yet."""
        found = list(Park.objects.order_by("pk")[:count])
        for park in found:
            park.visitors += 1
            park.name = f"{park.name[:100]}."
        return found

    def age(self) -> None:
        """Three changes of all rows, the moment after the first, and many of one."""
        for number in range(3):
            self.change(self.changed(self.rows))
            if number == 0:
                self.moment = datetime.datetime.now(datetime.UTC)
        for number in range(100):
            park = Park.objects.get(pk=1)
            park.visitors, park.name = number, f"name {number}"
            with self.writing():
                park.save()
        self.park = Park.objects.get(pk=77)
        self.settle()

    def settle(self) -> None:
        """Planners know what there is."""
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")

    def check(self) -> None:
        """Each answer is there before any is measured."""
        answers: Iterable[Callable[[], list[Any]]] = (self.as_of_list, self.as_of_ids)
        for answer in answers:
            assert len(answer()) == LIST, answer.__name__
        assert len(self.page()) == PAGE
