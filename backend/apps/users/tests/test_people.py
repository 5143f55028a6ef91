import pytest
from django.apps import apps
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
