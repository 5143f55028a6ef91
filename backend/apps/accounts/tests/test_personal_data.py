"""Taking one's data along, and leaving."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from apps.accounts.tests.browser import Browser, totp
from apps.users.models import User
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def delete(browser):
    token = browser.cookies["csrftoken"].value
    return browser.delete("/api/profile", headers={"x-csrftoken": token})


@pytest.fixture
def browser(person):
    browser = Browser(headers={"user-agent": "Mine"})
    browser.sign_in(person)
    return browser


def test_the_export_holds_the_person_s_data_and_nobody_else_s(browser, person):
    other = UserFactory.create(display_name="Somebody Else")
    Browser(headers={"user-agent": "Theirs"}).sign_in(other)
    answer = browser.get("/api/profile/export")
    assert answer["content-disposition"].startswith('attachment; filename="personal-data-')
    data = answer.json()
    assert data["profile"]["email"] == person.email
    assert data["account"]["email_addresses"] == [
        {"email": person.email, "verified": True, "primary": True}
    ]
    assert [entry["user_agent"] for entry in data["account"]["sessions"]] == ["Mine"]
    assert other.email not in answer.text


def test_the_export_holds_no_secret(browser, person):
    secret = browser.turn_totp_on()
    text = browser.get("/api/profile/export").text
    assert '"totp"' in text
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    for hidden in (secret, seed, person.password):
        assert hidden not in text


def test_nobody_signed_out_gets_or_deletes_anything(person):
    browser = Browser()
    assert browser.get("/api/profile/export").status_code == 401
    assert delete(browser).status_code == 401


def test_an_account_is_deleted_once_its_owner_has_confirmed(browser, person):
    elsewhere = Browser()
    elsewhere.sign_in(person)
    refused = delete(browser)
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/reauthentication-needed"
    assert User.objects.filter(pk=person.pk).exists()

    browser.reauthenticate()
    assert delete(browser).status_code == 204
    assert not User.objects.filter(pk=person.pk).exists()
    assert not Session.objects.exists()
    assert not browser.is_signed_in()
    assert not elsewhere.is_signed_in()


def test_the_code_of_a_second_factor_confirms_as_well(browser, person):
    secret = browser.turn_totp_on()
    again = Browser()
    again.sign_in(person)
    again.fetch("POST", "/auth/2fa/authenticate", {"code": totp(secret)})
    again.fetch("POST", "/auth/2fa/trust", {"trust": False})
    assert delete(again).status_code == 403
    code = browser.fetch("GET", "/account/authenticators/recovery-codes").json()["data"][
        "unused_codes"
    ][0]
    assert again.fetch("POST", "/auth/2fa/reauthenticate", {"code": code}).status_code == 200
    assert delete(again).status_code == 204


def test_the_last_superuser_stays(superuser):
    browser = Browser()
    browser.sign_in(superuser)
    browser.reauthenticate()
    assert delete(browser).status_code == 409
    UserFactory.create(is_superuser=True)
    assert delete(browser).status_code == 204
