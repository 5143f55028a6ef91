import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from apps.users.models import User
from apps.users.roles import ROLES
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_emails_are_unique_whatever_the_case():
    User.objects.create_user("Ada@Example.org", "pw", display_name="Ada")
    assert User.objects.get().email == "ada@example.org"
    with pytest.raises(ValidationError, match="already an account"):
        User.objects.create_user("ADA@example.org", "pw", display_name="Eve")
    with pytest.raises(IntegrityError):
        UserFactory.create(email="ADA@example.org")


def test_roles_have_the_permissions_of_the_table():
    for role, names in ROLES.items():
        group = Group.objects.get(name=role)
        found = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}
        assert found == set(names)
