"""Tags pin what a branch shows; one can go on from there."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import ProtectedError

from longhouse.versioning.branches import as_of, branch_context, create_branch, tag
from longhouse.versioning.context import ReadOnly
from longhouse.versioning.merge import merge, refresh
from longhouse.versioning.models import Branch, Tag
from longhouse.versioning.tests.models import Park, Ride

pytestmark = pytest.mark.django_db


@pytest.fixture
def park() -> Park:
    made: Park = Park.objects.create(name="Oak", slug="oak", visitors=1)
    return made


def names() -> Any:
    return list(Park.objects.order_by("pk").values_list("name", "visitors"))


def test_a_tag_of_main_stays_what_it_is(park: Park) -> None:
    author = get_user_model().objects.create(email="ada@example.org")
    release = tag("2026.1", author=author, message="Winter")
    Park.objects.update(name="Elm")
    Park.objects.create(name="Fir", slug="fir")
    Park.objects.filter(name="Elm").delete()
    with as_of(release):
        assert names() == [("Oak", 1)]
        with pytest.raises(ReadOnly), transaction.atomic():
            Park.objects.update(name="x")
    found = Tag.objects.get(name="2026.1")
    assert Park.objects.as_of(found).get().name == "Oak"
    assert (found.author, found.message, found.branch) == (author, "Winter", None)


@pytest.mark.parametrize("pinned", [False, True])
def test_a_tag_of_a_branch_pins_its_base_too(park: Park, pinned: bool) -> None:
    draft = create_branch("draft", pinned=pinned)
    upper = create_branch("upper", base=draft)
    with branch_context(draft):
        Park.objects.update(name="Elm")
    with branch_context(upper):
        Ride.objects.create(name="Loop", park=park)
    release = upper.tag("2026.1")
    later = Park.objects.create(name="Later", slug="later")
    with branch_context(upper):
        Park.objects.update(visitors=9)
        Ride.objects.all().delete()
    with branch_context(draft):
        Park.objects.update(name="Ash")
    merge(upper)
    refresh(draft)
    merge(draft)
    assert Park.objects.exclude(pk=later.pk).get().name == "Ash"
    with as_of(release):  # in main, and whatever is active
        assert names() == [("Elm", 1)]
        assert Ride.objects.get().name == "Loop"
    with branch_context(draft), as_of(Tag.objects.get()):
        assert names() == [("Elm", 1)]


def test_a_branch_goes_on_from_a_tag(park: Park) -> None:
    release = tag("2026.1")
    Park.objects.update(visitors=5)
    Park.objects.create(name="Later", slug="later")
    fix = create_branch("2026.1.x", at=release)
    with branch_context(fix):
        assert names() == [("Oak", 1)]
        Park.objects.update(name="Fixed")
    fixed = Branch.objects.get(name="2026.1.x").tag("2026.1.1")
    merge(fix)
    assert names() == [("Fixed", 5), ("Later", 0)]
    with as_of(fixed):
        assert names() == [("Fixed", 1)]


def test_a_branch_with_tags_is_not_deleted(park: Park) -> None:
    draft = create_branch("draft")
    release = draft.tag("2026.1")
    with pytest.raises(ProtectedError):
        draft.delete()
    release.delete()
    draft.delete()
