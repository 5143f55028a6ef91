"""Tokens of the public API are given as strictly as a session is."""

import pytest
from allauth.account.models import EmailAddress
from rest_framework.test import APIClient

from apps.accounts.tests.browser import Browser, recovery_codes, totp
from apps.users.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def ask(user, **extra):
    body = {"email": user.email, "password": PASSWORD, **extra}
    return APIClient().post("/api/v1/token/", body, format="json")


@pytest.fixture
def secret(person):
    browser = Browser()
    browser.sign_in(person)
    return browser.turn_totp_on()


def test_without_a_second_factor_the_password_is_enough(person):
    answer = ask(person)
    assert answer.status_code == 200
    assert set(answer.json()) == {"access", "refresh"}
    assert not answer.cookies
    person.refresh_from_db()
    assert person.last_login


def test_with_one_its_code_must_come_along_and_works_once(person, secret):
    for code in ("", "000000"):
        problem = ask(person, code=code).json()
        assert (problem["status"], problem["type"]) == (401, "/problems/second-factor-needed")
        assert [error["field"] for error in problem["errors"]] == ["code"]
    code = totp(secret)
    answers = [ask(person, code=code) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 401]
    assert not answers[0].cookies


def test_a_recovery_code_will_do_once(person, secret):
    code = recovery_codes(person)[0]
    assert [ask(person, code=code).status_code for _ in range(2)] == [200, 401]


def test_nobody_learns_that_there_is_a_second_factor_without_the_password(person, secret):
    answers = []
    for user in (person, UserFactory.create()):
        problem = ask(user, password="wrong").json()
        answers.append(problem | {"request_id": ""})
    assert answers[0] == answers[1]


def test_guessing_codes_is_slowed_down(person, secret):
    for _ in range(5):
        assert ask(person, code="000000").status_code == 401
    refused = ask(person, code=totp(secret))
    assert refused.status_code == 429
    assert refused["retry-after"]


def test_guessing_at_one_account_counts_at_both_doors_together(person):
    for number in range(5):
        if number % 2:
            answer = Browser().sign_in(person, "wrong")
            assert answer.status_code == 400
        else:
            assert ask(person, password="wrong").status_code == 401
    assert ask(person).status_code == 429
    code = Browser().sign_in(person).json()["errors"][0]["code"]
    assert code == "too_many_login_attempts"


def test_an_unverified_address_gets_no_token(person):
    EmailAddress.objects.filter(user=person).update(verified=False)
    problem = ask(person).json()
    assert problem["status"] == 401
    assert "not verified" in problem["detail"]


def test_staff_without_a_required_second_factor_get_no_token(superuser, person, settings):
    settings.STAFF_SECOND_FACTOR = True
    assert ask(superuser).status_code == 403
    assert ask(person).status_code == 200
