"""The way to another provider, and one that does not answer; tests/oidc goes all the way."""

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit  # feature: spa

import pytest
from allauth.core.context import request_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.core import mail

from apps.accounts.tests.browser import Browser
from apps.users.models import User
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def directory(url: str) -> dict[str, object]:
    """The settings of an OpenID Connect provider at `url`."""
    app = {"provider_id": "oidc", "name": "Our directory", "client_id": "house", "secret": "x"}
    return {"openid_connect": {"APPS": [app | {"settings": {"server_url": url}}]}}


@pytest.fixture
def silent(settings) -> None:
    """A provider at a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.SOCIALACCOUNT_PROVIDERS = directory(f"http://127.0.0.1:{port}")


@pytest.fixture
def mistaken(settings) -> Iterator[None]:
    """Something that answers there and is no provider."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"hello": "world"}')

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.SOCIALACCOUNT_PROVIDERS = directory(f"http://127.0.0.1:{server.server_port}")
        yield
        server.shutdown()


def post(browser, path, body=None, form=None):
    headers = {"x-csrftoken": browser.cookies["csrftoken"].value}
    if form is not None:
        return browser.post(path, form, headers=headers)
    return browser.post(path, json.dumps(body), "application/json", headers=headers)


# feature: spa
GITHUB = {"APPS": [{"client_id": "house", "secret": "secret"}]}
START = "/api/session/provider"
CHOICE = {"provider": "github", "process": "login", "callback_url": "/sign-in/callback"}


@pytest.fixture
def github(settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"github": GITHUB}


def test_the_browser_is_told_where_to_go(github):
    answer = post(Browser(), START, CHOICE)
    assert answer.status_code == 200
    url = urlsplit(answer.json()["url"])
    query = {name: value for name, (value,) in parse_qs(url.query).items()}
    assert (url.scheme, url.netloc) == ("https", "github.com")
    assert query["client_id"] == "house"
    assert query["redirect_uri"] == "http://testserver/accounts/github/login/callback/"
    assert query["state"] not in {"", post(Browser(), START, CHOICE).json()["url"]}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"callback_url": "https://evil.example/"}, "callback_url"),
        ({"callback_url": "//evil.example/"}, "callback_url"),
        ({"provider": "nowhere"}, "provider"),
        ({"process": "redirect"}, "process"),
    ],
)
def test_what_is_wrong_is_named(github, wrong, field):
    answer = post(Browser(), START, CHOICE | wrong)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_nobody_is_sent_away_from_elsewhere(github):
    answer = Browser().post(START, json.dumps(CHOICE), "application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize("away", ["silent", "mistaken"])
def test_a_provider_that_does_not_answer_is_a_problem_of_its_own(away, request):
    request.getfixturevalue(away)
    answer = post(Browser(), START, CHOICE | {"provider": "oidc"})
    assert answer.status_code == 503
    assert answer["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/provider-unavailable"
    assert "Our directory does not answer" in answer.json()["detail"]


# end feature: spa
def test_allauths_own_operation_says_it_too(silent):
    form = {"provider": "oidc", "process": "login", "callback_url": "http://testserver/back"}
    answer = post(Browser(), "/_allauth/browser/v1/auth/provider/redirect", form=form)
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/provider-unavailable"


@pytest.mark.parametrize("away", ["silent", "mistaken"])
def test_pages_lead_back_to_the_sign_in_and_say_it_there(away, request):
    request.getfixturevalue(away)
    browser = Browser()
    answer = post(browser, "/accounts/oidc/oidc/login/?process=login", form={})
    assert (answer.status_code, answer["location"]) == (302, "/accounts/login/")
    page = browser.get(answer["location"])
    assert page.status_code == 200
    assert "Our directory does not answer" in page.text


def test_who_wanted_to_connect_an_account_hears_it_there(silent):
    browser = Browser()
    browser.sign_in(UserFactory.create())
    answer = post(browser, "/accounts/oidc/oidc/login/?process=connect", form={})
    assert answer["location"] == "/accounts/3rdparty/"
    assert "Our directory does not answer" in browser.get(answer["location"]).text


@pytest.mark.parametrize(
    ("state", "location"),
    [
        ({}, "/accounts/confirm-email/"),
        ({"headless": True, "next": "/sign-in/callback"}, "/sign-in/callback"),
    ],
)
def test_an_address_that_got_an_account_this_very_moment_is_answered_as_any_other(
    person, state, location
):
    browser = Browser()
    request = browser.get("/accounts/login/").wsgi_request
    account = SocialAccount(provider="oidc", uid="1")
    login = SocialLogin(user=User(email=person.email, display_name="Kim"), account=account)
    login.state = state
    with request_context(request), pytest.raises(ImmediateHttpResponse) as answer:
        get_adapter().save_user(request, login)
    assert answer.value.response["location"] == location
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert mail.outbox[0].to == [person.email]
