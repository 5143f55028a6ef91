"""Pages to read: as of any moment, in any branch, with a fixed number of queries."""

import gzip
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.wiki.models import Company, Park, Review, Ride
from apps.wiki.services import visitors
from longhouse.versioning import reviews
from longhouse.versioning.branches import branch_context, create_branch
from longhouse.versioning.commits import one_commit
from longhouse.versioning.models import Commit

pytestmark = pytest.mark.django_db
RIDE = "/wiki/parks/oak-park/rides/loop/"


def text(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/wiki/", "/wiki/parks/", "/wiki/rides/", "/wiki/companies/", "/wiki/parks/oak-park/", RIDE,
        f"{RIDE}history/", "/wiki/parks/oak-park/history/", "/wiki/companies/steel-works/",
        "/wiki/companies/steel-works/history/", "/wiki/compare/?ride=oak-park/loop", "/wiki/lists/",
        "/wiki/search/?q=lo", "/wiki/changes/", "/wiki/changes/feed/", "/wiki/dashboard/",
    ],
)  # fmt: skip
def test_pages_are_there_for_everybody_and_as_of_any_moment(client, park, path):
    text(client, path)
    if "feed" not in path:
        join = "&" if "?" in path else "?"
        text(client, f"{path}{join}as_of={Commit.objects.latest('pk').pk}")


@pytest.mark.parametrize(
    "path",
    [
        "/wiki/parks/no-park/", "/wiki/parks/oak-park/rides/no-ride/", "/wiki/companies/nobody/",
        "/wiki/parks/no-park/history/", "/wiki/parks/?as_of=yesterday",
        "/wiki/parks/?as_of=99999999", "/wiki/parks/?as_of=2026-13-01",
        "/wiki/parks/oak-park/?as_of=1999-01-01",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, park, path):
    assert client.get(path).status_code == 404


def test_a_page_shows_what_was_and_leads_on_to_what_was(client, park):
    before = Commit.objects.latest("pk").pk
    with reviews.unprotected(), one_commit():
        Park.objects.update(name="Elm Park")
    assert "Elm Park" in text(client, "/wiki/parks/oak-park/")
    then = text(client, f"/wiki/parks/oak-park/?as_of={before}")
    assert "Oak Park" in then
    assert "Elm Park" not in then
    assert f'href="{RIDE}?as_of={before}"' in then
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "/wiki/edit/" not in then  # nobody edits what was
    assert "Elm Park" in text(client, f"/wiki/parks/oak-park/?as_of={tomorrow}")


def test_a_branch_is_seen_on_every_page(client, park, writer):
    draft = create_branch("draft", owner=writer)
    with branch_context(draft):
        Ride.objects.update(name="Twist")
    client.force_login(writer)
    for path in ("/wiki/", "/wiki/rides/", "/wiki/parks/oak-park/", RIDE):
        assert "Twist" not in text(client, path)
        assert "Twist" in text(client, path, **{"X-Branch": "draft"})


def test_rides_are_narrowed_and_ordered(client, park):
    with reviews.unprotected():
        Ride.objects.create(
            park=park, name="Flume", slug="flume", kind="water", height_m=12, opened="1999"
        )
    for query, expected in {
        "": ["Flume", "Loop"],
        "kind=water": ["Flume"],
        "height=20": ["Loop"],
        "q=steel": ["Loop"],
        "q=OAK": ["Flume", "Loop"],
        "country=FR": [],
        "since=1998": ["Flume"],
        "order=-height_m": ["Loop", "Flume"],
        "maker=steel-works": ["Loop"],
    }.items():
        page = client.get(f"/wiki/rides/?{query}").context["page"]
        assert [ride.name for ride in page.rows] == expected, query


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Zürich", "zurich"), ("Zurich", "ZÜRICH"), ("Phantasialand", "phantasia"),
        ("Śląskie Wesołe Miasteczko", "slaskie wesole"), ("Łeba", "leba"),
        ("Tusenfryd på Ås", "pa as"), ("Fårup Sommerland", "FÅRUP"), ("Straße", "strasse"),
        ("Astérix", "asterix"), ("Ærø", "aero"), ("100 % Speed", "0 %"),
    ],
)  # fmt: skip
def test_search_minds_neither_case_nor_accents(client, park, name, typed):
    with reviews.unprotected():
        Park.objects.create(name=name, slug="other")
    found = [[one.name for one in client.get("/wiki/parks/", {"q": typed}).context["page"].rows]]
    found.append(
        [one.name for one in client.get("/wiki/search/", {"q": typed}).context["found"]["Parks"]]
    )
    assert found == [[name], [name]]


def test_search_takes_signs_as_they_are(client, park):
    assert client.get("/wiki/parks/", {"q": "%"}).context["page"].rows == []


def test_what_is_wrong_with_a_filter_is_said_beside_its_field(client, park):
    page = text(client, "/wiki/rides/?since=then&height=-1&kind=nothing&page=x")
    assert "Enter a whole number." in page
    assert "Loop" in page


def test_lists_go_on_and_htmx_gets_the_parts(client, park):
    with reviews.unprotected():
        Ride.objects.bulk_create(
            Ride(park=park, name=f"Ride {number:03}", slug=f"ride-{number}") for number in range(60)
        )
    first = text(client, "/wiki/rides/")
    assert "page=2" in first
    last = text(client, "/wiki/rides/?page=3")
    assert "page=4" not in last
    assert "Ride 059" in last
    part = text(client, "/wiki/rides/?q=ride", **{"HX-Request": "true"})
    assert "<html" not in part
    assert part.count("<ul") == 1
    more = text(client, "/wiki/rides/?page=2", **{"HX-Request": "true", "HX-Target": "next"})
    assert "<ul" not in more


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/wiki/rides/", 2),
        ("/wiki/parks/", 1),
        ("/wiki/companies/", 1),
        ("/wiki/parks/oak-park/", 4),
    ],
)
def test_the_number_of_queries_does_not_grow(client, park, django_assert_num_queries, path, count):
    maker = Company.objects.get()
    with reviews.unprotected():
        Ride.objects.bulk_create(
            Ride(park=park, manufacturer=maker, name=f"Ride {number}", slug=f"ride-{number}")
            for number in range(20)
        )
    with django_assert_num_queries(count + 1):  # and one for the last commit
        text(client, path)


def test_a_page_is_sent_again_only_when_something_changed(client, park):
    answer = client.get(RIDE)
    tag = answer["ETag"]
    assert client.get(RIDE, headers={"If-None-Match": tag}).status_code == 304
    with reviews.unprotected(), one_commit():
        Ride.objects.update(name="Twist")
    again = client.get(RIDE, headers={"If-None-Match": tag})
    assert (again.status_code, b"Twist" in again.content) == (200, True)


def test_a_page_is_compressed_and_still_sent_only_when_something_changed(client, park):
    compressed = {"Accept-Encoding": "gzip"}
    answer = client.get("/wiki/rides/", headers=compressed)
    assert answer["Content-Encoding"] == "gzip"
    assert b"Loop" in gzip.decompress(answer.content)
    again = client.get("/wiki/rides/", headers={**compressed, "If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_only_shown_reviews_are_seen_and_counted(client, park, ride, writer, other):
    with reviews.unprotected():
        Review.objects.create(ride=ride, author=writer, stars=4, text="Good.", state="shown")
        Review.objects.create(ride=ride, author=other, stars=1, text="Bad.", state="hidden")
    page = text(client, RIDE)
    assert "4.0 of 5 stars" in page
    assert "Bad." not in page


def test_text_is_markdown_and_no_html(client, park):
    with reviews.unprotected(), one_commit():
        Park.objects.update(text="# Big\n<script>alert(1)</script> [x](javascript:alert(1)) *so*")
    page = text(client, "/wiki/parks/oak-park/")
    assert "<h3>Big</h3>" in page
    assert "<em>so</em>" in page
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page


def test_history_says_who_wrote_what(client, park, writer):
    with reviews.unprotected(), one_commit(author=writer, message="Taller"):
        Ride.objects.update(height_m=40)
    page = text(client, f"{RIDE}history/")
    assert "Taller" in page
    assert "Wim" in page
    changed, created = client.get(f"{RIDE}history/").context["versions"]
    assert changed.changes == [("height in m", "30", "40")]
    assert created.revision.kind == "created"


def test_what_people_write_of_their_own_is_no_change_of_the_wiki(client, park, ride, writer):
    before = client.get("/wiki/changes/").content
    visitors.write_review(ride, by=writer, stars=5, text="")
    mine = visitors.save_list(None, by=writer, name="Secret", text="", is_public=False)
    visitors.save_list(mine, by=writer, name="Secret too", text="", is_public=False)
    visitors.delete_list(mine, by=writer)
    assert client.get("/wiki/changes/").content == before
    assert b"Secret" not in client.get("/wiki/changes/feed/").content


def test_the_feed_is_atom(client, park):
    answer = client.get(reverse("wiki:feed"))
    assert answer["Content-Type"].startswith("application/atom+xml")
