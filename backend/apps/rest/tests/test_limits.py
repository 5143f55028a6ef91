"""How many calls of the public API one client may make."""

import pytest
from rest_framework.permissions import AllowAny

from apps.core.throttling import RateLimit
from apps.rest.tests.conftest import problem_of, refresh
from apps.rest.tests.urls import PersonViewSet
from apps.rest.throttling import AddressThrottle, RefreshThrottle, UserThrottle
from apps.users.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("apps.rest.tests.urls")]

PEOPLE = "/api/v1/people/"


@pytest.fixture
def two_calls(monkeypatch):
    limit = RateLimit("test", "2/m")
    for throttle in (AddressThrottle, RefreshThrottle, UserThrottle):
        monkeypatch.setattr(throttle, "limit", limit)


def test_a_person_waits_whatever_token_they_use(two_calls, rest_as, person):
    first, second = rest_as(person), rest_as(person)
    assert [client.get(PEOPLE).status_code for client in (first, second)] == [200, 200]
    answer = second.get(PEOPLE)
    assert problem_of(answer, 429)["type"] == "/problems/too-many-requests"
    assert 0 < int(answer["Retry-After"]) <= 61
    assert rest_as(UserFactory.create()).get(PEOPLE).status_code == 200


def test_nobody_in_particular_waits_by_address(two_calls, rest, rest_as, person, monkeypatch):
    monkeypatch.setattr(PersonViewSet, "permission_classes", [AllowAny])
    statuses = [rest.get(PEOPLE).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert rest.get(PEOPLE, REMOTE_ADDR="192.0.2.1").status_code == 200
    # Who signed in is counted as themselves.
    assert rest_as(person).get(PEOPLE).status_code == 200


def said(answer, header):
    """{"api-user": {"r": 998, "t": 51}}"""
    found = {}
    for item in answer[header].split(", "):
        name, *parameters = item.split(";")
        found[name.strip('"')] = {
            key: int(value) for key, value in (p.split("=") for p in parameters)
        }
    return found


def test_every_answer_tells_what_is_left(two_calls, rest_as, person):
    client = rest_as(person)
    answers = [client.get(PEOPLE), client.get(f"{PEOPLE}nobody/"), client.get(PEOPLE)]
    assert [answer.status_code for answer in answers] == [200, 404, 429]
    for answer, left in zip(answers, (1, 0, 0), strict=True):
        assert said(answer, "RateLimit-Policy") == {"test": {"q": 2, "w": 61}}
        limit = said(answer, "RateLimit")["test"]
        assert limit["r"] == left
        assert 0 < limit["t"] <= 61
    assert int(answers[2]["Retry-After"]) == said(answers[2], "RateLimit")["test"]["t"]


def test_each_door_tells_of_its_own_limit(rest, rest_as, sign_in, person, monkeypatch):
    assert set(said(rest_as(person).get(PEOPLE), "RateLimit")) == {"api-user"}
    answer = refresh(rest, sign_in(person)["refresh"])
    assert set(said(answer, "RateLimit")) == {"api-address"}
    body = {"email": person.email, "password": "wrong"}
    wrong = rest.post("/api/v1/token/", body, format="json")
    assert (wrong.status_code, set(said(wrong, "RateLimit"))) == (401, {"sign-in"})
    # Who may not call is turned away before anything is counted.
    assert "RateLimit" not in rest.get(PEOPLE)
    monkeypatch.setattr(PersonViewSet, "permission_classes", [AllowAny])
    assert set(said(rest.get(PEOPLE), "RateLimit")) == {"api-address"}


def test_refreshing_is_limited_by_address(two_calls, rest):
    assert [refresh(rest, "no token").status_code for _ in range(3)] == [401, 401, 429]


def test_no_page_of_another_origin_can_use_up_the_refreshing(two_calls, rest, sign_in, person):
    for _ in range(3):
        assert rest.get("/api/v1/token/refresh/").status_code == 405
        form = rest.generic("POST", "/api/v1/token/refresh/", "{}", "text/plain")
        assert form.status_code == 415
    assert refresh(rest, sign_in(person)["refresh"]).status_code == 200
