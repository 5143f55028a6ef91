"""Notifications in the public API."""

import pytest
from django.test import Client

from apps.notifications.tests.access import NEWS
from longhouse.notifications.services import notify

pytestmark = pytest.mark.django_db

URL = "/api/v1/notifications/"


def test_a_program_reads_what_is_unread_and_marks_it(person):
    client = Client()
    client.force_login(person)
    old, new = (notify([person], NEWS, title=title)[0] for title in ("One", "Two"))
    answer = client.patch(f"{URL}{old.pk}/", {"read": True}, "application/json")
    assert answer.json()["read_at"]
    page = client.get(f"{URL}?unread=true").json()
    assert [item["id"] for item in page["results"]] == [str(new.pk)]
    page = client.get(URL).json()
    assert [item["title"] for item in page["results"]] == ["Two", "One"]
