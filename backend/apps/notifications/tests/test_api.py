"""Notifications in the first-party API."""

import pytest

from apps.notifications.tests.access import NEWS
from longhouse.notifications.services import notify

pytestmark = pytest.mark.django_db

URL = "/api/notifications"


def test_the_list_is_newest_first_and_counts_what_is_unread(api_as, person, superuser):
    notify([superuser], NEWS, title="For Ada")
    first, *_ = [notify([person], NEWS, title=title)[0] for title in ("One", "Two", "Three")]
    api = api_as(person)
    api.send("PATCH", f"{URL}/{first.pk}", {"read": True})
    page = api.get(f"{URL}?page_size=2").json()
    assert [item["title"] for item in page["items"]] == ["Three", "Two"]
    assert (page["total"], page["unread"]) == (3, 2)
    page = api.get(f"{URL}?unread=true").json()
    assert [item["title"] for item in page["items"]] == ["Three", "Two"]


def test_one_is_read_and_unread_again(api_as, person):
    (row,) = notify([person], NEWS, title="One")
    api = api_as(person)
    assert api.send("PATCH", f"{URL}/{row.pk}", {"read": True}).json()["read_at"]
    assert api.send("PATCH", f"{URL}/{row.pk}", {"read": False}).json()["read_at"] is None


def test_all_up_to_one_are_read(api_as, person):
    seen, _ = (notify([person], NEWS, title=title)[0] for title in ("One", "Two"))
    answer = api_as(person).send("POST", f"{URL}/read", {"up_to": str(seen.pk)})
    assert answer.json() == {"unread": 1}


def test_choices_are_listed_and_made(api_as, person):
    api = api_as(person)
    path = f"{URL}/choices/{NEWS.name}"
    chosen = api.send("PUT", path, {"in_app": False, "mail": "daily"}).json()
    assert chosen == {"kind": NEWS.name, "title": "News", "in_app": False, "mail": "daily"}
    assert chosen in api.get(f"{URL}/choices").json()


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        (NEWS.name, {"in_app": True}, "mail"),
        (NEWS.name, {"in_app": True, "mail": "hourly"}, "mail"),
        (NEWS.name, {"in_app": True, "mail": "now", "sms": True}, "sms"),
        ("tests.unknown", {"in_app": True, "mail": "now"}, "kind"),
    ],
)
def test_bad_choices_name_the_field(api_as, person, kind, body, field):
    answer = api_as(person).send("PUT", f"{URL}/choices/{kind}", body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
