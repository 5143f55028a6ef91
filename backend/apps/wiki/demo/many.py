"""Invented parks and rides, as many as one likes: to see how the pages do when there are many."""

import random
from collections.abc import Iterator
from decimal import Decimal

from django.utils.text import slugify

from apps.wiki.models import Company, Park, Ride
from longhouse.versioning.batch import BatchOperation, Create
from longhouse.versioning.reviews import unprotected

RIDES_OF_A_PARK = 50
_FIRST = (
    "Amber", "Black", "Brave", "Copper", "Crimson", "Distant", "Emerald", "Flying", "Golden",
    "Grand", "Hidden", "Iron", "Last", "Lost", "Midnight", "Northern", "Old", "Quiet", "Royal",
    "Silver", "Thunder", "Wandering", "White", "Wild", "Winter",
)  # fmt: skip
_SECOND = (
    "Arrow", "Bear", "Canyon", "Comet", "Dragon", "Eagle", "Falcon", "Forest", "Fox", "Galaxy",
    "Harbour", "Lantern", "Mountain", "Otter", "Phoenix", "Pirate", "Raven", "River", "Rocket",
    "Storm", "Temple", "Tower", "Valley", "Voyage", "Whale",
)  # fmt: skip
_COUNTRIES = ("AU", "BE", "BR", "CA", "CN", "DE", "DK", "ES", "FR", "GB", "IT", "JP", "NL", "US")


def fill(rides: int, *, seed: int = 1) -> int:
    """Invent rides until there are `rides`, and the parks that they need; gives how many it made.

    They go to the parks that are there too, in turn. The same `seed` gives the same rides. One
    commit; memory and time grow with the number.
    """
    missing = rides - Ride.objects.count()
    if missing <= 0:
        return 0
    with unprotected(), BatchOperation(message=f"{missing} invented rides") as batch:
        batch.process_changes(Create(row) for row in _rows(missing, rides, random.Random(seed)))
    return missing


def _rows(missing: int, rides: int, chance: random.Random) -> Iterator[Park | Ride]:
    parks = list(Park.objects.order_by("slug"))
    makers = list(Company.objects.filter(is_manufacturer=True).order_by("slug"))
    for number in range(len(parks), max(1, rides // RIDES_OF_A_PARK)):
        name = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} Park {number}"
        park = Park(
            name=name,
            slug=slugify(name),
            city=f"{chance.choice(_SECOND)}ton",
            country=chance.choice(_COUNTRIES),
            opened=str(chance.randrange(1900, 2026)),
        )
        parks.append(park)
        yield park
    for number in range(missing):
        name = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {number}"
        yield Ride(
            park=parks[number % len(parks)],
            name=name,
            slug=slugify(name),
            kind=chance.choice(Ride.Kind.values),
            manufacturer=chance.choice(makers) if makers else None,
            height_m=Decimal(chance.randrange(20, 1500)) / 10,
            speed_kmh=Decimal(chance.randrange(100, 2400)) / 10,
            length_m=Decimal(chance.randrange(500, 25000)) / 10,
            opened=str(chance.randrange(1900, 2026)),
        )
