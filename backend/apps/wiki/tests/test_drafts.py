"""Services: drafts, proposals, what is taken back, trust."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from apps.users.models import User
from apps.wiki import trust
from apps.wiki.models import Company, Park, Ride
from apps.wiki.services import drafts, proposals, undoing
from apps.wiki.tests.people import draft_of, merged, proposed
from longhouse.versioning.branches import branch_context
from longhouse.versioning.conflicts import MergeConflict
from longhouse.versioning.context import ReadOnly
from longhouse.versioning.models import Branch, Commit, Grant
from longhouse.versioning.reviews import NotApproved, Protected


def in_draft(draft: Branch | None, park: Park) -> Park:
    with branch_context(draft):
        found: Park = Park.objects.get(pk=park.pk)
        return found


def test_a_change_is_seen_in_the_draft_alone(writer: User, park: Park) -> None:
    draft = draft_of(writer, park, city="Elmham")
    assert in_draft(draft, park).city == "Elmham"
    assert in_draft(None, park).city == "Oakham"
    assert Commit.objects.get(branch=draft).author == writer


def test_nothing_is_written_when_nothing_changed(writer: User, park: Park) -> None:
    draft = draft_of(writer, park, city="Oakham")
    assert not Commit.objects.filter(branch=draft).exists()


def test_two_editors_of_one_draft_come_together_field_by_field(writer: User, park: Park) -> None:
    draft = draft_of(writer, park, city="Elmham")
    seen = in_draft(draft, park).rev
    drafts.edit(draft, Park, park.pk, by=writer, seen=seen, values={"city": "Ashby"})
    # This one still shows Elmham.
    drafts.edit(
        draft, Park, park.pk, by=writer, seen=seen, values={"city": "Elmham", "country": "IE"}
    )
    assert (in_draft(draft, park).city, in_draft(draft, park).country) == ("Ashby", "IE")
    with pytest.raises(drafts.StaleFields) as refused:
        drafts.edit(
            draft, Park, park.pk, by=writer, seen=seen, values={"city": "Yewton", "name": "New"}
        )
    assert refused.value.now == {"city": "Ashby"}
    now = in_draft(draft, park)
    assert (now.city, now.name, refused.value.rev) == ("Ashby", "Oak Park", now.rev)
    drafts.edit(draft, Park, park.pk, by=writer, seen=now.rev, values={"city": "Yewton"})
    assert in_draft(draft, park).city == "Yewton"


@pytest.mark.parametrize("values", [{"country": "too long"}, {"name": ""}, {"status": "no such"}])
def test_bad_values_leave_nothing_behind(writer: User, park: Park, values: Any) -> None:
    draft = draft_of(writer, park, city="Elmham")
    seen = in_draft(draft, park).rev
    with pytest.raises(ValidationError):
        drafts.edit(draft, Park, park.pk, by=writer, seen=seen, values={"city": "X", **values})
    assert in_draft(draft, park).city == "Elmham"


def test_nobody_writes_to_the_draft_of_somebody_else(writer: User, other: User, park: Park) -> None:
    draft = draft_of(writer, park, city="Elmham")
    for act in (
        lambda: drafts.edit(draft, Park, park.pk, by=other, seen=park.rev, values={"city": "X"}),
        lambda: drafts.delete(draft, Park, park.pk, by=other),
        lambda: drafts.create(draft, Company(name="C", slug="c"), by=other),
        lambda: drafts.take_back(draft, Park, park.pk, by=other),
        lambda: drafts.throw_away(draft, by=other),
        lambda: proposals.submit(draft, by=other, title="Mine"),
        lambda: proposals.comment(draft, by=other, text="Hello"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert in_draft(draft, park).city == "Elmham"


def test_what_is_over_is_not_written_to(writer: User, editor: User, park: Park) -> None:
    draft = proposed(writer, park, city="Elmham")
    proposals.close(draft, by=writer)
    with pytest.raises((PermissionDenied, ReadOnly)):
        drafts.edit(draft, Park, park.pk, by=writer, seen=park.rev, values={"city": "X"})
    proposals.reopen(draft, by=writer)
    drafts.take_back(draft, Park, park.pk, by=writer)
    assert in_draft(draft, park).city == "Oakham"
    with pytest.raises(ValidationError):
        proposals.submit(draft, by=writer, title="Empty")
    drafts.throw_away(draft, by=writer)
    assert not Branch.objects.exists()


def test_what_others_need_is_not_deleted(writer: User, park: Park) -> None:
    draft = drafts.start(by=writer)
    with pytest.raises(ValidationError, match="Loop"):
        drafts.delete(draft, Company, Company.objects.get().pk, by=writer)
    drafts.delete(draft, Park, park.pk, by=writer)
    with branch_context(draft):
        assert not Ride.objects.exists()
    assert Ride.objects.exists()


def test_approval_is_of_what_was_seen(writer: User, editor: User, park: Park) -> None:
    branch = proposed(writer, park, city="Elmham")
    with pytest.raises(PermissionDenied):
        proposals.review(branch, by=writer, verdict="approve")
    with pytest.raises(NotApproved):
        proposals.merge(branch, by=editor)
    proposals.review(branch, by=editor, verdict="approve")
    seen = in_draft(branch, park).rev
    drafts.edit(branch, Park, park.pk, by=writer, seen=seen, values={"city": "Vandal"})
    with pytest.raises(NotApproved):
        proposals.merge(branch, by=editor)
    proposals.review(branch, by=editor, verdict="approve")
    commit = proposals.merge(branch, by=editor)
    assert (in_draft(None, park).city, commit.author) == ("Vandal", editor)


def test_conflicts_are_decided_by_whoever_proposes(
    writer: User, other: User, editor: User, park: Park
) -> None:
    branch = proposed(writer, park, city="Elmham", name="Elm Park")
    merged(other, park, editor, city="Ashby")
    proposals.review(branch, by=editor, verdict="approve")
    with pytest.raises(MergeConflict) as stopped:
        proposals.merge(branch, by=editor)
    (conflict,) = stopped.value.conflicts
    with pytest.raises(PermissionDenied):
        proposals.decide(conflict, by=other, choice="ours")
    with pytest.raises(ValidationError):
        proposals.decide(conflict, by=writer, choice="nonsense")
    proposals.decide(conflict, by=writer, choice="value", value="Yewton")
    proposals.review(branch, by=editor, verdict="approve")
    proposals.merge(branch, by=editor)
    assert (in_draft(None, park).city, in_draft(None, park).name) == ("Yewton", "Elm Park")


def test_a_merge_is_taken_back_by_a_proposal(writer: User, editor: User, park: Park) -> None:
    commit = merged(writer, park, editor, city="Elmham")
    branch = undoing.propose_revert(commit, by=writer)
    assert branch.status == Branch.Status.OPEN
    assert in_draft(branch, park).city == "Oakham"
    assert in_draft(None, park).city == "Elmham"
    with pytest.raises(PermissionDenied):
        undoing.revert_vandalism(commit, by=editor)


def test_an_earlier_version_is_restored(writer: User, editor: User, park: Park) -> None:
    before = Commit.objects.latest("pk")
    merged(writer, park, editor, city="Elmham")
    draft = drafts.start(by=writer)
    drafts.restore(draft, Park, park.pk, by=writer, to=before)
    assert in_draft(draft, park).city == "Oakham"


def test_vandalism_is_undone_at_once(
    writer: User, other: User, editor: User, moderator: User, park: Park
) -> None:
    start = timezone.now()
    merged(other, park, editor, country="IE")
    merged(writer, park, editor, city="Rubbish")
    merged(writer, park, editor, name="Rubbish")
    merged(other, park, editor, name="Elm Park")  # in the way of the one before
    pending = proposed(writer, park, city="More rubbish")
    with pytest.raises(PermissionDenied):
        undoing.undo_all(writer, start, by=editor)
    undone = undoing.undo_all(writer, start, by=moderator)
    assert (len(undone.reverted), len(undone.disputed), undone.closed) == (1, 1, 1)
    now = in_draft(None, park)
    assert (now.city, now.country, now.name) == ("Oakham", "IE", "Elm Park")
    pending.refresh_from_db()
    assert pending.status == Branch.Status.CLOSED
    assert undone.disputed[0].status == Branch.Status.OPEN
    assert undoing.undo_all(writer, start, by=moderator).reverted == []
    with pytest.raises(ValidationError):
        undoing.undo_all(moderator, start, by=moderator)


def test_nobody_writes_past_the_protection(park: Park) -> None:
    with pytest.raises(Protected):
        Park.objects.update(city="Elmham")


def test_levels(writer: User, editor: User, moderator: User, park: Park) -> None:
    assert [trust.level(one) for one in (writer, editor, moderator)] == [
        trust.NEWCOMER,
        trust.EDITOR,
        trust.MODERATOR,
    ]
    commits = [merged(writer, park, editor, city=f"City {number}") for number in range(3)]
    assert trust.level(writer) == trust.CONTRIBUTOR
    Branch.objects.bulk_create(
        Branch(name=f"old-{number}", owner=writer, status=Branch.Status.MERGED)
        for number in range(trust.MERGED_OF_EDITORS - 3)
    )
    trust.settle(writer)
    assert trust.level(writer) == trust.EDITOR
    undoing.revert_vandalism(commits[-1], by=moderator)
    trust.settle(writer)
    assert trust.level(writer) == trust.CONTRIBUTOR
    Commit.objects.exclude(reverts=None).update(created_at=timezone.now() - timedelta(days=91))
    trust.settle(writer)
    assert Grant.objects.get().user == writer


def test_newcomers_have_few_open_proposals(writer: User, park: Park) -> None:
    for number in range(trust.NEWCOMER.open_proposals):
        proposed(writer, park, city=f"City {number}")
    with pytest.raises(ValidationError, match="open proposals"):
        proposed(writer, park, city="One more")
