"""Watching pages: whose changes touch which of them."""

import pytest

from apps.accounts import personal_data
from apps.wiki.models import Area, Company, Park, Ride, RideEvent, Watch
from apps.wiki.services import watching
from apps.wiki.tests.people import client_of, draft_of, merged
from longhouse.versioning.commits import one_commit
from longhouse.versioning.models import Commit
from longhouse.versioning.reviews import unprotected


def touched(commit: Commit) -> set[str]:
    return {one.kind for one in watching.touched_by(commit)}


def direct(do) -> set[str]:
    """What is touched by a change made at main."""
    with unprotected(), one_commit():
        do()
    return touched(Commit.objects.filter(branch=None).latest("pk"))


@pytest.fixture
def watches(ride, park, writer):
    for row in (ride, park, ride.manufacturer):
        watching.watch(row, by=writer)
    return writer


def test_a_page_is_watched_once_and_no_more(client, park, writer):
    client = client_of(writer)
    for _ in range(2):
        assert client.post(f"/wiki/watch/park/{park.pk}/").status_code == 303
    assert Watch.objects.count() == 1
    assert "Stop watching" in client.get("/wiki/parks/oak-park/").content.decode()
    assert "Oak Park" in client.get("/wiki/my/watched/").content.decode()
    client.post(f"/wiki/unwatch/park/{park.pk}/")
    assert not Watch.objects.exists()
    assert "Stop watching" not in client.get("/wiki/parks/oak-park/").content.decode()


def test_everybody_watches_their_own(park, writer, other):
    watching.watch(park, by=writer)
    client = client_of(other)
    client.post(f"/wiki/unwatch/park/{park.pk}/")
    assert Watch.objects.get().user == writer
    assert "Oak Park" not in client.get("/wiki/my/watched/").content.decode()


@pytest.mark.parametrize("kind", ["area", "user", "photo"])
def test_only_pages_are_watched(park, writer, kind):
    assert client_of(writer).post(f"/wiki/watch/{kind}/{park.pk}/").status_code == 404


def test_nobody_watches_without_end(park, ride, writer, monkeypatch):
    monkeypatch.setattr(watching, "MOST", 1)
    client = client_of(writer)
    client.post(f"/wiki/watch/park/{park.pk}/")
    told = client.post(f"/wiki/watch/ride/{ride.pk}/", follow=True).content.decode()
    assert "You watch 1 pages" in told
    assert Watch.objects.count() == 1


def test_a_change_touches_the_pages_it_is_seen_on(watches, park, ride):
    assert direct(lambda: Park.objects.update(city="Elmham")) == {"park"}
    assert direct(lambda: Ride.objects.update(height_m=40)) == {"park", "ride"}
    assert direct(lambda: Area.objects.create(park=park, name="Lake", slug="lake")) == {"park"}
    assert direct(lambda: RideEvent.objects.create(ride=ride, date="1999", kind="opened")) == {
        "ride"
    }
    assert direct(lambda: RideEvent.objects.all().delete()) == {"ride"}
    assert direct(lambda: Company.objects.update(founded="1901")) == {"company"}
    assert direct(lambda: Company.objects.create(name="Other", slug="other")) == set()


def test_a_ride_that_moves_touches_the_park_it_leaves(watches, park, ride):
    elsewhere = {}

    def found():
        elsewhere["park"] = Park.objects.create(name="Elm Park", slug="elm-park")

    direct(found)
    assert direct(lambda: Ride.objects.update(park=elsewhere["park"])) == {"park", "ride"}
    assert direct(lambda: Ride.objects.update(height_m=50)) == {"ride"}


def test_what_is_deleted_is_touched_and_told_to_be_gone(watches, park):
    assert direct(park.delete) == {"park", "ride"}
    page = client_of(watches).get("/wiki/my/watched/").content.decode()
    assert "A park that is gone" in page


def test_a_draft_touches_nothing_until_it_is_merged(watches, park, other, editor):
    draft = draft_of(other, park, city="Elmham")
    assert touched(Commit.objects.get(branch=draft)) == set()
    park.refresh_from_db()
    assert touched(merged(other, park, editor, city="Ashby")) == {"park"}


def test_the_number_of_queries_does_not_grow(watches, park, django_assert_num_queries):
    def many():
        Ride.objects.bulk_create(
            Ride(park=park, name=f"Ride {number}", slug=f"ride-{number}") for number in range(50)
        )

    direct(many)
    commit = Commit.objects.latest("pk")
    with django_assert_num_queries(1):
        assert touched(commit) == {"park"}


def test_the_export_tells_what_is_watched_and_it_goes_with_the_person(watches):
    told = personal_data.export(user=watches)["wiki"]["watched"]
    assert sorted(one["name"] for one in told) == ["Loop", "Oak Park", "Steel Works"]
    personal_data.delete_account(user=watches)
    assert not Watch.objects.exists()
