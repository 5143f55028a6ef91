from datetime import timedelta

import jwt
import pytest
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from apps.rest.tests.conftest import get_people, problem_of, refresh
from apps.users.tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("apps.rest.tests.urls")]


def test_a_token_opens_the_api(rest, sign_in, person):
    tokens = sign_in(person)
    assert get_people(rest, tokens["access"]).status_code == 200
    person.refresh_from_db()
    assert person.last_login is not None


def test_people_sign_in_by_email_whatever_its_case(rest, person):
    body = {"email": f" {person.email.upper()} ", "password": PASSWORD}
    response = rest.post("/api/v1/token/", body, format="json")
    assert set(response.json()) == {"access", "refresh"}
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_a_password_may_end_with_a_space(rest):
    user = UserFactory.create(password="correct horse ")
    body = {"email": user.email, "password": "correct horse "}
    assert rest.post("/api/v1/token/", body, format="json").status_code == 200
    body["password"] = body["password"].strip()
    assert rest.post("/api/v1/token/", body, format="json").status_code == 401


def test_unknown_wrong_and_disabled_look_alike(rest, person):
    disabled = UserFactory.create(is_active=False)
    answers = []
    for email, password in (
        (person.email, "wrong"),
        ("nobody@example.org", PASSWORD),
        (disabled.email, PASSWORD),
    ):
        body = {"email": email, "password": password}
        problem = problem_of(rest.post("/api/v1/token/", body, format="json"), 401)
        answers.append(problem | {"request_id": ""})
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["detail"] == "Wrong email address or password."


def test_bad_input_names_the_fields(rest):
    problem = problem_of(rest.post("/api/v1/token/", {"email": ""}, format="json"), 422)
    assert {error["field"] for error in problem["errors"]} == {"email", "password"}


# without accounts: @pytest.mark.urls("config.urls")
# without accounts: def test_guessing_is_slowed_down_over_all_doors_together(rest, client, person):
# without accounts:     wrong = {"email": person.email, "password": "wrong"}
# without accounts:     form = {"username": person.email, "password": "wrong"}
# without accounts:     doors = [
# without accounts:         lambda: rest.post("/api/v1/token/", wrong, format="json"),
# without accounts:         lambda: client.post("/admin/login/", form),
# feature: spa
# without accounts:         lambda: client.post("/api/session", wrong, "application/json"),
# end feature: spa
# without accounts:     ]
# without accounts:     answers = [doors[number % len(doors)]() for number in range(10)]
# without accounts:     assert not any(answer.status_code == 429 for answer in answers)
# without accounts:     assert not any(b"too many attempts" in answer.content for answer in answers)
# without accounts:     wrong["password"] = form["password"] = PASSWORD
# without accounts:     refused = [door() for door in doors]
# without accounts:     assert problem_of(refused[0], 429)["type"] == "/problems/too-many-requests"
# without accounts:     assert 0 < int(refused[0]["Retry-After"]) <= 61
# without accounts:     assert b"too many attempts" in refused[1].content
# feature: spa
# without accounts:     assert refused[2].status_code == 429
# end feature: spa


def test_no_page_of_another_origin_can_use_up_the_attempts(rest, sign_in, person):
    for _ in range(10):
        assert rest.get("/api/v1/token/").status_code == 405
        form = rest.generic("POST", "/api/v1/token/", "{}", "text/plain")
        assert form.status_code == 415
    assert sign_in(person)


@pytest.mark.parametrize("change", ["expired", "tampered", "wrong type", "unsigned", "other key"])
def test_a_token_that_is_not_ours_is_refused(rest, sign_in, person, change):
    token = AccessToken.for_user(person)
    if change == "expired":
        token.set_exp(lifetime=-timedelta(seconds=1))
    text = str(token)
    if change == "tampered":
        other = str(AccessToken.for_user(UserFactory.create()))
        text = f"{other.rpartition('.')[0]}.{text.rpartition('.')[2]}"
    elif change == "wrong type":
        text = sign_in(person)["refresh"]
    elif change == "unsigned":
        text = jwt.encode(token.payload, "", algorithm="none")
    elif change == "other key":
        text = jwt.encode(token.payload, "x" * 64, algorithm="HS256")
    response = get_people(rest, text)
    problem = problem_of(response, 401)
    assert problem["type"] == "/problems/not-signed-in"
    assert problem["detail"].startswith("Token ")
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_an_access_token_is_no_refresh_token(rest, sign_in, person):
    access = sign_in(person)["access"]
    assert problem_of(refresh(rest, access), 401)["detail"] == "Token has wrong type"


def test_tokens_of_a_disabled_account_are_refused(rest, sign_in, person):
    tokens = sign_in(person)
    person.is_active = False
    person.save()
    problem_of(get_people(rest, tokens["access"]), 401)
    problem_of(refresh(rest, tokens["refresh"]), 401)


def test_tokens_of_a_deleted_account_are_refused(rest, sign_in, person):
    tokens = sign_in(person)
    person.delete()
    problem_of(get_people(rest, tokens["access"]), 401)
    problem_of(refresh(rest, tokens["refresh"]), 401)


def test_a_new_password_ends_every_token(rest, sign_in, person):
    tokens = sign_in(person)
    person.set_password("another horse battery")
    person.save()
    problem_of(get_people(rest, tokens["access"]), 401)
    problem_of(refresh(rest, tokens["refresh"]), 401)


def test_an_expired_refresh_token_is_refused(rest, person):
    token = RefreshToken.for_user(person)
    token.set_exp(lifetime=-timedelta(seconds=1))
    problem_of(refresh(rest, str(token)), 401)


def test_lifetimes_are_short():
    assert AccessToken.lifetime <= timedelta(minutes=10)
    assert RefreshToken.lifetime <= timedelta(days=14)
