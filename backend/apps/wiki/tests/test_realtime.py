"""What everybody can follow live."""

import pytest

from apps.wiki.models import Park
from apps.wiki.services import visitors
from apps.wiki.tests.people import draft_of, merged
from longhouse.realtime.models import Event
from longhouse.versioning.commits import one_commit
from longhouse.versioning.models import Commit
from longhouse.versioning.reviews import unprotected

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(django_capture_on_commit_callbacks):
    def after(do):
        before = set(Event.objects.filter(topic="wiki").values_list("pk", flat=True))
        with django_capture_on_commit_callbacks(execute=True):
            do()
        new = Event.objects.filter(topic="wiki").exclude(pk__in=before)
        return [(event.type, event.data) for event in new]

    return after


def test_a_merge_is_told_and_a_draft_is_not(published, park, writer, editor):
    assert published(lambda: draft_of(writer, park, city="Elmham")) == []
    found = published(lambda: merged(writer, park, editor, city="Ashby"))
    commit = Commit.objects.filter(branch=None).latest("pk").pk
    assert found == [("wiki.changed", f'{{"commit":{commit}}}')]


def test_what_people_say_of_their_own_is_not_told(published, ride, writer):
    assert published(lambda: visitors.write_review(ride, by=writer, stars=5, text="")) == []


def test_a_page_that_is_open_learns_how_many_changes_came(client, park):
    page = client.get("/wiki/changes/")
    newest = page.context["newest"]
    assert 'data-live="wiki"' in page.content.decode()
    ask = {"path": f"/wiki/changes/?since={newest}", "headers": {"HX-Request": "true"}}
    assert "new change" not in client.get(**ask).content.decode()
    for city in ("Elmham", "Ashby"):
        with unprotected(), one_commit(message=f"To {city}"):
            Park.objects.update(city=city)
    part = client.get(**ask).content.decode()
    assert "2 new changes" in part
    assert "<html" not in part
    loaded = client.get("/wiki/changes/", headers={"HX-Request": "true"}).content.decode()
    assert loaded.lstrip().startswith('<div id="changes">')
    assert "To Ashby" in loaded


def test_the_past_has_no_news(client, park):
    page = client.get(f"/wiki/changes/?as_of={Commit.objects.latest('pk').pk}").content.decode()
    assert "data-live" not in page
