"""What the log of security events tells of personal tokens."""

import pytest
from django.test import RequestFactory
from django.utils import timezone

from apps.audit.models import Kind, SecurityEvent
from apps.rest.personal import services
from apps.rest.personal.models import PersonalToken
from apps.users.tests.factories import PASSWORD  # feature: accounts

pytestmark = pytest.mark.django_db


def call_from(address):
    return RequestFactory().get("/api/v1/", REMOTE_ADDR=address)


def kinds(person):
    events = SecurityEvent.objects.filter(person=person).order_by("id")
    return list(events.values_list("kind", flat=True))


def test_making_and_revoking_is_told_without_the_text(api_as, person):
    api = api_as(person)
    # feature: accounts
    api.send("POST", "/_allauth/browser/v1/auth/reauthenticate", {"password": PASSWORD})
    # end feature: accounts
    made = api.send("POST", "/api/profile/tokens", {"name": "CI", "scopes": ["read"]}).json()
    api.send("DELETE", f"/api/profile/tokens/{made['token']['id']}")
    assert kinds(person)[-2:] == [Kind.TOKEN_CREATED, Kind.TOKEN_REVOKED]
    details = str(list(SecurityEvent.objects.values_list("details", flat=True)))
    assert made["token"]["id"] in details
    assert made["text"] not in details


def test_use_from_a_new_place_is_told_once(person):
    home, away = call_from("192.0.2.1"), call_from("198.51.100.1")
    _, text = services.create(request=home, user=person, name="CI", scopes=["read"], days=1)
    SecurityEvent.objects.create(
        kind=Kind.SIGN_IN, person=person, ip="192.0.2.1", network="192.0.2.0/24"
    )
    for place in (home, away, away):
        assert services.use(text=text, request=place)
        # The next use is written again.
        PersonalToken.objects.update(last_used_at=timezone.now() - services.USE_WRITTEN_EVERY)
    assert kinds(person).count(Kind.NEW_PLACE) == 1
