"""Whoever signs up with somebody else's address and waits has nothing from it."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.urls import reverse

from apps.accounts.tests.browser import Browser, code_in_mail, flow
from apps.audit.models import Kind, SecurityEvent
from apps.users.models import User
from apps.users.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

VICTIM = "victim@example.org"


@pytest.fixture
def claimed() -> User:
    """An account that somebody made with an address which they could not verify."""
    form = {"email": VICTIM, "display_name": "Not Me", "password": PASSWORD}
    Browser().fetch("POST", "/auth/signup", form)
    cache.clear()
    return User.objects.get()


def by_code(email: str) -> Browser:
    browser = Browser()
    browser.fetch("POST", "/auth/code/request", {"email": email})
    answer = browser.fetch("POST", "/auth/code/confirm", {"code": code_in_mail(email)})
    assert answer.status_code == 200, answer.content
    return browser


def test_a_password_of_before_the_first_proof_by_code_opens_nothing(claimed):
    owner = by_code(VICTIM)
    assert owner.is_signed_in()
    assert EmailAddress.objects.get().verified
    assert Browser().sign_in(claimed).status_code == 400
    claimed.refresh_from_db()
    assert not claimed.has_usable_password()
    assert SecurityEvent.objects.filter(person=claimed, kind=Kind.PASSWORD_CHANGED).exists()


def test_nor_does_an_account_at_another_provider_of_before(claimed):
    SocialAccount.objects.create(user=claimed, provider="oidc", uid="theirs")
    by_code(VICTIM)
    assert not SocialAccount.objects.exists()
    assert SecurityEvent.objects.filter(person=claimed, kind=Kind.PROVIDER_DISCONNECTED).exists()


def test_whoever_signs_in_by_their_password_and_verifies_keeps_it(claimed):
    browser = Browser()
    assert flow(browser.sign_in(claimed)) == "verify_email"
    key = code_in_mail(VICTIM)
    assert browser.fetch("POST", "/auth/email/verify", {"key": key}).status_code == 200
    assert Browser().sign_in(claimed).status_code == 200


def test_a_code_takes_nothing_from_an_account_whose_owner_is_known():
    person = UserFactory.create()
    SocialAccount.objects.create(user=person, provider="oidc", uid="mine")
    by_code(person.email)
    assert SocialAccount.objects.exists()
    assert Browser().sign_in(person).status_code == 200


def test_staff_who_verifies_an_address_takes_nothing_away(claimed, superuser, client):
    SocialAccount.objects.create(user=claimed, provider="oidc", uid="theirs")
    client.force_login(superuser)
    address = EmailAddress.objects.get(user=claimed)
    form = {"action": "make_verified", "_selected_action": [address.pk]}
    client.post(reverse("admin:account_emailaddress_changelist"), form)
    assert EmailAddress.objects.get(user=claimed).verified
    assert SocialAccount.objects.exists()
    assert Browser().sign_in(claimed).status_code == 200


@pytest.mark.parametrize(
    ("said", "believed"),
    [(True, True), ("true", True), ("false", False), (False, False), (None, False)],
)
def test_only_a_yes_of_the_provider_makes_an_address_verified(settings, rf, said, believed):
    app = {"provider_id": "oidc", "name": "Ours", "client_id": "house", "secret": "x"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [app | {"settings": {"server_url": "http://127.0.0.1:1"}}]}
    }
    provider = get_adapter().get_provider(rf.get("/"), "oidc")
    data = {"userinfo": {"sub": "1", "email": VICTIM, "email_verified": said}}
    (address,) = provider.extract_email_addresses(data)
    assert address.verified is believed
