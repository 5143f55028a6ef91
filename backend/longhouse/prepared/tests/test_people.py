"""The prepared backend and session store do as Django's do."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend as DjangoModelBackend
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.backends.db import SessionStore as DjangoSessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from longhouse.prepared.auth import ModelBackend, group_permissions, own_permissions, person
from longhouse.prepared.sessions import SessionStore, session_data
from longhouse.prepared.testing import fingerprint

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    create = get_user_model().objects.create_user
    group = Group.objects.create(name="keepers")
    group.permissions.set(Permission.objects.filter(codename__startswith="view_")[:5])
    found = [create(f"{n}@example.org", "secret", display_name=f"P{n}") for n in range(4)]
    found[1].groups.add(group)
    found[2].groups.add(group)
    found[2].user_permissions.set(Permission.objects.all()[:3])
    found[3].is_superuser = True
    found[3].save()
    return found


def test_a_person_is_the_one_that_django_loads(people):
    for someone in people:
        ours, djangos = (b.get_user(someone.pk) for b in (ModelBackend(), DjangoModelBackend()))
        assert fingerprint(ours) == fingerprint(djangos)
    assert ModelBackend().get_user(uuid4()) is None


def test_somebody_inactive_is_nobody(people):
    people[0].is_active = False
    people[0].save()
    assert ModelBackend().get_user(people[0].pk) is None
    assert ModelBackend().get_all_permissions(people[0]) == set()


@pytest.mark.parametrize("which", ["get_user_permissions", "get_group_permissions"])
def test_permissions_are_those_that_django_finds(people, which):
    fresh = get_user_model().objects.get
    for someone in people:
        ours = getattr(ModelBackend(), which)(fresh(pk=someone.pk))
        assert ours == getattr(DjangoModelBackend(), which)(fresh(pk=someone.pk))
        assert getattr(ModelBackend(), which)(fresh(pk=someone.pk), obj=someone) == set()


def test_a_session_is_the_one_that_django_stores():
    made = SessionStore()
    made["basket"] = [1, 2]
    made.save()
    assert DjangoSessionStore(made.session_key)["basket"] == [1, 2]
    assert SessionStore(made.session_key)["basket"] == [1, 2]
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    gone = SessionStore(made.session_key)
    assert "basket" not in gone
    assert gone.session_key is None
    assert SessionStore("no such session").load() == {}


def test_all_of_it_runs_prepared(people):
    assert not person.why_plain(pk=people[0].pk)
    assert not own_permissions.why_plain(pk=people[0].pk)
    assert not group_permissions.why_plain(pk=people[0].pk)
    assert not session_data.why_plain(key="abc", now=timezone.now())
