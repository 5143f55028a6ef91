"""Whom the wiki tells of what."""

import pytest

from apps.wiki.models import Park, Ride
from apps.wiki.notifications import PROPOSALS, WATCHED, tell_of_missed_changes
from apps.wiki.services import proposals, visitors, watching
from apps.wiki.tests.people import client_of, draft_of, merged, proposed
from longhouse.jobs.testing import run_jobs
from longhouse.notifications.models import Notification
from longhouse.notifications.services import notifications_of
from longhouse.versioning.commits import one_commit
from longhouse.versioning.models import Commit
from longhouse.versioning.reviews import unprotected

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Does something, and all that follows it; then gives what a person is told, newest first."""

    def after(do, person):
        with django_capture_on_commit_callbacks(execute=True):
            made = do()
        with django_capture_on_commit_callbacks(execute=True):
            run_jobs()
        del made
        return [row.title for row in notifications_of(person)]

    return after


def test_who_watches_a_page_is_told_of_a_merge(told, park, writer, other, editor):
    watching.watch(park, by=other)
    assert told(lambda: merged(writer, park, editor, city="Elmham"), other) == [
        "Oak Park was changed"
    ]
    row = notifications_of(other).get()
    commit = Commit.objects.filter(branch=None).latest("pk")
    assert (row.url, row.text) == (f"/wiki/commits/{commit.pk}/", "A change, by Edda")


def test_and_of_a_change_made_at_main(told, park, other):
    watching.watch(park, by=other)

    def do():
        with unprotected(), one_commit(message="By hand"):
            Park.objects.update(city="Elmham")

    assert told(do, other) == ["Oak Park was changed"]


def test_who_watches_is_told_once_though_the_change_ended_its_process(told, park, other):
    watching.watch(park, by=other)
    with unprotected(), one_commit(message="By hand"):
        Park.objects.update(city="Elmham")  # here nothing follows its commit
    assert told(tell_of_missed_changes.enqueue, other) == ["Oak Park was changed"]
    notifications_of(other).delete()
    assert told(tell_of_missed_changes.enqueue, other) == []


def test_nobody_is_told_of_their_own(told, park, writer, editor):
    for person in (writer, editor):
        watching.watch(park, by=person)
    told(lambda: merged(writer, park, editor, city="Elmham"), writer)
    assert not Notification.objects.filter(kind=WATCHED.name).exists()


def test_nobody_is_told_of_drafts_or_of_what_people_say_of_their_own(
    told, park, ride, writer, other
):
    watching.watch(park, by=other)
    watching.watch(ride, by=other)
    told(lambda: draft_of(writer, park, city="Elmham"), other)
    assert told(lambda: visitors.write_review(ride, by=writer, stars=5, text=""), other) == []


def test_one_change_of_many_pages_is_told_once(told, park, ride, other):
    for row in (park, ride):
        watching.watch(row, by=other)

    def do():
        with unprotected(), one_commit():
            Ride.objects.update(height_m=40)
            Park.objects.update(city="Elmham")

    assert told(do, other) == ["Loop was changed"]


def test_what_is_gone_is_told_by_its_name(told, park, other):
    watching.watch(park, by=other)

    def do():
        with unprotected(), one_commit():
            park.delete()

    assert told(do, other) == ["Oak Park was deleted"]


def test_a_change_that_is_told_again_replaces_what_nobody_has_read(told, park, other):
    watching.watch(park, by=other)
    for city in ("Elmham", "Ashby"):

        def do(city=city):
            with unprotected(), one_commit():
                Park.objects.update(city=city)

        told(do, other)
    assert notifications_of(other).count() == 1


def test_an_author_is_told_what_becomes_of_a_proposal(told, park, writer, editor, other):
    branch = proposed(writer, park, city="Elmham")
    told(lambda: proposals.comment(branch, by=other, text="Are you sure?"), writer)
    row = notifications_of(writer).get()
    assert (row.title, row.text) == ("Olga has commented on “A change”", "Are you sure?")
    assert row.url == f"/wiki/proposals/{branch.name}/"
    titles = told(lambda: proposals.review(branch, by=editor, verdict="approve"), writer)
    assert titles[0] == "Edda has approved “A change”"
    titles = told(lambda: proposals.merge(branch, by=editor), writer)
    assert titles == ["“A change” is part of the wiki now"]
    assert set(notifications_of(writer).values_list("kind", flat=True)) == {PROPOSALS.name}


def test_an_author_is_told_that_a_proposal_is_declined(told, park, writer, editor):
    branch = proposed(writer, park, city="Elmham")
    verdict = {"verdict": "request_changes", "text": "By which source?"}
    titles = told(lambda: proposals.review(branch, by=editor, **verdict), writer)
    assert titles == ["Edda asks for changes of “A change”"]
    assert told(lambda: proposals.close(branch, by=editor), writer) == [
        "Edda has declined “A change”"
    ]


def test_an_author_is_not_told_what_they_do_themselves(told, park, writer):
    branch = proposed(writer, park, city="Elmham")
    told(lambda: proposals.comment(branch, by=writer, text="I am."), writer)
    assert told(lambda: proposals.close(branch, by=writer), writer) == []


# The pages ----------------------------------------------------------------------------------------


def test_the_bell_counts_and_a_notification_is_read_by_opening_it(told, park, writer, other):
    branch = proposed(writer, park, city="Elmham")
    told(lambda: proposals.comment(branch, by=other, text="Are you sure?"), writer)
    client = client_of(writer)
    assert "Notifications, 1 unread" in client.get("/wiki/").content.decode()
    page = client.get("/wiki/notifications/").content.decode()
    assert "Olga has commented" in page
    answer = client.post(f"/wiki/notifications/{notifications_of(writer).get().pk}/")
    assert (answer.status_code, answer["Location"]) == (303, f"/wiki/proposals/{branch.name}/")
    assert "none unread" in client.get("/wiki/notifications/bell/").content.decode()


def test_all_that_was_seen_is_read_and_no_more(told, park, writer, other):
    branch = proposed(writer, park, city="Elmham")
    told(lambda: proposals.comment(branch, by=other, text="One."), writer)
    client = client_of(writer)
    seen = client.get("/wiki/notifications/").context["page"][0].pk
    watching.watch(park, by=writer)

    def do():
        with unprotected(), one_commit():
            Park.objects.update(city="Ashby")

    told(do, writer)
    client.post("/wiki/notifications/read/", {"up_to": str(seen)})
    assert [row.title for row in notifications_of(writer, unread=True)] == ["Oak Park was changed"]
    assert client.post("/wiki/notifications/read/", {"up_to": "x"}).status_code == 404


def test_people_choose_what_they_are_told(told, park, other):
    watching.watch(park, by=other)
    client = client_of(other)
    address = f"/wiki/notifications/choices/{WATCHED.name}/"
    assert client.post(address, {"mail": "never"}).status_code == 303

    def do():
        with unprotected(), one_commit():
            Park.objects.update(city="Ashby")

    assert told(do, other) == []
    assert client.post(address, {"mail": "weekly"}).status_code == 404


def test_nobody_opens_what_somebody_else_is_told(told, park, writer, other):
    branch = proposed(writer, park, city="Elmham")
    told(lambda: proposals.comment(branch, by=other, text="One."), writer)
    pk = notifications_of(writer).get().pk
    assert client_of(other).post(f"/wiki/notifications/{pk}/").status_code == 404
    assert notifications_of(writer).get().read_at is None
