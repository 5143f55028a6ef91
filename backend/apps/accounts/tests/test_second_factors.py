"""Authenticator apps, recovery codes, trusted devices; passkeys are tried in a real browser."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache

from apps.accounts.tests.browser import Browser, code_in_mail, flow, recovery_codes, totp

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(person):
    """Of the authenticator app that `person` must use now."""
    browser = Browser()
    browser.sign_in(person)
    return browser.turn_totp_on()


@pytest.mark.django_db(transaction=True)
def test_turning_it_on_needs_the_password_again_and_is_told_by_mail(person):
    browser = Browser()
    assert browser.sign_in(person).status_code == 200
    answer = browser.fetch("GET", "/account/authenticators/totp")
    secret = answer.json()["meta"]["secret"]
    refused = browser.fetch("POST", "/account/authenticators/totp", {"code": totp(secret)})
    assert refused.status_code == 401
    assert not Authenticator.objects.exists()

    browser.turn_totp_on()
    kinds = set(Authenticator.objects.values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert [message.to for message in mail.outbox] == [[person.email]]
    assert "activated" in mail.outbox[0].subject.lower()


def test_the_password_alone_is_not_enough(person, secret):
    browser = Browser()
    assert flow(browser.sign_in(person)) == "mfa_authenticate"
    assert not browser.is_signed_in()
    wrong = browser.fetch("POST", "/auth/2fa/authenticate", {"code": "000000"})
    assert wrong.status_code == 400
    answer = browser.fetch("POST", "/auth/2fa/authenticate", {"code": totp(secret)})
    assert flow(answer) == "mfa_trust"
    assert browser.fetch("POST", "/auth/2fa/trust", {"trust": False}).status_code == 200
    assert browser.is_signed_in()


def test_a_code_works_once(person, secret):
    code = totp(secret)
    statuses = []
    for _ in range(2):
        browser = Browser()
        browser.sign_in(person)
        statuses.append(browser.fetch("POST", "/auth/2fa/authenticate", {"code": code}).status_code)
    assert statuses == [401, 400]  # on to the next step; refused


def test_guessing_codes_is_slowed_down(person, secret):
    browser = Browser()
    browser.sign_in(person)
    for _ in range(5):
        answer = browser.fetch("POST", "/auth/2fa/authenticate", {"code": "000000"})
        assert answer.json()["errors"][0]["code"] == "incorrect_code"
    answer = browser.fetch("POST", "/auth/2fa/authenticate", {"code": totp(secret)})
    assert answer.json()["errors"][0]["code"] == "too_many_login_attempts"


def test_a_recovery_code_works_once(person, secret):
    code = recovery_codes(person)[0]
    statuses = []
    for _ in range(2):
        browser = Browser()
        browser.sign_in(person)
        statuses.append(browser.fetch("POST", "/auth/2fa/authenticate", {"code": code}).status_code)
    assert statuses == [401, 400]
    assert code not in recovery_codes(person)


def test_a_trusted_device_is_not_asked_again_until_the_password_changes(person, secret):
    browser = Browser()
    browser.sign_in(person)
    browser.fetch("POST", "/auth/2fa/authenticate", {"code": totp(secret)})
    assert browser.fetch("POST", "/auth/2fa/trust", {"trust": True}).status_code == 200
    browser.fetch("DELETE", "/auth/session")
    assert browser.sign_in(person).status_code == 200
    # Another device is asked all the same.
    assert flow(Browser().sign_in(person)) == "mfa_authenticate"

    browser.fetch("DELETE", "/auth/session")
    person.set_password("another horse battery")
    person.save()
    assert flow(browser.sign_in(person, "another horse battery")) == "mfa_authenticate"


def test_a_code_by_mail_does_not_go_past_the_second_factor(person, secret):
    browser = Browser()
    cache.clear()
    browser.fetch("POST", "/auth/code/request", {"email": person.email})
    answer = browser.fetch("POST", "/auth/code/confirm", {"code": code_in_mail(person.email)})
    assert flow(answer) == "mfa_authenticate"
