"""The admin inside a branch; pages of branches, commits and histories. ModelAdmins are plain."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from longhouse.versioning import reviews
from longhouse.versioning.branches import branch_context, create_branch
from longhouse.versioning.integrity import prune
from longhouse.versioning.merge import find_conflicts
from longhouse.versioning.models import Branch, Commit, Grant
from longhouse.versioning.tests.models import Area

pytestmark = [pytest.mark.django_db, pytest.mark.urls("longhouse.versioning.tests.urls")]
BRANCHES, COMMITS = "/admin/versioning/branch/", "/admin/versioning/commit/"


@pytest.fixture(autouse=True)
def _area_admin() -> Iterator[None]:
    admin.site.register(Area, admin.ModelAdmin, fields=("name", "country"))
    yield
    admin.site.unregister(Area)


@pytest.fixture
def area() -> Area:
    return Area.objects.create(name="North")


def client_of(name: str, *permissions: str) -> Client:
    user = get_user_model().objects.create(email=f"{name}@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor() -> Client:
    return client_of("editor", "add_branch", "change_area", "view_area", "view_commit")


@pytest.fixture
def reviewer() -> Client:
    return client_of("reviewer", "view_area", "review_branch", "merge_branch", "view_commit")


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    page = answer.content.decode()
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_a_plain_admin_works_in_a_branch(area: Area, editor: Client, reviewer: Client) -> None:
    reviews.protect()
    editor.post(f"{BRANCHES}add/", {"name": "arctic", "title": "A better name"})
    branch = Branch.objects.get()
    assert branch.owner is not None
    page, act = f"{BRANCHES}{branch.pk}/changes/", f"{BRANCHES}{branch.pk}/act/"
    one = f"/admin/versioning_tests/area/{area.pk}/change/"
    answer = editor.post(f"{BRANCHES}switch/", {"branch": branch.pk, "next": one})
    assert answer["Location"] == one
    assert "You are in the branch A better name" in text(editor.get(one))
    editor.post(one, {"name": "Arctic", "country": "ES"})
    assert Area.objects.get().name == "North"
    assert Commit.objects.latest("pk").author == branch.owner
    assert "Arctic" in text(editor.get("/admin/versioning_tests/area/"))
    assert "North" in text(reviewer.get("/admin/versioning_tests/area/"))
    assert "Changed: area Arctic" in text(editor.get(page))

    editor.post(act, {"do": "submit"})
    assert "1 more approval is needed." in text(reviewer.get(page))
    head = reviews.head(branch)
    assert "more approval is needed" in text(reviewer.post(act, {"do": "merge"}, follow=True))
    answer = reviewer.post(act, {"do": "approve", "head": "0" * 64}, follow=True)
    assert "The branch was changed since" in text(answer)
    reviewer.post(act, {"do": "approve", "head": head})
    assert "Merged by commit" in text(reviewer.post(act, {"do": "merge"}, follow=True))
    assert Area.objects.get().name == "Arctic"

    # What it holds is merged: its page says so, and offers the way back to main.
    assert "which is merged" in text(editor.get(one))
    editor.post(f"{BRANCHES}switch/", {"branch": "", "next": "https://evil.example/"})
    assert "You are in the branch" not in text(editor.get(one))

    commit = Commit.objects.get(merged=branch)
    shown = text(reviewer.get(f"{COMMITS}{commit.pk}/change/"))
    assert "Changed: area Arctic" in shown
    answer = reviewer.post(f"{COMMITS}{commit.pk}/revert/", follow=True)
    assert "more approval is needed" in text(answer)
    assert Area.objects.get().name == "Arctic"
    assert Branch.objects.filter(reverts=commit).exists()


def test_a_commit_to_a_branch_is_reverted_there(area: Area) -> None:
    owner = client_of("owner", "view_commit")
    branch = create_branch("draft", owner=get_user_model().objects.get())
    with branch_context(branch):
        Area.objects.update(name="Arctic")
    commit = Commit.objects.get(branch=branch)
    assert "Revert this commit" in text(owner.get(f"{COMMITS}{commit.pk}/change/"))
    answer = owner.post(f"{COMMITS}{commit.pk}/revert/", follow=True)
    assert "Undone by commit" in text(answer)
    assert Area.objects.in_branch(branch).get().name == "North"
    other = client_of("other", "view_commit")
    assert "Revert this commit" not in text(other.get(f"{COMMITS}{commit.pk}/change/"))
    assert other.post(f"{COMMITS}{commit.pk}/revert/").status_code == 403


def test_conflicts_are_decided(area: Area) -> None:
    owner = client_of("owner", "merge_branch")
    branch = create_branch("draft", owner=get_user_model().objects.get())
    with branch_context(branch):
        Area.objects.update(name="Arctic")
    Area.objects.update(name="Nordic")
    reviews.submit(branch, by=branch.owner)
    page, act = f"{BRANCHES}{branch.pk}/changes/", f"{BRANCHES}{branch.pk}/act/"
    assert "1 conflicts are to be resolved" in text(owner.post(act, {"do": "merge"}, follow=True))
    (conflict,) = find_conflicts(branch)
    decision = {"do": "decide", "conflict": conflict.pk, "choice": "value", "value": ""}
    assert "This field is required." in text(owner.post(act, decision, follow=True))
    owner.post(act, decision | {"value": "Polar"})
    assert "Decided a new value Polar" in text(owner.get(page))
    owner.post(act, {"do": "merge"})
    assert Area.objects.get().name == "Polar"


def test_versions_of_a_row_are_restored(area: Area, editor: Client) -> None:
    first = Commit.objects.latest("pk")
    Area.objects.update(name="Arctic", country="NO")
    of_row = f"/admin/versioning_tests/area/{area.pk}/history/"
    shown = text(editor.get(of_row))
    assert "Before After" in shown
    assert "Restore this version" in shown
    ours = f"{BRANCHES}history/versioning_tests.Area/{area.pk}/"
    editor.post(ours, {"commit": first.pk, "field": "name"})
    assert Area.objects.values_list("name", "country").get() == ("North", "NO")
    Area.objects.all().delete()
    assert "deleted" in text(editor.get(ours))
    editor.post(ours, {"commit": first.pk})
    assert Area.objects.values_list("pk", "name", "country").get() == (area.pk, "North", "ES")


def test_what_is_not_kept_is_said(area: Area, reviewer: Client) -> None:
    Area.objects.update(name="Arctic")
    commit = Commit.objects.latest("pk")
    prune(commit)
    page = f"{COMMITS}{commit.pk}/change/"
    assert "is not kept" in text(reviewer.get(page))
    answer = reviewer.post(f"{COMMITS}{commit.pk}/revert/", follow=True)
    assert answer.redirect_chain[-1][0] == page
    assert Area.objects.get().name == "Arctic"


def test_who_may_not(area: Area) -> None:
    branch = create_branch("draft")
    nobody = client_of("nobody")
    history = f"{BRANCHES}history/versioning_tests.Area/{area.pk}/"
    commit = Commit.objects.latest("pk")
    for path in (f"{BRANCHES}{branch.pk}/changes/", history, f"{COMMITS}{commit.pk}/change/"):
        assert nobody.get(path).status_code in (403, 404)
    for path in (f"{BRANCHES}{branch.pk}/act/", history, f"{COMMITS}{commit.pk}/revert/"):
        assert nobody.post(path, {"do": "merge"}).status_code in (403, 404)
    assert nobody.post(f"{BRANCHES}switch/", {"branch": branch.pk}).status_code == 404
    # Whoever may read it may not merge it, nor restore what they only see.
    Grant.objects.create(branch=branch, user=get_user_model().objects.get(), role="read")
    answer = nobody.post(f"{BRANCHES}{branch.pk}/act/", {"do": "merge"}, follow=True)
    assert "You may not merge this branch." in text(answer)
    viewer = client_of("viewer", "view_area")
    assert viewer.get(history).status_code == 200
    assert viewer.post(history, {"commit": commit.pk}).status_code == 403
    for path in ("no.Model/1/", "versioning.Branch/1/", "versioning_tests.Area/x/"):
        assert viewer.get(f"{BRANCHES}history/{path}").status_code == 404


def test_a_branch_is_renamed_without_undoing_what_reviews_did(area: Area) -> None:
    admin_client = client_of("admin", "change_branch", "view_branch")
    branch = create_branch("draft")
    change = f"{BRANCHES}{branch.pk}/change/"
    admin_client.post(change, {"name": "renamed", "title": "T", "description": ""})
    branch.refresh_from_db()
    assert (branch.name, branch.title) == ("renamed", "T")
    assert "renamed" in text(admin_client.get(BRANCHES))


def test_a_site_that_has_no_branches_goes_on_as_before(area: Area) -> None:
    client = client_of("editor", "view_area", "view_branch")
    create_branch("draft")
    assert "Switch" in text(client.get("/admin/"))
    for path in ("", f"versioning_tests/area/{area.pk}/history/"):
        shown = text(client.get(f"/plain/{path}"))
        assert "Switch" not in shown
        assert "Restore" not in shown
