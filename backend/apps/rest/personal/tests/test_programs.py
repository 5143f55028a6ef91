"""Programs that signed in by tokens, where people see and end them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.rest.models import TokenFamily
from apps.rest.personal.tests.calls import CALL
from apps.rest.services import start_family
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

URL = "/api/profile/programs"


def signed_in(person, agent):
    start_family(user=person, request=CALL)
    family = TokenFamily.objects.latest("created_at")
    TokenFamily.objects.filter(pk=family.pk).update(agent=agent)
    return family


def test_people_see_their_own_programs_that_are_signed_in(
    api_as, person, django_assert_max_num_queries
):
    signed_in(UserFactory.create(), "Not mine")
    ended, expired, _, last = (
        signed_in(person, agent) for agent in ("Ended", "Expired", "Pocket/1.0", "Desk/2.0")
    )
    now = timezone.now()
    TokenFamily.objects.filter(pk=ended.pk).update(revoked_at=now)
    TokenFamily.objects.filter(pk=expired.pk).update(expires_at=now)
    TokenFamily.objects.filter(pk=last.pk).update(rotated_at=now + timedelta(minutes=1))
    api = api_as(person)
    with django_assert_max_num_queries(4):
        page = api.get(URL).json()
    assert [item["agent"] for item in page["items"]] == ["Desk/2.0", "Pocket/1.0"]
    assert page["items"][0]["address"] == "127.0.0.1"
    assert api.get(f"{URL}?page_size=1").json()["total"] == 2


def test_signing_a_program_out_needs_the_csrf_token_and_ends_it(api_as, person):
    family, other = signed_in(person, "Pocket/1.0"), signed_in(person, "Desk/2.0")
    api, url = api_as(person), f"{URL}/{family.pk}"
    assert api.delete(url).status_code == 403
    assert api.send("DELETE", url).status_code == 204
    family.refresh_from_db()
    other.refresh_from_db()
    assert family.has_ended
    assert not other.has_ended
    assert [item["agent"] for item in api.get(URL).json()["items"]] == ["Desk/2.0"]
    # Asked again, nothing changes.
    at = family.revoked_at
    assert api.send("DELETE", url).status_code == 204
    family.refresh_from_db()
    assert family.revoked_at == at
