"""Pages of editing and of proposals, as people use them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.throttling import RateLimit
from apps.users.models import User
from apps.wiki import throttling, trust
from apps.wiki.models import Company, Park, Ride
from apps.wiki.services import drafts, proposals
from apps.wiki.tests.people import client_of, draft_of, merged, proposed
from longhouse.versioning.branches import branch_context
from longhouse.versioning.models import Branch, Commit


def form_of(park: Park, **values: Any) -> dict[str, Any]:
    """What a browser sends of the form of a park."""
    sent = {
        "name": park.name, "slug": park.slug, "city": park.city, "country": park.country,
        "status": park.status, "text": park.text, "seen": park.rev,
    }  # fmt: skip
    return {**sent, **values}


def edit_url(row: Any, kind: str = "park") -> str:
    return reverse("wiki:edit", args=[kind, row.pk])


def follow(response: Any) -> str:
    assert response.status_code == 303, response.content.decode()
    return str(response["Location"])


def test_from_an_edit_to_a_merge(writer: User, editor: User, park: Park) -> None:
    client, checker = client_of(writer), client_of(editor)
    found = client.get(f"/wiki/parks/{park.slug}/edit/")
    assert follow(found) == edit_url(park)
    assert client.get(edit_url(park)).status_code == 200
    assert not Branch.objects.exists()  # looking begins no draft
    saved = client.post(edit_url(park), form_of(park, city="Elmham", propose="yes"))
    address = follow(saved)
    page = client.get(address).content.decode()
    assert "Elmham" in page
    assert "Propose to the others" in page
    assert checker.get(address).status_code == 404  # nobody else sees a draft
    title = {"title": "The right town", "description": "Their own site says so."}
    assert follow(client.post(f"{address}submit/", title)) == address
    page = checker.get(address).content.decode()
    assert "The right town" in page
    assert "1 more approval is needed." in page
    said = {"verdict": "approve", "head": checker.get(address).context["review"]["head"].value()}
    follow(checker.post(f"{address}review/", said))
    follow(checker.post(f"{address}merge/"))
    park.refresh_from_db()
    assert park.city == "Elmham"
    after = client.get(address).content.decode()
    assert "Propose to revert" in after
    assert "Elmham" in after  # what it has changed is still told


def test_autosave_answers_with_the_part(writer: User, park: Park) -> None:
    client = client_of(writer)
    part: Any = {"headers": {"HX-Request": "true"}}
    first = client.post(edit_url(park), form_of(park, city="Elm"), **part)
    assert first.content.strip().startswith((b'<div id="saved"', b"\n"))
    assert b"Saved in your draft" in first.content
    draft = Branch.objects.get()
    with branch_context(draft):
        now = Park.objects.get(pk=park.pk)
    assert now.city == "Elm"
    assert f'name="seen" value="{now.rev}"' in first.content.decode()
    wrong = client.post(edit_url(park), form_of(park, city="Elm", latitude="north"), **part)
    assert wrong.status_code == 422
    assert "Latitude" in wrong.content.decode()
    # What is typed next goes into the same draft.
    client.post(edit_url(park), form_of(park, city="Elmham", seen=now.rev), **part)
    assert Branch.objects.get() == draft


def test_browsers_end_lines_in_two_ways(writer: User, park: Park) -> None:
    sent = form_of(park, text=park.text.replace("\n", "\r\n"))
    follow(client_of(writer).post(edit_url(park), sent))
    assert not Branch.objects.exists()


def test_two_windows_on_one_draft(writer: User, park: Park) -> None:
    client = client_of(writer)
    client.post(edit_url(park), form_of(park, city="Elmham"))
    draft = Branch.objects.get()
    with branch_context(draft):
        seen = Park.objects.get(pk=park.pk).rev
    client.post(edit_url(park), form_of(park, city="Ashby", seen=seen))
    lost = client.post(edit_url(park), form_of(park, city="Yewton", seen=seen))
    assert lost.status_code == 409
    page = lost.content.decode()
    assert "Ashby" in page
    assert 'value="Yewton"' in page  # what was typed is not lost
    with branch_context(draft):
        now = Park.objects.get(pk=park.pk)
    assert now.city == "Ashby"
    follow(client.post(edit_url(park), form_of(park, city="Yewton", seen=now.rev)))
    with branch_context(draft):
        assert Park.objects.get(pk=park.pk).city == "Yewton"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"latitude": "north"}, "latitude"),
        ({"name": ""}, "This field is required"),
        ({"status": "nonsense"}, "status"),
        ({"slug": "no slug"}, "slug"),
        ({"seen": "nonsense"}, "seen"),
        ({"seen": "0"}, "Open the page again"),
        ({"operator": "nobody"}, "operator"),
    ],
)
def test_bad_input_is_told_and_not_saved(writer: User, park: Park, values: Any, said: str) -> None:
    refused = client_of(writer).post(edit_url(park), form_of(park, city="Elmham", **values))
    assert refused.status_code == 422
    assert said in refused.content.decode() or said in refused.context["form"].errors
    assert not Branch.objects.exists()


def test_new_pages(writer: User, park: Park) -> None:
    client = client_of(writer)
    url = reverse("wiki:new", args=["ride"])
    assert client.get(url).status_code == 404  # of which park?
    url = f"{url}?park={park.pk}"
    assert client.get(url).status_code == 200
    ride = {"name": "Spin", "slug": "spin", "kind": Ride().kind}
    ride["status"] = park.status
    assert client.post(url, {**ride, "slug": "loop"}).status_code == 422  # it is there
    address = follow(client.post(url, ride))
    assert client.get(address).status_code == 200
    assert Ride.objects.count() == 1
    with branch_context(Branch.objects.get()):
        assert Ride.objects.get(slug="spin").park == park


def test_a_proposal_to_delete(writer: User, park: Park) -> None:
    client = client_of(writer)
    ride = Ride.objects.get()
    url = reverse("wiki:delete", args=["ride", ride.pk])
    assert "Loop" in client.get(url).content.decode()
    address = follow(client.post(url))
    assert "Deleted" in client.get(address).content.decode()
    assert Ride.objects.exists()
    company = reverse("wiki:delete", args=["company", Company.objects.get().pk])
    # In this draft nothing needs it any more; in another one it is needed.
    follow(client.post(reverse("wiki:new-draft")))
    refused = client.post(company)
    assert refused.status_code == 422
    assert "Loop" in refused.content.decode()
    assert Branch.objects.count() == 1


def test_preview_shows_the_draft_everywhere(writer: User, other: User, park: Park) -> None:
    draft = draft_of(writer, park, name="Elm Park")
    client, stranger = client_of(writer), client_of(other)
    preview = reverse("wiki:preview", args=[draft.name])
    assert stranger.post(preview).status_code == 404
    follow(client.post(preview))
    page = client.get(edit_url(park)).content.decode()
    assert "Leave the preview" in page
    assert "Edit Elm Park" in page
    # What is edited is the draft that is previewed.
    with branch_context(draft):
        now = Park.objects.get(pk=park.pk)
    follow(client.post(edit_url(park), form_of(now, city="Elmham")))
    with branch_context(draft):
        assert Park.objects.get(pk=park.pk).city == "Elmham"
    follow(client.post(reverse("wiki:leave-preview")))
    assert "Leave the preview" not in client.get(reverse("wiki:drafts")).content.decode()
    proposals.submit(draft, by=writer, title="Elm")
    follow(stranger.post(preview))
    assert stranger.post(edit_url(park), form_of(now, city="X")).status_code == 403
    assert Client().post(preview).status_code == 302


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("submit", {"title": "Mine"}),
        ("comment", {"text": "Hello"}),
        ("throw-away", {}),
        ("take-back", {"model": "wiki.park"}),
        ("merge", {}),
        ("close", {}),
        ("conflicts", {}),
    ],
)
def test_the_draft_of_somebody_else_is_not_there(
    writer: User, other: User, editor: User, park: Park, name: str, sent: Any
) -> None:
    draft = draft_of(writer, park, city="Elmham")
    for stranger in (other, editor):
        answer = client_of(stranger).post(reverse(f"wiki:{name}", args=[draft.name]), sent)
        assert answer.status_code == 404
    assert Client().post(reverse(f"wiki:{name}", args=[draft.name]), sent).status_code == 302


def test_who_may_not_is_told_so(writer: User, other: User, editor: User, park: Park) -> None:
    branch = proposed(writer, park, city="Elmham")
    client = client_of(other)
    for name in ("merge", "close", "withdraw"):
        answer = client.post(reverse(f"wiki:{name}", args=[branch.name]))
        assert answer.status_code == 403
    approve = {"verdict": "approve", "head": "0" * 64}
    assert client.post(reverse("wiki:review", args=[branch.name]), approve).status_code == 403
    # What the editor has seen is not what there is now.
    stale = client_of(editor).post(reverse("wiki:review", args=[branch.name]), approve)
    assert stale.status_code == 422
    early = client_of(editor).post(reverse("wiki:merge", args=[branch.name]))
    assert early.status_code == 409
    assert "approval" in early.content.decode()
    proposals.close(branch, by=writer)
    assert client_of(writer).post(edit_url(park), form_of(park, city="X")).status_code == 303
    assert Branch.objects.count() == 2  # a closed one is not gone on with


def test_a_change_is_discussed(writer: User, other: User, park: Park) -> None:
    branch = proposed(writer, park, city="Elmham")
    client = client_of(other)
    url = reverse("wiki:comment", args=[branch.name])
    about = {"model": "wiki.park", "object_pk": str(park.pk), "field": "city"}
    follow(client.post(url, {"text": "Who says so?", **about}))
    page = client.get(reverse("wiki:proposal", args=[branch.name]))
    (change,) = page.context["changes"]
    (field,) = change.fields
    assert [one.text for one in field.comments] == ["Who says so?"]
    assert client.post(url, {"text": " "}).status_code == 422


def test_conflicts_are_decided_on_their_page(
    writer: User, other: User, editor: User, park: Park
) -> None:
    branch = proposed(writer, park, city="Elmham", country="IE")
    merged(other, park, editor, city="Ashby", country="FR")
    client = client_of(writer)
    url = reverse("wiki:conflicts", args=[branch.name])
    page = client.get(url).content.decode()
    for value in ("Oakham", "Ashby", "Elmham"):
        assert value in page
    by_field = {one.field: one for one in branch.conflicts.all()}
    one = reverse("wiki:conflict", args=[branch.name, by_field["country"].pk])
    assert client.post(one, {"choice": "value", "value": "too long"}).status_code == 422
    assert client.post(one, {"choice": ""}).status_code == 422
    follow(client.post(one, {"choice": "ours"}))
    city = reverse("wiki:conflict", args=[branch.name, by_field["city"].pk])
    follow(client.post(city, {"choice": "value", "value": "Yewton"}))
    assert client.get(url).context["open"] == 0
    assert client.get(url).context["open"] == 0  # looking again forgets nothing
    proposals.review(branch, by=editor, verdict="approve")
    follow(client_of(editor).post(reverse("wiki:merge", args=[branch.name])))
    park.refresh_from_db()
    assert (park.city, park.country) == ("Yewton", "FR")


def test_reverts_and_restores(writer: User, editor: User, moderator: User, park: Park) -> None:
    before = Commit.objects.latest("pk")
    commit = merged(writer, park, editor, city="Rubbish")
    client = client_of(writer)
    url = reverse("wiki:revert", args=[commit.pk])
    assert client.get(reverse("wiki:commit", args=[commit.pk])).status_code == 200
    assert client.post(url, {"at_once": "yes"}).status_code == 403
    assert "Oakham" in client.get(follow(client.post(url))).content.decode()
    restore = reverse("wiki:restore", args=["park", park.pk, before.pk])
    assert "Oakham" in client.get(follow(client.post(restore))).content.decode()
    park.refresh_from_db()
    assert park.city == "Rubbish"
    follow(client_of(moderator).post(url, {"at_once": "yes"}))
    park.refresh_from_db()
    assert park.city == "Oakham"


def test_undoing_a_vandal(writer: User, editor: User, moderator: User, park: Park) -> None:
    merged(writer, park, editor, city="Rubbish")
    page = reverse("wiki:contributor", args=[writer.pk])
    undo = reverse("wiki:undo", args=[writer.pk])
    assert "Take it all back" not in Client().get(page).content.decode()
    assert client_of(editor).post(undo, {"since": "2020-01-01T00:00"}).status_code == 403
    client = client_of(moderator)
    assert "Take it all back" in client.get(page).content.decode()
    assert client.post(undo, {"since": "yesterday"}).status_code == 422
    follow(client.post(undo, {"since": "2020-01-01T00:00"}))
    park.refresh_from_db()
    assert park.city == "Oakham"


def test_my_drafts(writer: User, other: User, park: Park) -> None:
    client = client_of(writer)
    assert "You have none" in client.get(reverse("wiki:drafts")).content.decode()
    mine, theirs = draft_of(writer, park, title="Mine"), draft_of(other, park, title="Theirs")
    page = client.get(reverse("wiki:drafts")).content.decode()
    assert "Mine" in page
    assert "Theirs" not in page
    assert client.post(reverse("wiki:choose-draft", args=[theirs.name])).status_code == 404
    follow(client.post(reverse("wiki:choose-draft", args=[mine.name])))
    follow(client.post(edit_url(park), form_of(park, city="Elmham")))
    with branch_context(mine):
        assert Park.objects.get(pk=park.pk).city == "Elmham"
    follow(client.post(reverse("wiki:throw-away", args=[mine.name])))
    assert Branch.objects.get() == theirs


def test_edits_are_limited(writer: User, park: Park, monkeypatch: Any) -> None:
    monkeypatch.setitem(throttling.LIMITS, trust.NEWCOMER.rank, RateLimit("wiki-test", "1/h"))
    client = client_of(writer)
    url = reverse("wiki:new", args=["company"])
    assert client.post(url, {"name": "", "slug": "c"}).status_code == 422  # does not count
    assert client.post(url, {"name": "C", "slug": "c"}).status_code == 303
    refused = client.post(url, {"name": "D", "slug": "d"})
    assert refused.status_code == 429
    assert refused["Retry-After"]


def test_lists_cost_the_same_whatever_their_length(writer: User, park: Park) -> None:
    url = reverse("wiki:proposals")

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert Client().get(url).status_code == 200
        return len(found)

    proposed(writer, park, city="Elmham")
    few = queries()
    Branch.objects.bulk_create(
        Branch(name=f"p-{number}", owner=writer, status="open") for number in range(30)
    )
    assert queries() == few
    assert "Page 1 of 2" in Client().get(url).content.decode()
    draft = drafts.start(by=writer)

    def of_proposal() -> int:
        client = client_of(writer)
        address = reverse("wiki:proposal", args=[draft.name])
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    drafts.create(draft, Company(name="A", slug="a"), by=writer)
    one = of_proposal()
    for number in range(5):
        drafts.create(draft, Company(name=f"B{number}", slug=f"b{number}"), by=writer)
    assert of_proposal() == one
    for bad in ("nonsense", "wiki.park:nonsense"):
        address = reverse("wiki:proposal", args=[draft.name])
        assert client_of(writer).get(f"{address}?after={bad}").status_code == 404
