"""Sign-in by OpenID Connect, against providers that run as processes of their own."""

import re
import runpy
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from apps.users.models import User
from apps.users.tests.factories import UserFactory
from config.env import ROOT
from tests.oidc.providers import commands, running

API = "/_allauth/browser/v1"
CALLBACK = "http://testserver/accounts/oidc/oidc/login/callback/"
BACK = "http://testserver/back"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", params=commands())
def issuer(request: pytest.FixtureRequest) -> Iterator[str]:
    with running(request.param, callback=CALLBACK) as issuer:
        yield issuer


@pytest.fixture(autouse=True)
def configured(issuer: str, monkeypatch: pytest.MonkeyPatch, settings) -> None:
    """As if the four variables had been set."""
    monkeypatch.setenv("OIDC_ISSUER", issuer)
    monkeypatch.setenv("OIDC_CLIENT_ID", "house")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "secret")
    monkeypatch.setenv("OIDC_NAME", "Our directory")
    made = runpy.run_path(str(ROOT / "backend/config/settings/accounts.py"))
    settings.SOCIALACCOUNT_PROVIDERS = made["SOCIALACCOUNT_PROVIDERS"]


def at_the_provider(url: str, name: str) -> str:
    """What a person does there: sign in, agree; the address to which they are sent back."""
    session = requests.Session()
    answer = session.get(url, allow_redirects=False, timeout=10)
    for _ in range(12):
        if location := answer.headers.get("location"):
            url = urljoin(url, location)
            if url.startswith("http://testserver/"):
                return url
            answer = session.get(url, allow_redirects=False, timeout=10)
            continue
        assert answer.status_code == 200, answer.text
        page = unescape(answer.text)
        form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        action = re.search(r'<form[^>]*action="([^"]+)"', page)
        form |= {"login": name, "password": "longhouse"}
        url = urljoin(url, action[1]) if action else url
        answer = session.post(url, form, allow_redirects=False, timeout=10)
    raise AssertionError(f"The provider goes round in circles: {url}")


@pytest.fixture
def visit() -> Callable[..., Client]:
    """Goes to the provider and comes back as somebody."""

    def go(name: str, *, process: str = "login", browser: Client | None = None) -> Client:
        browser = browser or Client()
        form = {"provider": "oidc", "callback_url": BACK, "process": process}
        away = browser.post(f"{API}/auth/provider/redirect", form)
        assert away.status_code == 302
        asked = parse_qs(urlsplit(away["location"]).query)
        assert asked["code_challenge_method"] == ["S256"]
        back = urlsplit(at_the_provider(away["location"], name))
        answer = browser.get(f"{back.path}?{back.query}")
        assert answer.status_code == 302, answer.content
        assert answer["location"].startswith(BACK)
        return browser

    return go


def is_signed_in(browser: Client) -> bool:
    return browser.get(f"{API}/auth/session").status_code == 200


def test_the_provider_is_offered_by_its_name() -> None:
    config = Client().get(f"{API}/config").json()["data"]["socialaccount"]["providers"]
    assert [(entry["id"], entry["name"]) for entry in config] == [("oidc", "Our directory")]


def test_somebody_new_gets_an_account_with_the_verified_address(visit) -> None:
    assert is_signed_in(visit("known"))
    user = User.objects.get()
    assert (user.email, user.display_name) == ("known@example.org", "Kim Known")
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    # And the same account the next time.
    assert is_signed_in(visit("known"))
    assert User.objects.count() == 1


def test_a_verified_address_opens_the_account_that_it_belongs_to(visit) -> None:
    user = UserFactory.create(email="known@example.org")
    browser = visit("known")
    assert browser.get(f"{API}/auth/session").json()["data"]["user"]["id"] == str(user.pk)
    assert SocialAccount.objects.filter(user=user).count() == 1


def test_an_address_that_is_only_claimed_opens_nothing(visit) -> None:
    user = UserFactory.create(email="claimed@example.org")
    assert not is_signed_in(visit("claimed"))
    assert not SocialAccount.objects.filter(user=user).exists()


def test_the_second_factor_is_asked_for_all_the_same(visit) -> None:
    user = UserFactory.create(email="known@example.org")
    TOTP.activate(user, generate_totp_secret())
    assert Authenticator.objects.exists()
    browser = visit("known")
    assert not is_signed_in(browser)
    flows = browser.get(f"{API}/auth/session").json()["data"]["flows"]
    assert [flow["id"] for flow in flows if flow.get("is_pending")] == ["mfa_authenticate"]


def test_nobody_new_gets_in_when_sign_up_is_closed(visit, settings) -> None:
    settings.SIGN_UP = "closed"
    assert not is_signed_in(visit("known"))
    assert not User.objects.exists()


def test_an_answer_that_nobody_asked_for_is_refused(visit) -> None:
    away = Client().post(
        f"{API}/auth/provider/redirect",
        {"provider": "oidc", "callback_url": BACK, "process": "login"},
    )
    back = urlsplit(at_the_provider(away["location"], "known"))
    victim = Client()
    victim.get(f"{back.path}?{back.query}")
    assert not is_signed_in(victim)
    assert not User.objects.exists()


def test_nobody_is_sent_back_to_another_site() -> None:
    form = {"provider": "oidc", "callback_url": "https://evil.example/", "process": "login"}
    answer = Client().post(f"{API}/auth/provider/redirect", form)
    assert "evil.example" not in answer.get("location", "")
