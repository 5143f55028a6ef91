"""People of the wiki and pages to edit; for the tests of editing."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from apps.users.models import User
from apps.users.roles import EDITOR, MODERATOR
from apps.users.tests.factories import UserFactory
from apps.wiki.models import Company, Park, Ride
from apps.wiki.services import drafts, proposals
from longhouse.versioning import reviews
from longhouse.versioning.models import Branch, Commit


@pytest.fixture
def writer(db: None) -> User:
    """Somebody who has just signed up."""
    return UserFactory.create(display_name="Wim")


@pytest.fixture
def other(db: None) -> User:
    return UserFactory.create(display_name="Olga")


@pytest.fixture
def editor(db: None) -> User:
    return _in_group(EDITOR, "Edda")


@pytest.fixture
def moderator(db: None) -> User:
    return _in_group(MODERATOR, "Mona")


def _in_group(name: str, display_name: str) -> User:
    user = UserFactory.create(display_name=display_name)
    user.groups.add(Group.objects.get(name=name))
    return user


@pytest.fixture
def park(db: None) -> Park:
    """A park with one ride, in a wiki that is protected."""
    maker = Company.objects.create(name="Steel Works", slug="steel-works", is_manufacturer=True)
    made: Park = Park.objects.create(
        name="Oak Park", slug="oak-park", city="Oakham", country="GB", text="One line.\n"
    )
    Ride.objects.create(park=made, name="Loop", slug="loop", manufacturer=maker, height_m=30)
    reviews.protect()
    return made


@pytest.fixture
def ride(park: Park) -> Ride:
    found: Ride = Ride.objects.get(park=park)
    return found


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def draft_of(user: User, park: Park, title: str = "A draft", **values: Any) -> Branch:
    """A draft that changes a park."""
    draft = drafts.start(by=user, title=title)
    park.refresh_from_db()
    drafts.edit(draft, Park, park.pk, by=user, seen=park.rev, values=values)
    return draft


def proposed(user: User, park: Park, **values: Any) -> Branch:
    draft = draft_of(user, park, **values)
    proposals.submit(draft, by=user, title="A change")
    return draft


def merged(user: User, park: Park, editor: User, **values: Any) -> Commit:
    """What somebody has proposed, and an editor approved and merged."""
    branch = proposed(user, park, **values)
    proposals.review(branch, by=editor, verdict="approve")
    return proposals.merge(branch, by=editor)
