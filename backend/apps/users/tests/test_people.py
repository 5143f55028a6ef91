import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from apps.users.models import User
from apps.users.roles import ROLES, sync_roles
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_emails_are_unique_whatever_the_case():
    User.objects.create_user("Ada@Example.org", "pw", display_name="Ada")
    assert User.objects.get().email == "ada@example.org"
    with pytest.raises(ValidationError, match="already an account"):
        User.objects.create_user("ADA@example.org", "pw", display_name="Eve")
    with pytest.raises(IntegrityError):
        UserFactory.create(email="ADA@example.org")


def permissions_of(role: str) -> set[str]:
    found = Group.objects.get(name=role).permissions.all()
    return {f"{p.content_type.app_label}.{p.codename}" for p in found}


def test_roles_have_the_permissions_of_the_table():
    for role, names in ROLES.items():
        assert permissions_of(role) == set(names)


def test_a_change_of_the_table_reaches_the_database(monkeypatch):
    config = apps.get_app_config("users")
    for names in (("users.view_user", "users.change_user"), ("users.view_user",)):
        monkeypatch.setitem(ROLES, "editor", names)
        sync_roles(config, "default")
        assert permissions_of("editor") == set(names)


def test_a_password_kept_by_an_older_hash_is_kept_by_argon2_after_the_next_sign_in(
    person, settings
):
    settings.PASSWORD_HASHERS = [
        "apps.users.hashers.Argon2",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    person.password = make_password("correct horse", hasher="pbkdf2_sha256")
    person.save()
    assert authenticate(username=person.email, password="correct horse") == person
    person.refresh_from_db()
    assert person.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert authenticate(username=person.email, password="correct horse") == person
