import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from longhouse.notifications import kinds, services
from longhouse.notifications.kinds import Kind, Mail, register
from longhouse.notifications.models import Notification
from longhouse.notifications.services import notify
from longhouse.notifications.tests.people import make_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped() -> Iterator[Kind]:
    kind = register(Kind("shop.shipped", "Your orders"))
    yield kind
    del kinds._kinds[kind.name]


def titles(user: AbstractBaseUser, **which: Any) -> list[str]:
    return [row.title for row in services.notifications_of(user, **which)]


def test_a_person_is_told_in_the_application_as_the_kind_has_it(
    person: AbstractBaseUser, shipped: Kind
):
    notify([person], shipped, title="On its way", text="Soon there.", url="/orders/17")
    (row,) = services.notifications_of(person)
    assert (row.title, row.text, row.url) == ("On its way", "Soon there.", "/orders/17")
    assert services.count_unread(person) == 1


def test_nobody_is_told_when_the_transaction_is_rolled_back(
    person: AbstractBaseUser, shipped: Kind
):
    with transaction.atomic():
        notify([person], shipped, title="On its way")
        transaction.set_rollback(True)
    assert titles(person) == []


def test_somebody_who_is_not_active_is_not_told(shipped: Kind):
    gone = make_people(1, is_active=False)
    assert notify(gone, shipped, title="On its way") == []


def test_newer_news_about_the_same_takes_the_place_of_unread_news(
    person: AbstractBaseUser, shipped: Kind
):
    notify([person], shipped, title="Packed", about="order 17")
    notify([person], shipped, title="Packed", about="order 18")
    notify([person], shipped, title="On its way", about="order 17")
    assert titles(person) == ["On its way", "Packed"]


def test_once_tells_nobody_again_of_the_same(person: AbstractBaseUser, shipped: Kind):
    (other,) = make_people(1)
    first = notify([person], shipped, title="Monday", about="monday", once=True)
    services.mark(person, [first[0].pk])
    told = notify([person, other], shipped, title="Monday", about="monday", once=True)
    assert [row.user for row in told] == [other]
    assert len(notify([person], shipped, title="Tuesday", about="tuesday", once=True)) == 1


def test_what_was_read_stays_beside_newer_news_about_the_same(
    person: AbstractBaseUser, shipped: Kind
):
    (row,) = notify([person], shipped, title="Packed", about="order 17")
    services.mark(person, [row.pk])
    notify([person], shipped, title="On its way", about="order 17")
    assert titles(person) == ["On its way", "Packed"]


def test_any_number_of_people_are_told_by_two_statements(shipped: Kind):
    people = make_people(20)
    with CaptureQueriesContext(connection) as asked:
        notify(people, shipped, title="On its way")
    ours = [one for one in asked if "notifications_" in one["sql"]]
    assert len(ours) == 2  # their choices; the rows


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "orders", "/\\evil"])
def test_a_link_stays_on_this_site(person: AbstractBaseUser, shipped: Kind, url: str):
    with pytest.raises(ValueError, match="path of this site"):
        notify([person], shipped, title="On its way", url=url)


def test_long_texts_are_shortened(person: AbstractBaseUser, shipped: Kind):
    notify([person], shipped, title="x" * 300, text="y" * 3000)
    (row,) = services.notifications_of(person)
    assert (len(row.title), len(row.text)) == (200, 2000)
    assert row.title.endswith("…")


def test_a_choice_holds_from_then_on(person: AbstractBaseUser, shipped: Kind):
    services.choose(user=person, kind=shipped.name, in_app=False, mail=Mail.DAILY)
    notify([person], shipped, title="On its way")
    assert titles(person) == []
    assert Notification.objects.get().mail == Mail.DAILY
    services.choose(user=person, kind=shipped.name, in_app=False, mail=Mail.NEVER)
    assert notify([person], shipped, title="On its way") == []


def test_one_chooses_among_the_kinds_that_concern_one(
    person: AbstractBaseUser, superuser: AbstractBaseUser
):
    kind = register(Kind("shop.stock", "Stock", concerns=lambda user: user.is_staff))
    try:
        assert kind not in [choice.kind for choice in services.choices_of(person)]
        assert kind in [choice.kind for choice in services.choices_of(superuser)]
        with pytest.raises(ValidationError, match="no such kind"):
            services.choose(user=person, kind=kind.name, in_app=True, mail=Mail.NOW)
    finally:
        del kinds._kinds[kind.name]


def test_two_kinds_cannot_have_one_name(shipped: Kind):
    assert register(Kind("shop.shipped", "Your orders")) == shipped
    with pytest.raises(ValueError, match="two kinds"):
        register(Kind("shop.shipped", "Another"))


def test_one_is_marked_as_read_and_as_unread(person: AbstractBaseUser, shipped: Kind):
    (row,) = notify([person], shipped, title="On its way")
    assert services.mark(person, [row.pk]) == 1
    assert services.mark(person, [row.pk]) == 0
    assert titles(person, unread=True) == []
    assert services.mark(person, [row.pk], read=False) == 1
    assert services.count_unread(person) == 1


def test_nobody_marks_what_is_somebody_elses(person: AbstractBaseUser, shipped: Kind):
    (row,) = notify(make_people(1), shipped, title="On its way")
    assert services.mark(person, [row.pk]) == 0
    assert services.mark_all_read(person, up_to=row.pk) == 0
    row.refresh_from_db()
    assert row.read_at is None


def test_what_comes_while_one_marks_all_stays_unread(person: AbstractBaseUser, shipped: Kind):
    (seen,) = notify([person], shipped, title="Packed")
    notify([person], shipped, title="On its way")
    assert services.mark_all_read(person, up_to=seen.pk) == 1
    assert titles(person, unread=True) == ["On its way"]


def test_marking_everything_up_to_something_unknown_marks_what_is_older(
    person: AbstractBaseUser, shipped: Kind
):
    notify([person], shipped, title="Packed")
    assert services.mark_all_read(person, up_to=uuid.UUID(int=0)) == 0
