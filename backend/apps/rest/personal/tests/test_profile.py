"""Personal tokens where people make and revoke them."""

import re
from datetime import timedelta

import pytest

from apps.rest.personal import scopes, services
from apps.rest.personal.models import PersonalToken
from apps.rest.personal.tests.calls import CALL
from apps.users.tests.factories import (
    PASSWORD,  # feature: accounts
    UserFactory,
)

pytestmark = pytest.mark.django_db

URL = "/api/profile/tokens"
CI = {"name": "CI", "scopes": ["read"]}


@pytest.fixture
def confirmed(api_as):
    """The browser of somebody who has just said again who they are."""

    def make(somebody):
        api = api_as(somebody)
        # feature: accounts
        url = "/_allauth/browser/v1/auth/reauthenticate"
        assert api.send("POST", url, {"password": PASSWORD}).status_code == 200
        # end feature: accounts
        return api

    return make


def test_a_token_is_shown_once_and_stored_as_a_digest(confirmed, person):
    api = confirmed(person)
    answer = api.send("POST", URL, CI)
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    text = answer.json()["text"]
    assert re.fullmatch(r"lh_pat_[0-9a-f]{72}", text)
    row = str(PersonalToken.objects.values().get())
    assert text not in row
    assert text[7:71] not in row
    page = api.get(URL)
    assert text[7:71] not in page.content.decode()
    (listed,) = page.json()["items"]
    assert listed == answer.json()["token"]
    assert (listed["name"], listed["scopes"], listed["last_used_at"]) == ("CI", ["read"], None)


# feature: accounts
def test_an_open_browser_is_not_enough_to_make_one(api_as, person):
    refused = api_as(person).send("POST", URL, CI)
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/reauthentication-needed"
    assert not PersonalToken.objects.exists()


# end feature: accounts
def test_a_token_ends_after_90_days_unless_told(confirmed, person):
    for body, days in ((CI, 90), (CI | {"days": 366}, 366)):
        answer = confirmed(person).send("POST", URL, body).json()
        token = PersonalToken.objects.get(pk=answer["token"]["id"])
        assert abs(token.expires_at - token.created_at - timedelta(days=days)).total_seconds() < 60


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\0"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin"]}, "scopes"),
        ({"scopes": ["read", "read:read"]}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"user": "somebody"}, "user"),
    ],
)
def test_bad_values_name_the_field(confirmed, person, change, field):
    answer = confirmed(person).send("POST", URL, CI | change)
    assert answer.status_code == 422
    assert {error["field"].partition(".")[0] for error in answer.json()["errors"]} == {field}
    assert not PersonalToken.objects.exists()


def test_there_is_an_end_to_how_many(confirmed, person, monkeypatch):
    monkeypatch.setattr(services, "MAX_TOKENS", 2)
    answers = [confirmed(person).send("POST", URL, CI) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 422]
    assert "Revoke one" in answers[2].json()["errors"][0]["message"]
    assert confirmed(UserFactory.create()).send("POST", URL, CI).status_code == 201


def test_people_see_their_own_tokens_page_by_page(api_as, person, django_assert_max_num_queries):
    services.create(
        request=CALL, user=UserFactory.create(), name="Not mine", scopes=["read"], days=1
    )
    for number in range(3):
        services.create(request=CALL, user=person, name=f"Number {number}", scopes=["read"], days=1)
    api = api_as(person)
    with django_assert_max_num_queries(4):
        page = api.get(f"{URL}?page_size=2").json()
    assert [item["name"] for item in page["items"]] == ["Number 2", "Number 1"]
    assert (page["total"], page["known_scopes"]) == (3, scopes.known())


def test_a_token_opens_nothing_in_the_profile(client, person):
    _, text = services.create(
        request=CALL, user=person, name="CI", scopes=["read", "write"], days=1
    )
    headers = {"authorization": f"Bearer {text}"}
    assert client.get(URL, headers=headers).status_code == 401
    answer = client.post(URL, CI, "application/json", headers=headers)
    assert answer.status_code in {401, 403}
    assert client.patch("/api/profile", {}, "application/json", headers=headers).status_code in {
        401,
        403,
    }
    assert PersonalToken.objects.count() == 1


def test_revoking_needs_the_csrf_token_and_ends_the_token(api_as, person):
    token, _ = services.create(request=CALL, user=person, name="CI", scopes=["read"], days=1)
    api, url = api_as(person), f"{URL}/{token.pk}"
    assert api.delete(url).status_code == 403
    assert api.send("DELETE", url).status_code == 204
    assert api.send("DELETE", url).status_code == 404
    assert not PersonalToken.objects.exists()
