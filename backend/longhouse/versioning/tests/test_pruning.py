"""Old versions go; what is needed stays, the chain is whole, and what is not known is not told."""

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from longhouse.versioning.branches import as_of, branch_context, create_branch, tag
from longhouse.versioning.commits import finish
from longhouse.versioning.context import Pruned
from longhouse.versioning.diff import commit_diff
from longhouse.versioning.history import deleted
from longhouse.versioning.history import revert as restore
from longhouse.versioning.integrity import prune, seal, verify
from longhouse.versioning.merge import merge
from longhouse.versioning.models import Branch, Commit, Seal, Tag
from longhouse.versioning.pick import cherry_pick
from longhouse.versioning.revert import revert
from longhouse.versioning.tests.models import Area

pytestmark = pytest.mark.django_db
COMPANION = "versioning_tests_area_v"


def rename(area: Area, *names: str) -> Commit:
    for name in names:
        Area.objects.filter(pk=area.pk).update(name=name)
    return Commit.objects.latest("pk")


def problems() -> list[str]:
    return [str(problem) for problem in verify().problems]


def raw(sql: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


@pytest.fixture
def area() -> Area:
    """One row with a tag, a branch and a pinned branch in its past, one deleted, one come back."""
    area: Area = Area.objects.create(name="a")
    Area.objects.create(pk=70, name="gone").delete()
    Area.objects.create(pk=71, name="back").delete()
    rename(area, "b", "c")
    tag("release")
    rename(area, "d")
    with branch_context(create_branch("draft")):
        Area.objects.filter(name="d").update(country="FR")
    rename(area, "e", "f")
    create_branch("fixed", pinned=True)
    rename(area, "g", "h")
    Area.objects.create(pk=71, name="again")
    Area.objects.create(pk=72, name="later").delete()
    prune(rename(area, "i"))
    return area


def test_what_is_needed_stays_and_the_rest_goes(area: Area) -> None:
    kept = "SELECT name FROM versioning_tests_area_v WHERE version_branch = 0 ORDER BY version_from"
    with connection.cursor() as cursor:
        cursor.execute(kept)
        assert [name for (name,) in cursor.fetchall()] == ["c", "d", "f"]
    with as_of(Tag.objects.get()):
        assert list(Area.objects.values_list("name", flat=True)) == ["c"]
    with branch_context(Branch.objects.get(name="fixed")):
        assert list(Area.objects.values_list("name", flat=True)) == ["f"]
    # Three ways: what the branch did not change is main's.
    merge(Branch.objects.get(name="draft"))
    assert Area.objects.values_list("name", "country").get(pk=area.pk) == ("i", "FR")
    seal()
    assert problems() == []


def test_it_goes_on_and_is_pruned_again(area: Area) -> None:
    last = rename(area, "j", "k")
    with as_of(last.pk - 1):
        assert Area.objects.get(pk=area.pk).name == "j"
    merge(Branch.objects.get(name="draft"))
    for branch in Branch.objects.all():
        branch.delete()
    Tag.objects.all().delete()
    assert prune(Commit.objects.latest("pk")) == 6  # c, d, f, i, j, k
    assert prune(last) == 0
    assert raw("SELECT 1 FROM versioning_tests_area_v WHERE version_branch = 0") <= 0
    assert problems() == []
    rename(area, "l")
    revert(rename(area, "m"))
    seal()
    assert problems() == []
    assert Area.objects.get(pk=area.pk).name == "l"


ASKED: dict[str, Callable[[Area, Commit], object]] = {
    "as of": lambda area, commit: as_of(commit.pk - 1).__enter__(),
    "as of a time": lambda area, commit: as_of(
        Commit.objects.earliest("pk").created_at
    ).__enter__(),
    "revert": lambda area, commit: revert(commit),
    "cherry-pick": lambda area, commit: cherry_pick(commit, Branch.objects.get(name="draft")),
    "difference": lambda area, commit: commit_diff(commit),
    "row": lambda area, commit: area.revert(to=1),
    "row that is gone": lambda area, commit: restore(Area, 70, 1),
}


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_not_known_is_not_told(area: Area, asked: str) -> None:
    commit = Commit.objects.filter(branch=None).latest("pk")
    before = Area.objects.count()
    with pytest.raises(Pruned):
        ASKED[asked](area, commit)
    assert Area.objects.count() == before


def test_history_begins_with_what_is_kept(area: Area) -> None:
    changed = rename(area, "j")
    told = [(one.kind, (one.values or {})["name"]) for one in area.history]
    assert told == [("changed", "j"), ("kept", "i")]
    assert list(deleted(Area)) == []
    kept = area.history[-1].commit_id
    area.revert(to=kept)
    assert Area.objects.get(pk=area.pk).name == "i"
    assert area.blame()["country"].commit_id == kept
    revert(changed)


TAMPERED = {
    "a version of a tag is removed": f"DELETE FROM {COMPANION} WHERE name = 'c'",
    "one of a pinned branch is removed": f"DELETE FROM {COMPANION} WHERE name = 'f'",
    "a kept one is changed": f"UPDATE {COMPANION} SET name = 'x' WHERE name = 'd'",
    "what replaced removed ones is changed": f"UPDATE {COMPANION} SET name = 'x' WHERE name = 'i'",
    "a row that is there is removed": "DELETE FROM versioning_tests_area WHERE name = 'again'",
    "a version since is removed": f"DELETE FROM {COMPANION} WHERE name = 'j'",
    "a deletion since is removed": f"DELETE FROM {COMPANION} WHERE name = 'brief'",
    "a removed one is put back": f"INSERT INTO {COMPANION} (id, name, country, version_branch,"
    " version_op, version_from, version_to) VALUES (99, 'x', 'ES', 0, 2, 1, 2)",
    "the chain says something else": "UPDATE versioning_seal SET kind = 'pruning',"
    """ contents = '{"before": 99999, "pins": []}' WHERE id = 1""",
}


@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_shows_as_before(area: Area, how: str) -> None:
    rename(area, "j", "k")
    Area.objects.create(name="brief").delete()
    seal()
    assert problems() == []
    raw(TAMPERED[how])
    assert problems() != []


def test_the_command(area: Area, capsys: Any) -> None:
    call_command("versioning", "prune", "--before", "2020-01-01")
    call_command("versioning", "prune", "--before", "2100-01-01T00:00:00+01:00")
    said = capsys.readouterr().out
    assert said == "0 versions were removed.\n0 versions were removed.\n"
    assert Seal.objects.filter(kind=Seal.Kind.PRUNING).count() == 1


@pytest.mark.parametrize("seed", range(int(os.environ.get("FUZZ_SEEDS", "2"))))
def test_a_random_history_is_the_same_with_and_without_prunings(seed: int) -> None:
    assert observed(seed, prunes=True) == observed(seed, prunes=False)


def observed(seed: int, *, prunes: bool) -> list[Any]:
    """What main, tags and branches show after each of many random steps."""
    steps, prunings = random.Random(seed), random.Random(seed)
    seen: list[Any] = []
    with transaction.atomic():
        for number in range(60):
            random_step(steps, number)
            finish(connection)  # or it would be one commit, all in all
            last = Commit.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            if prunes and prunings.random() < 0.2:
                prune(max(0, last - prunings.randrange(6)))
                assert problems() == []
            seen.append(shown())
        transaction.set_rollback(True)
    return seen


def random_step(chance: random.Random, number: int) -> None:
    branches = [None, *Branch.objects.order_by("pk")]
    branch = chance.choice(branches)
    what = chance.choice(
        ["create", "rename", "rename", "country", "delete", "branch", "tag", "end"]
    )
    if what == "branch":
        create_branch(f"b{number}", pinned=chance.random() < 0.5)
    elif what == "tag":
        tag(f"t{number}", branch=branch)
    elif what == "end":
        chosen: Any = chance.choice([*Tag.objects.order_by("pk"), *branches[1:], None])
        if isinstance(chosen, Branch):
            merge(chosen, prefer="theirs")
        if chosen is not None and not Tag.objects.filter(branch=chosen.pk).exists():
            chosen.delete()
        return
    with branch_context(branch):
        keys = list(Area.objects.order_by("pk").values_list("pk", flat=True))
        if what == "create" or not keys:
            Area.objects.create(pk=1000 + number, name=f"n{number}")
            return
        rows = Area.objects.filter(pk=chance.choice(keys))
        if what == "rename":
            rows.update(name=f"n{number}")
        elif what == "country":
            rows.update(country=chance.choice(["ES", "FR", "NO"]))
        elif what == "delete":
            rows.delete()


def shown() -> list[Any]:
    def rows() -> list[Any]:
        return list(Area.objects.order_by("pk").values_list("pk", "name", "country"))

    found: list[Any] = [rows()]
    for one in Tag.objects.order_by("name"):
        with as_of(one):
            found.append((one.name, rows()))
    for branch in Branch.objects.order_by("name"):
        with branch_context(branch):
            found.append((branch.name, rows()))
    return found
