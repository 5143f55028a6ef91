import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache

from apps.accounts.tests.browser import CODE, Browser, code_in_mail, flow
from apps.users.models import User
from apps.users.tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

NEW = {"email": "New@example.org", "display_name": "Nela New", "password": PASSWORD}


def test_somebody_signs_up_verifies_by_the_code_of_the_mail_and_is_signed_in():
    browser = Browser()
    assert flow(browser.fetch("POST", "/auth/signup", NEW)) == "verify_email"
    assert not browser.is_signed_in()
    user = User.objects.get()
    assert (user.email, user.display_name) == ("new@example.org", "Nela New")

    answer = browser.fetch("POST", "/auth/email/verify", {"key": code_in_mail("new@example.org")})
    assert answer.status_code == 200
    assert answer.json()["data"]["user"]["display"] == "Nela New"
    assert EmailAddress.objects.get().verified


def test_a_wrong_code_verifies_nothing_and_three_end_the_attempt():
    browser = Browser()
    browser.fetch("POST", "/auth/signup", NEW)
    right = code_in_mail("new@example.org")
    for _ in range(3):
        answer = browser.fetch("POST", "/auth/email/verify", {"key": "0000-0000"})
        assert answer.status_code == 400
    answer = browser.fetch("POST", "/auth/email/verify", {"key": right})
    assert answer.status_code == 409
    assert not EmailAddress.objects.get().verified


def test_a_name_is_asked_for_and_not_too_long():
    for name in ("", " ", "x" * 81):
        answer = Browser().fetch("POST", "/auth/signup", NEW | {"display_name": name})
        assert answer.status_code == 400
        assert {error["param"] for error in answer.json()["errors"]} == {"display_name"}
    assert not User.objects.exists()


def test_weak_passwords_are_refused():
    answer = Browser().fetch("POST", "/auth/signup", NEW | {"password": "12345678"})
    assert answer.status_code == 400
    assert {error["param"] for error in answer.json()["errors"]} == {"password"}


def test_an_address_that_has_an_account_is_not_told_apart(person):
    known, unknown = Browser(), Browser()
    answers = [
        browser.fetch("POST", "/auth/signup", NEW | {"email": email})
        for browser, email in ((known, person.email), (unknown, "nobody@example.org"))
    ]
    assert answers[0].status_code == answers[1].status_code == 401
    assert answers[0].json() == answers[1].json()
    # The owner of the account is told, by a mail without a code.
    assert mail.outbox[0].to == [person.email]
    assert not CODE.search(str(mail.outbox[0].body))
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert person.display_name == "Pia"


def test_an_unverified_address_signs_in_nowhere():
    Browser().fetch("POST", "/auth/signup", NEW)
    cache.clear()
    assert flow(Browser().sign_in(User.objects.get())) == "verify_email"


def test_closed_means_closed_at_every_door(settings):
    settings.SIGN_UP = "closed"
    browser = Browser()
    assert browser.fetch("POST", "/auth/signup", NEW).status_code == 403
    assert not browser.fetch("GET", "/config").json()["data"]["account"]["is_open_for_signup"]
    page = browser.get("/accounts/signup/")
    token = browser.cookies["csrftoken"].value
    form = {"email": NEW["email"], "password1": PASSWORD, "display_name": "Nela"}
    browser.post("/accounts/signup/", form, headers={"x-csrftoken": token})
    assert b'name="password1"' not in page.content
    assert not User.objects.exists()
    assert not mail.outbox


def test_a_new_code_takes_the_place_of_the_first():
    browser = Browser()
    browser.fetch("POST", "/auth/signup", NEW)
    first = code_in_mail("new@example.org")
    # Not at once: one mail in ten seconds for an address.
    assert browser.fetch("POST", "/auth/email/verify/resend").status_code == 429
    assert len(mail.outbox) == 1
    cache.clear()
    assert browser.fetch("POST", "/auth/email/verify/resend").status_code == 200
    second = code_in_mail("new@example.org")
    for key, status in ((first, 400), (second, 200)):
        assert browser.fetch("POST", "/auth/email/verify", {"key": key}).status_code == status
