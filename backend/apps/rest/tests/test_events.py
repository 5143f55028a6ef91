"""What the log of security events tells of tokens."""

import pytest

from apps.audit.models import Kind, SecurityEvent
from apps.rest.models import TokenFamily
from apps.rest.tests.conftest import refresh

pytestmark = [pytest.mark.django_db, pytest.mark.urls("apps.rest.tests.urls")]


def kinds(person):
    return list(
        SecurityEvent.objects.filter(person=person).order_by("id").values_list("kind", flat=True)
    )


def test_a_sign_in_its_end_and_no_secret(rest, sign_in, person):
    token = sign_in(person)["refresh"]
    rest.post("/api/v1/token/blacklist/", {"refresh": token}, format="json")
    assert kinds(person)[-2:] == [Kind.TOKEN_ISSUED, Kind.TOKEN_REVOKED]
    details = str(list(SecurityEvent.objects.values_list("details", flat=True)))
    assert str(TokenFamily.objects.get().pk) in details
    assert token not in details


def test_a_new_password_tells_what_it_ended_and_what_it_left(sign_in, person):
    sign_in(person)
    sign_in(person)
    person.set_password("another horse battery")
    person.save()
    event = SecurityEvent.objects.get(person=person, kind=Kind.TOKEN_REVOKED)
    left = {"personal_tokens": 0}  # feature: spa
    # without spa: left = {}
    assert event.details == {"ended": 2, "reason": "password"} | left


def test_reuse_is_told_once(rest, sign_in, person):
    first = sign_in(person)["refresh"]
    refresh(rest, refresh(rest, first).json()["refresh"])
    refresh(rest, first)
    refresh(rest, first)
    assert kinds(person).count(Kind.TOKEN_REUSED) == 1
