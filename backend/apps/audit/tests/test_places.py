"""A sign-in from a place that the person has not used for a while."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.audit import services
from apps.audit.models import Kind, SecurityEvent
from apps.users.tests.factories import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.urls("apps.audit.tests.urls")]


@pytest.fixture
def arrive(person):
    def arrive(address: str) -> bool:
        """Sign in from there; whether it was a new place."""
        before = new_places(person)
        form = {"email": person.email, "password": PASSWORD}
        assert Client().post("/in", form, REMOTE_ADDR=address).status_code == 200
        return new_places(person) > before

    return arrive


def new_places(person) -> int:
    return SecurityEvent.objects.filter(person=person, kind=Kind.NEW_PLACE).count()


def test_the_first_place_of_all_is_not_new(arrive):
    assert not arrive("203.0.113.7")


def test_a_network_is_a_place(arrive):
    arrive("203.0.113.7")
    assert not arrive("203.0.113.99")
    assert arrive("203.0.114.7")
    assert not arrive("203.0.114.8")
    assert arrive("2001:db8:1:2::1")
    assert not arrive("2001:db8:1:3::1")
    assert arrive("2001:db8:2::1")


def test_places_are_forgotten_after_ninety_days(arrive, person):
    def seen(days: int) -> None:
        SecurityEvent.objects.create(
            person=person,
            kind=Kind.SIGN_IN,
            network="203.0.113.0/24",
            at=timezone.now() - timedelta(days=days),
        )

    seen(91)
    assert arrive("203.0.113.7")


def test_a_failed_sign_in_makes_no_place_known(arrive, person):
    arrive("203.0.113.7")
    form = {"email": person.email, "password": "wrong"}
    Client().post("/in", form, REMOTE_ADDR="198.51.100.1")
    assert arrive("198.51.100.1")


def test_tokens_and_sessions_share_what_is_known(arrive, person, rf):
    arrive("203.0.113.7")
    here = rf.post("/", REMOTE_ADDR="198.51.100.1")
    services.signed_in(request=here, user=person, kind=Kind.TOKEN_ISSUED)
    assert new_places(person) == 1
    assert not arrive("198.51.100.2")


def test_who_listens_is_told_after_the_commit(arrive, person, django_capture_on_commit_callbacks):
    told = []

    def listen(person, event, **_):
        told.append((person, event.ip))
        raise RuntimeError("does not fail the sign-in")

    services.new_place.connect(listen)
    try:
        arrive("203.0.113.7")
        with django_capture_on_commit_callbacks(execute=True):
            arrive("198.51.100.1")
    finally:
        services.new_place.disconnect(listen)
    assert told == [(person, "198.51.100.1")]
