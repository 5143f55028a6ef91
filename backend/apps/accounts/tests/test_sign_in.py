"""Password, code by mail, reset, sessions; and what attackers try at these doors."""

import re

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.tests.browser import API, LINK, Browser, code_in_mail, flow, last_mail
from apps.users.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def test_a_person_signs_in_and_out(person):
    browser = Browser()
    answer = browser.sign_in(person)
    assert answer.json()["data"]["user"] == {
        "id": str(person.pk),
        "display": "Pia",
        "email": person.email,
        "has_usable_password": True,
    }
    assert browser.is_signed_in()
    assert browser.fetch("DELETE", "/auth/session").status_code == 401
    assert not browser.is_signed_in()


def test_a_password_is_taken_to_the_letter():
    word = " Correct horse, battery; staple \t" + "x" * 200
    person = UserFactory.create(password=word)
    for wrong in (word.strip(), word.lower(), word[:72], word[:-1]):
        assert Browser().sign_in(person, wrong).status_code == 400
    assert Browser().sign_in(person, word).status_code == 200


def test_the_session_key_of_before_is_worth_nothing_after(person):
    browser = Browser()
    browser.fetch("POST", "/auth/code/request", {"email": person.email})
    before = browser.cookies["sessionid"].value
    browser.fetch("DELETE", "/auth/session")
    assert browser.sign_in(person).status_code == 200
    assert browser.cookies["sessionid"].value != before
    stale = Client()
    stale.cookies["sessionid"] = before
    assert stale.get(f"{API}/auth/session").status_code == 401


def test_a_code_by_mail_signs_in(person):
    browser = Browser()
    asked = browser.fetch("POST", "/auth/code/request", {"email": person.email})
    assert flow(asked) == "login_by_code"
    code = code_in_mail(person.email)
    assert browser.fetch("POST", "/auth/code/confirm", {"code": "0000-0000"}).status_code == 400
    assert browser.fetch("POST", "/auth/code/confirm", {"code": code}).status_code == 200
    assert browser.is_signed_in()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/auth/login", {"password": "wrong"}),
        ("/auth/code/request", {}),
        ("/auth/password/request", {}),
    ],
)
def test_who_has_an_account_cannot_be_found_out(person, path, body, monkeypatch):
    hashed = []
    hasher = type(get_hasher())
    encode = hasher.encode

    def counting(self, *args, **kwargs):
        hashed.append(1)
        return encode(self, *args, **kwargs)

    monkeypatch.setattr(hasher, "encode", counting)
    seen = []
    for email in (person.email, "nobody@example.org"):
        hashed.clear()
        mail.outbox.clear()
        answer = Browser().fetch("POST", path, body | {"email": email})
        seen.append((answer.status_code, answer.json(), len(hashed), len(mail.outbox)))
    assert seen[0] == seen[1]


def test_a_disabled_account_looks_like_a_wrong_password(person):
    wrong = Browser().sign_in(person, "wrong")
    person.is_active = False
    person.save()
    answer = Browser().sign_in(person)
    assert (answer.status_code, answer.json()) == (wrong.status_code, wrong.json())


def refusal(answer):
    return answer.json()["errors"][0]["code"]


def test_guessing_at_one_account_is_slowed_down_from_everywhere(person):
    for number in range(5):
        browser = Browser(REMOTE_ADDR=f"192.0.2.{number}", headers={"host": f"testserver:{number}"})
        assert (
            browser.sign_in(person, "wrong").json()["errors"][0]["code"]
            == "email_password_mismatch"
        )
    elsewhere = Browser(REMOTE_ADDR="192.0.2.99", headers={"host": "testserver:99"})
    assert refusal(elsewhere.sign_in(person)) == "too_many_login_attempts"
    # Others are let in all the same.
    assert elsewhere.sign_in(UserFactory.create()).status_code == 200


def test_guessing_by_one_client_is_slowed_down_behind_proxies_too(settings):
    settings.TRUSTED_PROXIES = 1
    # What the client claims does not count; what the proxy saw does.
    browser = Browser(REMOTE_ADDR="127.0.0.1")
    for number in range(10):
        forwarded = {"x-forwarded-for": f"192.0.2.{number}, 203.0.113.5"}
        body = {"email": UserFactory.create().email, "password": "wrong"}
        answer = browser.fetch("POST", "/auth/login", body, headers=forwarded)
        assert refusal(answer) == "email_password_mismatch"
    body = {"email": UserFactory.create().email, "password": PASSWORD}
    refused, other = (
        browser.fetch("POST", "/auth/login", body, headers={"x-forwarded-for": address})
        for address in ("198.51.100.1, 203.0.113.5", "203.0.113.6")
    )
    assert refused.status_code == 429
    assert other.status_code == 200


def test_a_page_of_another_origin_cannot_sign_its_visitor_in(person):
    """Login CSRF: JSON can be sent across origins as text/plain, without a preflight."""
    browser = Browser()
    body = f'{{"email": "{person.email}", "password": "{PASSWORD}", "x": "="}}'
    for client in (browser, Client(enforce_csrf_checks=True)):
        answer = client.generic(
            "POST",
            f"{API}/auth/login",
            body,
            "text/plain",
            headers={"origin": "https://evil.example"},
        )
        assert answer.status_code == 403
        assert answer["content-type"] == "application/problem+json"
        assert "sessionid" not in answer.cookies
    # With a token, but from elsewhere.
    answer = browser.fetch(
        "POST",
        "/auth/login",
        {"email": person.email, "password": PASSWORD},
        headers={"origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert not browser.is_signed_in()


def test_a_forgotten_password_is_set_anew_by_the_link_of_the_mail(person):
    browser = Browser()
    asked = browser.fetch("POST", "/auth/password/request", {"email": person.email})
    assert asked.status_code == 200
    (link,) = LINK.findall(last_mail(person.email))
    (key,) = re.findall(r"([0-9A-Za-z]+-[0-9A-Za-z]+-[0-9a-f]+)/?$", link)
    body = {"key": key, "password": "another horse battery"}
    assert browser.fetch("POST", "/auth/password/reset", body).status_code == 401
    assert browser.sign_in(person).status_code == 400
    assert browser.sign_in(person, "another horse battery").status_code == 200
    # The link is used up.
    assert Browser().fetch("POST", "/auth/password/reset", body).status_code == 400


def test_links_in_mails_lead_to_the_site_whatever_host_was_asked(person, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://www.example.org"
    browser = Browser(headers={"host": "evil.example"})
    for path in ("/auth/password/request", "/auth/code/request"):
        for email in (person.email, "nobody@example.org"):
            browser.fetch("POST", path, {"email": email})
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        assert "evil.example" not in f"{message.subject} {message.body}"
    links = [link for message in mail.outbox for link in LINK.findall(str(message.body))]
    assert any(link.startswith("https://www.example.org/") for link in links)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(client, person, settings, target):
    form = {"login": person.email, "password": PASSWORD}
    answer = client.post("/accounts/login/", form, query_params={"next": target})
    assert (answer.status_code, answer["location"]) == (302, settings.LOGIN_REDIRECT_URL)


def test_nobody_can_frame_the_pages(client):
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        answer = client.get(path)
        assert answer["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["content-security-policy"]


def test_other_sessions_are_listed_and_ended(person):
    here = Browser(headers={"user-agent": "Here"})
    there = Browser(headers={"user-agent": "There"}, REMOTE_ADDR="2001:db8::7")
    here.sign_in(person)
    there.sign_in(person)
    UserFactory.create()
    listed = here.fetch("GET", "/auth/sessions").json()["data"]
    assert {(entry["user_agent"], entry["ip"], entry["is_current"]) for entry in listed} == {
        ("Here", "127.0.0.1", True),
        ("There", "2001:db8::7", False),
    }
    other = next(entry["id"] for entry in listed if not entry["is_current"])
    here.fetch("DELETE", "/auth/sessions", {"sessions": [other]})
    assert not there.is_signed_in()
    assert here.is_signed_in()


def test_being_signed_in_costs_no_write_for_each_request(person):
    browser = Browser()
    browser.sign_in(person)
    with CaptureQueriesContext(connection) as seen:
        assert browser.is_signed_in()
    assert not [query for query in seen if not query["sql"].startswith("SELECT")]


def test_a_new_password_ends_the_other_sessions_and_is_told_by_mail(person):
    here, there = Browser(), Browser()
    here.sign_in(person)
    there.sign_in(person)
    here.reauthenticate()
    body = {"current_password": PASSWORD, "new_password": "another horse battery"}
    assert here.fetch("POST", "/account/password/change", body).status_code == 200
    assert here.is_signed_in()
    assert not there.is_signed_in()
    assert "password" in str(mail.outbox[-1].subject).lower()
