"""A statement that was prepared for main never answers for a branch or a moment."""

import pytest
from django.db.models import QuerySet

from longhouse.prepared import prepare
from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.models import Branch, Commit
from longhouse.versioning.tests.models import Park

pytestmark = pytest.mark.django_db


@prepare
def named(*, name: str) -> QuerySet[Park]:
    return Park.objects.filter(name=name).order_by("pk")


@prepare
def in_draft(*, name: str) -> QuerySet[Park]:
    return Park.objects.in_branch(Branch.objects.get()).filter(name=name)


def test_it_runs_plainly_while_a_branch_or_a_moment_is_active() -> None:
    Park.objects.create(name="Oak", slug="oak")
    first = Commit.objects.latest("pk")
    branch = create_branch("draft")
    with branch_context(branch):
        assert named.count(name="Oak") == 1  # asked here first: nothing is kept
        Park.objects.update(name="Elm")
    assert named.why_plain(name="Oak") == ""
    for _ in range(2):
        assert [park.name for park in named.all(name="Oak")] == ["Oak"]
        with branch_context(branch):
            assert named.all(name="Oak") == []
            assert named.count(name="Elm") == 1
            assert named.why_plain(name="Elm")
    Park.objects.update(name="Ash")
    with as_of(first):
        assert named.first(name="Oak") is not None
    assert named.first(name="Oak") is None


def test_a_queryset_that_is_bound_runs_plainly() -> None:
    Park.objects.create(name="Oak", slug="oak")
    branch = create_branch("draft")
    Park.objects.in_branch(branch).update(name="Elm")
    assert in_draft.count(name="Elm") == 1
    assert "bound" in in_draft.why_plain(name="Elm")
    assert in_draft.all(name="Oak") == []
