"""The prepared backend and session store do as Django's do."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import auth
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth import get_user as django_get_user
from django.contrib.auth.backends import ModelBackend as DjangoModelBackend
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.backends.db import SessionStore as DjangoSessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from longhouse.prepared.auth import (
    ModelBackend,
    group_permissions,
    own_permissions,
    person,
    read_already,
)
from longhouse.prepared.sessions import (
    SessionStore,
    get_user,
    person_with_session,
    session_data,
)
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


def test_a_session_is_read_together_with_its_person(people, django_assert_num_queries):
    made = SessionStore()
    made[SESSION_KEY] = str(people[0].pk)
    made.save()

    def read() -> SessionStore:
        store = SessionStore(made.session_key)
        store.reads_person = True
        return store

    first = read()
    assert first[SESSION_KEY] == str(people[0].pk)
    assert first.person is None  # not known yet whose it is
    with django_assert_num_queries(1):
        second = read()
        assert second[SESSION_KEY] == str(people[0].pk)
        with read_already(second.person):
            ours = ModelBackend().get_user(people[0].pk)
    assert fingerprint(ours) == fingerprint(DjangoModelBackend().get_user(people[0].pk))
    with read_already(second.person):
        assert ModelBackend().get_user(people[1].pk) == people[1]

    made[SESSION_KEY] = str(people[1].pk)
    made.save()
    third = read()
    assert third[SESSION_KEY] == str(people[1].pk)
    assert third.person is None
    fourth = read()
    assert fourth[SESSION_KEY] == str(people[1].pk)
    assert fourth.person is not None
    assert fourth.person.pk == people[1].pk
    people[1].delete()
    assert read()[SESSION_KEY] == made[SESSION_KEY]
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert read().load() == {}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda person: person.set_password("another"),
        lambda person: setattr(person, "is_active", False),
    ],
)
def test_a_person_who_was_proved_once_is_not_proved_again(people, rf, client, monkeypatch, spoil):
    client.force_login(people[0], f"{ModelBackend.__module__}.{ModelBackend.__qualname__}")
    key = client.session.session_key
    asked: list[str] = []

    def djangos(request: Any) -> Any:
        asked.append(request.session.session_key)
        return django_get_user(request)

    monkeypatch.setattr(auth, "get_user", djangos)

    def ask() -> Any:
        asked.clear()
        request: Any = rf.get("/")
        request.session = SessionStore(key)
        request.session.reads_person = True
        return get_user(request)

    assert [ask() for _ in range(2)] == [people[0]] * 2
    assert fingerprint(ask()) == fingerprint(DjangoModelBackend().get_user(people[0].pk))
    assert not asked
    people[0].display_name = "Another"
    people[0].save()
    assert ask().display_name == "Another"
    assert asked
    spoil(people[0])
    people[0].save()
    assert not ask().is_authenticated


def test_all_of_it_runs_prepared(people):
    assert not person.why_plain(pk=people[0].pk)
    assert not own_permissions.why_plain(pk=people[0].pk)
    assert not group_permissions.why_plain(pk=people[0].pk)
    now = timezone.now()
    assert not session_data.why_plain(key="abc", now=now)
    assert not person_with_session.why_plain(pk=people[0].pk, key="abc", now=now)
