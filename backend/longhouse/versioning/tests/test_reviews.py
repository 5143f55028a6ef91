"""Protection, roles, reviews: nothing gets past what was approved."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from longhouse.versioning import reviews, signals
from longhouse.versioning.batch import BatchOperation, Create
from longhouse.versioning.branches import branch_context, create_branch
from longhouse.versioning.conflicts import MergeConflict
from longhouse.versioning.context import ReadOnly
from longhouse.versioning.integrity import seal, verify
from longhouse.versioning.merge import find_conflicts, merge, refresh
from longhouse.versioning.models import Branch, Comment, Commit, Grant, Protection, Review
from longhouse.versioning.pick import cherry_pick
from longhouse.versioning.protection import NotApproved, Protected, unprotected
from longhouse.versioning.revert import revert
from longhouse.versioning.tests.models import Area

pytestmark = pytest.mark.django_db


def person(name: str, *permissions: str) -> Any:
    user = get_user_model().objects.create(email=f"{name}@example.org")
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return get_user_model().objects.get(pk=user.pk)


@pytest.fixture
def owner() -> Any:
    return person("owner")


@pytest.fixture
def reviewer() -> Any:
    return person("reviewer", "review_branch", "merge_branch")


@pytest.fixture
def branch(owner: Any) -> Branch:
    """One that asks to rename an area of main, which is protected."""
    Area.objects.create(name="North")
    Area.objects.create(name="South")
    draft = create_branch("draft", owner=owner, title="A better name")
    write(draft, "Arctic")
    reviews.protect()
    reviews.submit(draft, by=owner)
    return draft


def write(branch: Branch | None, name: str) -> None:
    with branch_context(branch):
        Area.objects.filter(pk=Area.objects.earliest("pk").pk).update(name=name)


def names() -> list[str]:
    return sorted(Area.objects.values_list("name", flat=True))


def approve(branch: Branch, user: Any) -> Review:
    return reviews.review(branch, by=user, verdict="approve")


def test_what_is_approved_is_merged(branch: Branch, reviewer: Any) -> None:
    with pytest.raises(NotApproved) as refused:
        reviews.merge_reviewed(branch, by=reviewer)
    assert refused.value.missing == ["1 more approval is needed."]
    made = approve(branch, reviewer)
    assert made.head == reviews.head(branch)
    commit = reviews.merge_reviewed(branch, by=reviewer)
    assert names() == ["Arctic", "South"]
    assert (commit.merged, commit.author, str(commit)) == (branch, reviewer, "Merge A better name")
    assert Branch.objects.get().status == "merged"
    seal()
    assert verify().is_whole


@pytest.mark.parametrize("again", ["Polar", "Arctic"])
def test_an_approval_is_of_what_was_seen(branch: Branch, reviewer: Any, again: str) -> None:
    seen = approve(branch, reviewer).head
    write(branch, "Another")
    assert reviews.approvals(branch) == []
    with pytest.raises(NotApproved):
        merge(branch)
    with pytest.raises(ValidationError, match="changed since"):
        reviews.review(branch, by=reviewer, verdict="approve", head=seen)
    write(branch, again)
    # What it brings is what counts, not how it came there.
    assert len(reviews.approvals(branch)) == (again == "Arctic")


def test_the_base_does_not_make_approvals_stale(branch: Branch, reviewer: Any) -> None:
    approve(branch, reviewer)
    with unprotected():
        Area.objects.filter(name="South").update(country="FR")
        Area.objects.filter(name="North").update(country="NO")
    merge(branch)
    assert list(Area.objects.order_by("pk").values_list("name", "country")) == [
        ("Arctic", "NO"),
        ("South", "FR"),
    ]


def test_decisions_about_conflicts_are_approved_too(branch: Branch, reviewer: Any) -> None:
    approve(branch, reviewer)
    with unprotected():
        write(None, "Nordic")
    with pytest.raises(MergeConflict):
        reviews.merge_reviewed(branch, by=reviewer)
    with pytest.raises(NotApproved):
        merge(branch, prefer="theirs")
    (conflict,) = find_conflicts(branch)
    conflict.resolve("value", "Far North")
    with pytest.raises(NotApproved):
        reviews.merge_reviewed(branch, by=reviewer)
    approve(branch, reviewer)
    reviews.merge_reviewed(branch, by=reviewer)
    assert names() == ["Far North", "South"]


def test_requested_changes_are_in_the_way(branch: Branch, owner: Any, reviewer: Any) -> None:
    other = person("other", "review_branch")
    approve(branch, other)
    reviews.review(branch, by=reviewer, verdict="request_changes", text="Why?")
    assert reviews.missing(branch) == [f"{reviewer} has requested changes."]
    approve(branch, reviewer)
    assert reviews.missing(branch) == []
    assert {one.reviewer for one in reviews.approvals(branch)} == {other, reviewer}
    Protection.objects.update(required_approvals=4)
    assert reviews.missing(branch) == ["2 more approvals are needed."]
    other.is_active = False
    other.save()
    assert reviews.missing(branch) == ["3 more approvals are needed."]


def test_nobody_approves_their_own(branch: Branch, owner: Any, reviewer: Any) -> None:
    with pytest.raises(PermissionDenied):
        approve(branch, owner)
    Grant.objects.create(branch=branch, user=owner, role="merge")
    with pytest.raises(PermissionDenied, match="their own"):
        approve(branch, owner)
    with BatchOperation(author=reviewer):
        write(branch, "Mine")
    with pytest.raises(PermissionDenied, match="their own"):
        approve(branch, reviewer)


WAYS: dict[str, Callable[[Branch, Commit], object]] = {
    "save": lambda *_: Area.objects.create(name="East"),
    "update": lambda *_: Area.objects.update(country="FR"),
    "delete": lambda *_: Area.objects.all().delete(),
    "bulk": lambda *_: Area.objects.bulk_create([Area(name="East")]),
    "merge": lambda branch, _: merge(branch),
    "revert": lambda _, commit: revert(commit),
    "row": lambda _, commit: Area.objects.earliest("pk").revert(to=commit.pk - 1),
    "cherry-pick": lambda branch, _: cherry_pick(Commit.objects.filter(branch=branch)[0]),
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_gets_past_the_protection(branch: Branch, way: str) -> None:
    commit = Commit.objects.filter(branch=None).latest("pk")
    with pytest.raises(Protected), transaction.atomic():
        WAYS[way](branch, commit)
    assert names() == ["North", "South"]
    with unprotected():
        WAYS[way](branch, commit)
    assert Commit.objects.filter(branch=None).latest("pk") != commit


def test_a_batch_and_a_refresh_of_what_is_protected(branch: Branch) -> None:
    with pytest.raises(Protected), BatchOperation() as batch:
        batch.process_changes([Create(Area(name="East"))])
    reviews.protect(branch, required_approvals=0)
    with unprotected():
        Area.objects.filter(name="North").update(country="NO")
    with pytest.raises(Protected):
        refresh(branch)
    with pytest.raises(Protected), transaction.atomic():
        write(branch, "West")
    assert find_conflicts(branch) == []
    # Merging into it needs what it asks for, which is nothing.
    upper = create_branch("upper", base=branch)
    write(upper, "West")
    merge(upper)
    with branch_context(branch):
        assert names() == ["South", "West"]


def test_what_began_past_a_protection_does_not_go_on_past_it(branch: Branch) -> None:
    def both() -> None:
        with transaction.atomic():
            with unprotected():
                Area.objects.create(name="East")
            Area.objects.create(name="West")

    with pytest.raises(Protected):
        both()
    assert names() == ["North", "South"]


def test_direct_writes_may_be_allowed(branch: Branch) -> None:
    reviews.protect(allows_direct_writes=True)
    Area.objects.create(name="East")
    with pytest.raises(NotApproved):
        merge(branch)
    with pytest.raises(IntegrityError), transaction.atomic():
        Protection.objects.create(required_approvals=0)


def test_where_a_branch_goes(branch: Branch, owner: Any, reviewer: Any) -> None:
    with pytest.raises(ValidationError):
        reviews.submit(branch, by=owner)
    reviews.withdraw(branch, by=owner)
    with pytest.raises(ValidationError):
        approve(branch, reviewer)
    reviews.close(branch, by=reviewer)
    before = Branch.objects.get()
    with pytest.raises(ReadOnly), transaction.atomic():
        write(before, "West")
    for refused in (merge, refresh):
        with pytest.raises(ReadOnly), transaction.atomic():
            refused(before)
    assert find_conflicts(before) == []
    reviews.reopen(branch, by=owner)
    write(branch, "West")
    reviews.submit(branch, by=owner)
    approve(branch, reviewer)
    reviews.merge_reviewed(branch, by=reviewer)
    for move in (reviews.reopen, reviews.close, reviews.submit):
        with pytest.raises(ValidationError, match="It is merged"):
            move(branch, by=owner)
    with pytest.raises(ReadOnly), transaction.atomic():
        write(before, "Late")  # whoever has read it before it was merged
    with pytest.raises(ValidationError, match="Nothing"):
        reviews.submit(create_branch("empty", owner=owner), by=owner)


ROLES = {
    "read": [True, False, False, False],
    "write": [True, True, False, False],
    "review": [True, True, True, False],
    "merge": [True, True, True, True],
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("to", ["user", "group", "everywhere"])
def test_roles(branch: Branch, role: str, to: str) -> None:
    user, other = person("somebody"), create_branch("other")
    group = Group.objects.create(name="Team")
    user.groups.add(group)
    who = {"group": group} if to == "group" else {"user": user}
    Grant.objects.create(branch=None if to == "everywhere" else branch, role=role, **who)

    def allowed(branch: Branch | None) -> list[bool]:
        return [
            reviews.may(user, action, branch) for action in ("read", "write", "review", "merge")
        ]

    assert allowed(branch) == ROLES[role]
    assert allowed(other) == allowed(None) == (ROLES[role] if to == "everywhere" else [False] * 4)
    user.is_active = False
    assert allowed(branch) == [False] * 4


def test_who_may_not(branch: Branch) -> None:
    stranger = person("stranger", "view_branch")
    for call in (
        lambda: reviews.submit(branch, by=stranger),
        lambda: reviews.withdraw(branch, by=stranger),
        lambda: reviews.close(branch, by=stranger),
        lambda: reviews.reopen(branch, by=stranger),
        lambda: approve(branch, stranger),
        lambda: reviews.merge_reviewed(branch, by=stranger),
        lambda: reviews.comment(branch, by=person("nobody"), text="Hello"),
    ):
        with pytest.raises(PermissionDenied):
            call()


def test_discussion(branch: Branch, owner: Any, reviewer: Any) -> None:
    one = reviews.comment(
        branch,
        by=reviewer,
        text="Is it?",
        model="versioning_tests.Area",
        object_pk="1",
        field="name",
    )
    with pytest.raises(ValidationError):
        reviews.comment(branch, by=owner, text="")
    with pytest.raises(PermissionDenied):
        reviews.resolve_comment(one, by=person("stranger", "view_branch"))
    reviews.resolve_comment(one, by=owner)
    assert Comment.objects.get().resolved_at is not None


def test_signals_follow_the_transaction(
    branch: Branch, owner: Any, reviewer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[Any] = []

    def note(name: str) -> Any:
        return lambda **said: told.append((name, said["user"], said.get("commit")))

    receivers = {
        name: note(name) for name in ("submitted", "reviewed", "commented", "merged", "closed")
    }
    for name, receiver in receivers.items():
        getattr(signals, name).connect(receiver)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            reviews.close(branch, by=owner)
            reviews.reopen(branch, by=owner)
            reviews.submit(branch, by=owner)
            reviews.comment(branch, by=owner, text="Please")
            approve(branch, reviewer)
            commit = reviews.merge_reviewed(branch, by=reviewer)
            assert told == []
    finally:
        for name, receiver in receivers.items():
            getattr(signals, name).disconnect(receiver)
    assert told == [
        ("closed", owner, None),
        ("submitted", owner, None),
        ("commented", owner, None),
        ("reviewed", reviewer, None),
        ("merged", reviewer, commit),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
class TestAtOnce:
    def test_two_approvals(self, branch: Branch) -> None:
        reviews.protect(required_approvals=2)
        people = [person(name, "review_branch") for name in ("one", "two")]
        in_threads(*(lambda one=one: approve(Branch.objects.get(), one) for one in people))
        assert reviews.missing(branch) == []

    def test_a_write_that_is_not_committed_yet(self, branch: Branch, reviewer: Any) -> None:
        """The merge waits for it, and then finds that it is not what was approved."""
        approve(branch, reviewer)
        written, refused = threading.Event(), threading.Event()

        def slow_writer() -> None:
            with transaction.atomic():
                write(Branch.objects.get(), "Late")
                written.set()
                assert not refused.wait(0.3)

        def merger() -> None:
            assert written.wait(10)
            try:
                merge(Branch.objects.get())
            except NotApproved:
                refused.set()

        in_threads(slow_writer, merger)
        assert refused.is_set()
        assert names() == ["North", "South"]


def in_threads(*calls: Callable[[], object]) -> None:
    failed: list[BaseException] = []

    def run(call: Callable[[], object]) -> None:
        try:
            call()
        except BaseException as error:  # noqa: BLE001 - told in the thread of the test
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []


def test_a_protection_does_not_stop_what_changes_nothing(db: None) -> None:
    reviews.protect()
    before = Commit.objects.count()
    assert Area.objects.filter(name="Nowhere").delete()[0] == 0
    assert Area.objects.filter(name="Nowhere").update(country="FR") == 0
    assert Commit.objects.count() == before
    with reviews.unprotected():
        Area.objects.create(name="North")
    for change in (Area.objects.all().delete, lambda: Area.objects.update(country="FR")):
        with pytest.raises(reviews.Protected), transaction.atomic():
            change()
