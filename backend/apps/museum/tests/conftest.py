"""People with their roles."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from apps.users.models import User
from apps.users.roles import MAINTAINER, MANAGER, VISITOR
from apps.users.tests.factories import UserFactory


def _person(role: str, **fields: Any) -> User:
    user = UserFactory.create(**fields)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def visitor(db: None) -> User:
    return _person(VISITOR, display_name="Vera")


@pytest.fixture
def maintainer(db: None) -> User:
    return _person(MAINTAINER, display_name="Milo")


@pytest.fixture
def second_maintainer(db: None) -> User:
    return _person(MAINTAINER, display_name="Sana")


@pytest.fixture
def manager(db: None) -> User:
    return _person(MANAGER, display_name="Mara")
