"""Writes the facts to the wiki, as one change, and a few proposals beside it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.text import slugify

from apps.users.models import User
from apps.wiki.demo import facts, rides_of_america, rides_of_the_world
from apps.wiki.demo.parks import OPERATORS, PARKS
from apps.wiki.models import Area, Company, Park, Ride, RideEvent
from longhouse.versioning import reviews
from longhouse.versioning.batch import BatchOperation, Create
from longhouse.versioning.branches import branch_context, create_branch
from longhouse.versioning.commits import attributed, one_commit

RIDES = [*rides_of_america.RIDES, *rides_of_the_world.RIDES]


def is_loaded() -> bool:
    return Park.objects.exists()


def load(*, now: datetime) -> str:
    people = {user.email.partition("@")[0]: user for user in User.objects.all()}
    with (
        reviews.unprotected(),
        BatchOperation(message="The first parks and rides", author=people["admin"]) as batch,
    ):
        batch.process_changes(_facts())
    reviews.protect()
    _propose(people)
    return f"{len(PARKS)} parks and {len(RIDES)} rides"


def _facts() -> list[Create]:
    rows: list[Model] = []
    companies: dict[str, Company] = {}
    for name, country in OPERATORS.items():
        companies[name] = Company(name=name, country=country, is_operator=True)
    for name, (country, founded) in facts.MAKERS.items():
        companies[name] = Company(name=name, country=country, founded=founded, is_manufacturer=True)
    rows += companies.values()
    parks: dict[str, Park] = {}
    for name, city, country, opened, operator, latitude, longitude in PARKS:
        parks[name] = Park(
            name=name,
            city=city,
            country=country,
            opened=opened,
            operator=companies.get(operator),
            latitude=Decimal(str(latitude)),
            longitude=Decimal(str(longitude)),
            text=facts.TEXTS.get(name, ""),
        )
    rows += parks.values()
    areas = {
        (park, name): Area(park=parks[park], name=name)
        for park, names in facts.AREAS.items()
        for name in names
    }
    rows += areas.values()
    rides: dict[tuple[str, str], Ride] = {}
    for park, name, kind, opened, maker, height, speed, length, inversions in RIDES:
        rides[park, name] = Ride(
            park=parks[park],
            name=name,
            kind=kind,
            opened=opened,
            manufacturer=companies[maker] if maker else None,
            height_m=_decimal(height),
            speed_kmh=_decimal(speed),
            length_m=_decimal(length),
            inversions=inversions,
            area=areas.get((park, facts.IN_AREAS.get((park, name), ""))),
        )
    rows += rides.values()
    for row in rows:
        row.slug = slugify(row.name)  # type: ignore[attr-defined]
    rows += [
        RideEvent(ride=rides[park, ride], date=date, kind=kind, text=text)
        for park, ride, date, kind, text in facts.EVENTS
    ]
    return [Create(row) for row in rows]


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _propose(people: dict[str, User]) -> None:
    """One proposal that waits for a review, a draft, and one that conflicts with what came since."""
    visitor, second, admin = people["visitor"], people["second"], people["admin"]
    waiting = create_branch("more-about-taron", title="More about Taron", owner=visitor)
    with branch_context(waiting), attributed(author=visitor, message="Tell what it is"):
        Ride.objects.filter(slug="taron").update(
            text="Two launches, and a course that crosses itself over and over between basalt walls."
        )
    reviews.submit(waiting, by=visitor)
    draft = create_branch("towers-of-alton", title="What Alton Towers was before", owner=visitor)
    with branch_context(draft), attributed(author=visitor, message="The house and its gardens"):
        Park.objects.filter(slug="alton-towers").update(
            text="The gardens of a country house, open to visitors since the 19th century."
        )
    late = create_branch("silver-star-speed", title="Speed of Silver Star", owner=second)
    with branch_context(late), attributed(author=second, message="By another source"):
        Ride.objects.filter(slug="silver-star").update(speed_kmh=Decimal(127))
    with reviews.unprotected(), one_commit(author=admin, message="As the park says"):
        Ride.objects.filter(slug="silver-star").update(speed_kmh=Decimal("129.9"))
    reviews.submit(late, by=second)
