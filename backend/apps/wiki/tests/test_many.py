"""With many rides: pages ask the database as often as with few, and show as much."""

import pytest
from django.core.management import CommandError, call_command

from apps.wiki.demo.many import fill
from apps.wiki.models import Park, Ride
from longhouse.versioning.models import Commit
from longhouse.versioning.reviews import unprotected

pytestmark = pytest.mark.django_db


def facts():
    return list(Ride.objects.order_by("pk").values_list("name", "slug", "kind", "height_m"))


def test_rides_are_invented_until_there_are_as_many_in_one_commit(park):
    before = Commit.objects.count()
    assert (fill(150), Ride.objects.count(), Park.objects.count()) == (149, 150, 3)
    assert Commit.objects.count() == before + 1
    assert fill(150) == 0


def test_the_same_seed_invents_the_same(park):
    fill(20)
    first = facts()
    with unprotected():
        Ride.objects.exclude(slug="loop").delete()
    fill(20)
    assert facts() == first
    with unprotected():
        Ride.objects.exclude(slug="loop").delete()
    fill(20, seed=2)
    assert facts() != first


def test_nobody_fills_a_house_in_production_by_mistake(db, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--force"):
        call_command("fill_wiki", 10)
    assert not Ride.objects.exists()


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/wiki/", 7),
        ("/wiki/rides/", 3),
        ("/wiki/rides/?q=storm&order=-height_m", 3),
        ("/wiki/parks/", 2),
        ("/wiki/parks/oak-park/", 5),
        ("/wiki/parks/oak-park/rides/loop/", 6),
        ("/wiki/search/?q=storm", 7),
    ],
)
def test_a_page_asks_as_often_as_with_few(client, park, django_assert_num_queries, path, queries):
    fill(400)
    with django_assert_num_queries(queries):
        answer = client.get(path)
    assert len(answer.content) < 60_000
