"""Secrets of second factors at rest: encrypted, and readable through a change of the key."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from apps.accounts.encryption import TOKEN, decrypt, encrypt, renew_all
from apps.accounts.tests.browser import Browser, recovery_codes, totp

pytestmark = pytest.mark.django_db

OTHER = "another-key-of-no-value-that-is-long-enough-for-every-check"


@pytest.fixture
def secret(person):
    browser = Browser()
    browser.sign_in(person)
    return browser.turn_totp_on()


def stored() -> dict[str, str]:
    rows = Authenticator.objects.all()
    return {row.type: row.data["secret" if row.type == "totp" else "seed"] for row in rows}


def takes(person, code) -> bool:
    browser = Browser()
    browser.sign_in(person)
    return browser.fetch("POST", "/auth/2fa/authenticate", {"code": code}).status_code == 401


def store_as_before() -> None:
    """As rows lay there when nothing was encrypted."""
    for row in Authenticator.objects.all():
        name = "secret" if row.type == "totp" else "seed"
        row.data[name] = decrypt(row.data[name])
        row.save()


def test_neither_the_secret_nor_the_seed_can_be_read_in_the_database(person, secret):
    assert all(text.startswith(TOKEN) for text in stored().values())
    assert len(stored()) == 2
    assert secret not in str(stored())
    assert encrypt("the same") != encrypt("the same")
    assert takes(person, totp(secret))
    assert takes(person, recovery_codes(person)[0])


def test_what_was_stored_before_still_works_and_is_encrypted_by_the_next_migrate(person, secret):
    store_as_before()
    codes = recovery_codes(person)
    assert stored()["totp"] == secret
    assert takes(person, codes[0])
    call_command("migrate", verbosity=0)
    assert all(text.startswith(TOKEN) for text in stored().values())
    assert recovery_codes(person) == codes[1:]  # what is used up stays so
    assert takes(person, totp(secret))


def test_codes_taken_over_from_another_package_are_encrypted_too(person):
    row = Authenticator.objects.create(
        user=person, type="recovery_codes", data={"migrated_codes": ["first", "second"]}
    )
    assert renew_all() == 1
    row.refresh_from_db()
    assert all(code.startswith(TOKEN) for code in row.data["migrated_codes"])
    assert row.wrap().get_unused_codes() == ["first", "second"]


def test_a_new_key_reads_by_its_fallback_until_migrate_has_made_that_needless(
    person, secret, settings
):
    codes = recovery_codes(person)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], OTHER
    assert takes(person, codes[0])
    call_command("migrate", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []
    assert takes(person, codes[1])
    assert takes(person, totp(secret))
    assert renew_all() == 0


def test_without_its_key_a_factor_opens_nothing_and_stays_as_it_is(
    person, secret, settings, caplog
):
    before, code = stored(), recovery_codes(person)[0]
    settings.SECRET_KEY = OTHER
    browser = Browser()
    browser.sign_in(person)
    answer = browser.fetch("POST", "/auth/2fa/authenticate", {"code": code})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "incorrect_code"
    assert renew_all() == 0
    assert stored() == before
    assert "2 second factors cannot be read" in caplog.text
