"""Personal tokens where programs use them: the public API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.permissions import AllowAny
from rest_framework.test import APIClient

from apps.core.throttling import RateLimit
from apps.rest.personal import secret, services
from apps.rest.personal.models import PersonalToken
from apps.rest.personal.tests.calls import CALL
from apps.rest.personal.throttling import PersonalTokenThrottle
from apps.rest.tests.conftest import problem_of
from apps.rest.tests.urls import PersonViewSet
from apps.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("apps.rest.tests.urls")]

PEOPLE = "/api/v1/people/"


@pytest.fixture
def program(person: User) -> Callable[..., APIClient]:
    """A program with a token of these scopes."""

    def make(*scopes: str) -> APIClient:
        _, text = services.create(request=CALL, user=person, name="CI", scopes=list(scopes), days=1)
        return shows(text)

    return make


def shows(text: str) -> APIClient:
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def change(client: APIClient, person: User) -> Any:
    body = {"display_name": "Moved"}
    return client.patch(f"{PEOPLE}{person.pk}/", body, format="json")


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        (["read"], 200, 403),
        (["people:read"], 200, 403),
        (["people:write"], 200, 200),
        (["write"], 200, 200),
    ],
)
def test_a_token_does_what_its_scopes_say(program, person, scopes, reads, writes):
    client = program(*scopes)
    assert client.get(PEOPLE).status_code == reads
    assert client.options(PEOPLE).status_code == reads
    answer = change(client, person)
    assert answer.status_code == writes
    if writes == 403:
        assert "people:write or write" in problem_of(answer, 403)["detail"]
        assert problem_of(client.post(f"{PEOPLE}fail/", {"how": "stale"}, format="json"), 403)


def test_scopes_for_another_resource_open_nothing(program, person):
    client = program("read")
    # As when a resource went since the token was made.
    PersonalToken.objects.update(scopes=["gone:read", "gone:write"])
    problem_of(client.get(PEOPLE), 403)
    problem_of(change(client, person), 403)


@pytest.mark.parametrize("permissions", ["none", "own"])
def test_a_viewset_with_permissions_of_its_own_cannot_forget_the_scopes(
    program, person, monkeypatch, permissions
):
    own = [AllowAny] if permissions == "own" else []
    monkeypatch.setattr(PersonViewSet, "permission_classes", own)
    problem_of(change(program("people:read"), person), 403)


def test_a_token_does_no_more_than_its_person(program, person):
    answer = program("write").post(f"{PEOPLE}fail/", {"how": "forbidden"}, format="json")
    assert problem_of(answer, 403)["detail"] == "Not yours."


def test_an_expired_token_is_refused(program):
    client = program("read")
    PersonalToken.objects.update(expires_at=timezone.now())
    answer = client.get(PEOPLE)
    assert problem_of(answer, 401)["detail"] == "This token is unknown, expired or revoked."
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_revoked_token_is_refused(program):
    client = program("read")
    services.revoke(request=CALL, token=PersonalToken.objects.get())
    problem_of(client.get(PEOPLE), 401)


def test_a_new_password_leaves_the_programs_at_work(program, person):
    client = program("read")
    person.set_password("another horse battery")
    person.save()
    assert client.get(PEOPLE).status_code == 200


def test_who_is_disabled_is_out_at_once(program, person):
    client = program("read")
    person.is_active = False
    person.save()
    problem_of(client.get(PEOPLE), 401)


@pytest.mark.parametrize(
    "text",
    [
        secret.PREFIX,
        secret.PREFIX + "0" * 72,
        secret.PREFIX + "é" * 72,
        secret.PREFIX + "0" * 100_000,
        secret.make(),
    ],
    ids=["prefix", "checksum", "no hex", "long", "unknown"],
)
def test_what_was_never_given_out_is_refused(text):
    problem_of(shows(text).get(PEOPLE), 401)


def test_a_typing_error_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        problem_of(shows(secret.make()[:-1] + "x").get(PEOPLE), 401)


def test_a_personal_token_is_no_refresh_token(person):
    _, text = services.create(request=CALL, user=person, name="CI", scopes=["write"], days=1)
    problem_of(APIClient().post("/api/v1/token/refresh/", {"refresh": text}, format="json"), 401)


def test_the_last_use_is_written_once_a_minute(program, django_assert_num_queries):
    client = program("read")
    assert client.get(PEOPLE).status_code == 200
    first = PersonalToken.objects.get()
    assert first.last_used_at is not None
    assert first.last_address == "127.0.0.1"
    # The token with its person; the count and the page of the list.
    with django_assert_num_queries(3):
        assert client.get(PEOPLE).status_code == 200
    earlier = timezone.now() - timedelta(minutes=1, seconds=1)
    PersonalToken.objects.update(last_used_at=earlier)
    client.get(PEOPLE)
    assert not PersonalToken.objects.filter(last_used_at=earlier).exists()


def test_one_program_leaves_room_for_the_others(program, monkeypatch):
    monkeypatch.setattr(PersonalTokenThrottle, "limit", RateLimit("test", "2/m"))
    busy, other = program("read"), program("read")
    assert [busy.get(PEOPLE).status_code for _ in range(3)] == [200, 200, 429]
    answer = other.get(PEOPLE)
    assert answer.status_code == 200
    # The person's count goes on, and each token has its own.
    person, token = answer["RateLimit"].split(", ")
    assert person.startswith('"api-user";r=')
    assert token.startswith('"test";r=1;t=')
