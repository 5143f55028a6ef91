"""The history of a row, and back."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.commits import attributed
from longhouse.versioning.history import blame, deleted, history, revert
from longhouse.versioning.merge import merge
from longhouse.versioning.models import Commit
from longhouse.versioning.tests.models import Area, Park, Ride, ThemePark

pytestmark = pytest.mark.django_db


def test_who_what_when_and_why() -> None:
    author = get_user_model().objects.create(email="ada@example.org")
    park = Park.objects.create(name="Oak", slug="oak")
    with attributed(author=author, message="Counted"):
        Park.objects.update(visitors=10)
    Area.objects.create(name="Elsewhere")
    Park.objects.update(name="Elm", visitors=11)
    newest, counted, created = park.history
    assert [one.kind for one in (newest, counted, created)] == ["changed", "changed", "created"]
    assert newest.changes == {"name": ("Oak", "Elm"), "visitors": (10, 11)}
    assert counted.changes == {"visitors": (0, 10)}
    assert counted.commit is not None
    assert (counted.commit.author, counted.commit.message) == (author, "Counted")
    assert created.changes["name"] == (None, "Oak")
    found = park.blame()
    assert found["name"] == newest
    assert found["slug"] == found["hectares"] == created


def test_a_deleted_row_is_found_and_restored() -> None:
    park = Park.objects.create(name="Oak", slug="oak")
    other = Park.objects.create(name="Fir", slug="fir")
    Park.objects.filter(pk=park.pk).update(name="Elm")
    key = park.pk
    Park.objects.filter(pk=key).delete()
    (image,) = deleted(Park)
    assert (image.id, image.name) == (key, "Elm")
    assert [one.kind for one in history(Park, key)] == ["deleted", "changed", "created"]
    assert blame(Park, key) == {}
    restored = revert(Park, key, to=image.version_from)
    assert restored is not None
    assert Park.objects.get(pk=key).name == "Elm"
    assert not deleted(Park).exists()
    assert history(Park, key)[0].kind == "created"
    assert other.history[0].kind == "created"


def test_a_row_or_a_field_goes_back() -> None:
    park = Park.objects.create(name="Oak", slug="oak", visitors=1)
    first = Commit.objects.latest("pk")
    Park.objects.update(name="Elm", visitors=2)
    park.revert(first, fields=["name"])
    assert Park.objects.values_list("name", "visitors").get() == ("Oak", 2)
    park.revert(to=first.pk)
    assert Park.objects.values_list("name", "visitors").get() == ("Oak", 1)
    assert park.revert(to=first.pk - 1) is None
    assert not Park.objects.exists()


def test_the_history_in_a_branch() -> None:
    park = Park.objects.create(name="Oak", slug="oak")
    branch = create_branch("draft")
    Park.objects.update(visitors=1)
    with branch_context(branch):
        Park.objects.update(name="Elm")
    Park.objects.update(visitors=2)  # not seen there
    with branch_context(branch):
        Park.objects.all().delete()
        assert [one.kind for one in park.history] == ["deleted", "changed", "changed", "created"]
        assert park.history[1].changes == {"name": ("Oak", "Elm")}
    assert [one.changes for one in park.history[:2]] == [
        {"visitors": (1, 2)},
        {"visitors": (0, 1)},
    ]
    with branch_context(branch):
        revert(Park, park.pk, to=park.history[1].commit_id)
        assert Park.objects.get().name == "Elm"
    merge(branch, prefer="theirs")
    assert park.history[0].commit is not None
    assert park.history[0].commit.merged == branch


def test_the_history_of_several_tables() -> None:
    child = ThemePark.objects.create(name="Mine", slug="mine", theme="West")
    ThemePark.objects.update(theme="East")
    ThemePark.objects.update(name="Mill")
    assert [set(one.changes) for one in child.history[:2]] == [{"name"}, {"theme"}]
    made, key = child.history[2].commit_id, child.pk
    child.delete()
    assert history(ThemePark, key)[0].kind == "deleted"
    revert(ThemePark, key, to=made)
    assert ThemePark.objects.values_list("name", "theme").get() == ("Mine", "West")


def test_a_model_of_the_decorator_has_it_too() -> None:
    park = Park.objects.create(name="Oak", slug="oak")
    ride: Any = Ride.objects.create(name="Loop", park=park)
    first = Commit.objects.latest("pk")
    Ride.objects.update(name="Hoop")
    assert ride.history[0].changes == {"name": ("Loop", "Hoop")}
    ride.revert(to=first)
    assert Ride.objects.get().name == "Loop"
    with as_of(first):
        assert [one.kind for one in ride.history] == ["created"]
