"""People who did not sign up: made in the admin, by a command, or there before accounts were."""

import importlib

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse

from apps.accounts.tests.browser import Browser
from apps.users.models import User
from apps.users.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def addresses(user: User) -> dict[str, tuple[bool, bool]]:
    rows = EmailAddress.objects.filter(user=user)
    return {row.email: (row.verified, row.primary) for row in rows}


def test_a_superuser_made_by_the_command_signs_in(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", email="Ada@example.org", display_name="Ada")
    assert Browser().sign_in(User.objects.get()).status_code == 200


def test_somebody_made_in_the_admin_signs_in(client, superuser):
    client.force_login(superuser)
    form = {
        "email": "made@example.org",
        "display_name": "Made",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert client.post(reverse("admin:users_user_add"), form).status_code == 302
    assert Browser().sign_in(User.objects.get(email="made@example.org")).status_code == 200


def test_an_address_changed_in_the_admin_takes_the_place_of_the_old_one(client, superuser, person):
    client.force_login(superuser)
    old = person.email
    claimed = UserFactory.create()
    EmailAddress.objects.create(user=claimed, email="moved@example.org", verified=True)
    form = {
        "email": "moved@example.org",
        "display_name": "Pia",
        "time_zone": "UTC",
        "theme": "auto",
        "is_active": "on",
    }
    url = reverse("admin:users_user_change", args=[person.pk])
    assert client.post(url, form).status_code == 302
    assert addresses(person) == {"moved@example.org": (True, True)}
    assert set(addresses(claimed)) == {claimed.email}
    person.refresh_from_db()
    assert Browser().sign_in(person).status_code == 200
    person.email = old
    assert Browser().sign_in(person).status_code == 400


def test_who_was_there_before_is_taken_over_by_the_migration(person):
    EmailAddress.objects.all().delete()
    signed_up = UserFactory.create()
    EmailAddress.objects.filter(user=signed_up).update(verified=False)
    name = "apps.accounts.migrations.0001_addresses_of_those_who_were_there"
    importlib.import_module(name).vouch(apps, None)
    assert addresses(person) == {person.email: (True, True)}
    assert addresses(signed_up) == {signed_up.email: (False, True)}


def test_another_primary_address_is_the_name_to_sign_in_by(person):
    browser = Browser()
    browser.sign_in(person)
    browser.reauthenticate()
    EmailAddress.objects.create(user=person, email="second@example.org", verified=True)
    change = {"email": "second@example.org", "primary": True}
    assert browser.fetch("PATCH", "/account/email", change).status_code == 200
    person.refresh_from_db()
    assert person.email == "second@example.org"
    assert Browser().sign_in(person).status_code == 200
