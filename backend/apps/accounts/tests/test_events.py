"""What django-allauth does, in the log of security events."""

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import password_reset
from allauth.socialaccount.models import SocialAccount
from django.core import mail

from apps.accounts.tests.browser import Browser, code_in_mail, recovery_codes, totp
from apps.audit.models import Kind, SecurityEvent
from apps.users.tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(person) -> list[str]:
    events = SecurityEvent.objects.filter(person=person).order_by("id")
    return list(events.values_list("kind", flat=True))


@pytest.fixture
def browser(person):
    browser = Browser()
    assert browser.sign_in(person).status_code == 200
    return browser


def test_sign_in_failure_and_sign_out(person):
    browser = Browser()
    browser.sign_in(person, "wrong")
    browser.sign_in(person)
    browser.fetch("DELETE", "/auth/session")
    assert kinds(person) == [Kind.SIGN_IN_FAILED, Kind.SIGN_IN, Kind.SIGN_OUT]


def test_sign_up(settings):
    settings.SIGN_UP = "open"
    browser = Browser()
    form = {"email": "new@example.org", "password": PASSWORD, "display_name": "New"}
    browser.fetch("POST", "/auth/signup", form)
    answer = browser.fetch("POST", "/auth/email/verify", {"key": code_in_mail("new@example.org")})
    assert answer.status_code == 200, answer.content
    person = EmailAddress.objects.get(email="new@example.org").user
    assert kinds(person) == [Kind.SIGN_UP, Kind.EMAIL_VERIFIED, Kind.SIGN_IN]


def test_too_many_attempts_are_told_once(person, settings):
    for _ in range(8):
        Browser().sign_in(person, "wrong")
    found = kinds(person)
    assert set(found) == {Kind.SIGN_IN_FAILED}
    assert 0 < len(found) < 8
    assert SecurityEvent.objects.filter(kind=Kind.SIGN_IN_LIMITED).count() == 1


def test_second_factors_from_the_first_to_the_last(person, browser):
    secret = browser.turn_totp_on()
    another = Browser()
    another.sign_in(person)
    another.fetch("POST", "/auth/2fa/authenticate", {"code": "000000"})
    another.fetch("POST", "/auth/2fa/authenticate", {"code": recovery_codes(person)[0]})
    assert browser.fetch("DELETE", "/account/authenticators/totp").status_code == 200
    events = SecurityEvent.objects.filter(person=person, kind__startswith="factor").order_by("id")
    told = [(event.kind, event.details["factor"]) for event in events]
    assert told[:2] == [(Kind.FACTOR_ADDED, "totp"), (Kind.FACTOR_ADDED, "recovery_codes")]
    assert told[2][0] == Kind.FACTOR_FAILED
    assert told[3:] == [
        (Kind.FACTOR_USED, "recovery_codes"),
        (Kind.FACTOR_REMOVED, "totp"),
        (Kind.FACTOR_REMOVED, "recovery_codes"),
    ]
    log = str(SecurityEvent.objects.values())
    assert secret not in log
    assert totp(secret) not in log


def test_addresses(person, browser):
    browser.reauthenticate()
    answer = browser.fetch("POST", "/account/email", {"email": "second@example.net"})
    assert answer.status_code == 200, answer.content
    verified = browser.fetch(
        "POST", "/auth/email/verify", {"key": code_in_mail("second@example.net")}
    )
    assert verified.status_code == 200, verified.content
    browser.fetch("PATCH", "/account/email", {"email": "second@example.net", "primary": True})
    browser.fetch("DELETE", "/account/email", {"email": person.email})
    found = kinds(person)
    for kind in (Kind.EMAIL_ADDED, Kind.EMAIL_VERIFIED, Kind.EMAIL_CHANGED, Kind.EMAIL_REMOVED):
        assert found.count(kind) == 1, (kind, found)
    added = SecurityEvent.objects.get(kind=Kind.EMAIL_ADDED)
    assert added.details == {"address": "s…@example.net"}


def test_a_changed_and_a_reset_password(person, browser):
    new = "an entirely new password"
    form = {"current_password": PASSWORD, "new_password": new}
    assert browser.fetch("POST", "/account/password/change", form).status_code == 200
    assert kinds(person)[1:] == [Kind.PASSWORD_CHANGED]
    password_reset.send(type(person), request=None, user=person)
    assert kinds(person)[2:] == [Kind.PASSWORD_RESET]


def test_a_session_that_was_ended_from_another_one(person, browser):
    Browser().sign_in(person)
    sessions = browser.fetch("GET", "/auth/sessions").json()["data"]
    other = [session["id"] for session in sessions if not session["is_current"]]
    assert browser.fetch("DELETE", "/auth/sessions", {"sessions": other}).status_code == 200
    assert kinds(person) == [Kind.SIGN_IN, Kind.SIGN_IN, Kind.SESSION_ENDED]


def test_an_account_of_another_provider_that_was_disconnected(person, browser, settings):
    app = {"client_id": "house", "secret": "none"}
    settings.SOCIALACCOUNT_PROVIDERS = {"github": {"APPS": [app]}}
    SocialAccount.objects.create(user=person, provider="github", uid="1")
    browser.reauthenticate()
    answer = browser.fetch("DELETE", "/account/providers", {"provider": "github", "account": "1"})
    assert answer.status_code == 200, answer.content
    event = SecurityEvent.objects.get(kind=Kind.PROVIDER_DISCONNECTED)
    assert (event.person, event.details) == (person, {"provider": "github"})


def test_a_sign_in_from_a_new_place_is_told_by_mail(person, browser):
    assert mail.outbox == []
    away = Browser(REMOTE_ADDR="198.51.100.9", headers={"user-agent": "<b>Fire & Fox</b>"})
    away.sign_in(person)
    (message,) = mail.outbox
    assert message.to == [person.email]
    assert "198.51.100.9" in message.body
    assert "<b>Fire & Fox</b>" in message.body
    assert isinstance(message, mail.EmailMultiAlternatives)
    html = str(message.alternatives[0][0])
    assert "&lt;b&gt;Fire &amp; Fox" in html
    assert "<b>" not in html
    assert "http://testserver/" in html


def test_events_are_part_of_what_a_person_can_take_along(person, browser):
    from apps.accounts.personal_data import export

    assert [event["kind"] for event in export(user=person)["security_events"]] == [Kind.SIGN_IN]
