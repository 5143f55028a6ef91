"""Tampering shows, whatever is tampered with; erasing does not count as such."""

import datetime
import uuid
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.commits import attributed
from longhouse.versioning.integrity import erase, erase_message, heads, read_head, seal, verify
from longhouse.versioning.integrity.chain import Chain
from longhouse.versioning.merge import merge, refresh
from longhouse.versioning.models import Branch, Commit, Seal, SealedRow
from longhouse.versioning.revert import revert
from longhouse.versioning.tests.models import Area, Park, Ride, Tag, ThemePark
from longhouse.versioning.values import digest, encode

pytestmark = pytest.mark.django_db
PARK = "versioning_tests_park"


def raw(sql: str, *params: Any) -> int:
    """Past the engine. How many rows it concerned."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def problems(**options: Any) -> list[str]:
    return [str(problem) for problem in verify(**options).problems]


@pytest.fixture
def park() -> Park:
    """Three versions on main, one in a branch, a row that was deleted, a merge: all sealed."""
    author = get_user_model().objects.create(email="ada@example.org")
    area = Area.objects.create(name="North")
    with attributed(author=author, message="First"):
        park: Park = Park.objects.create(
            pk=90011, name="Oak", slug="oak", visitors=1, facts={"n": 1.50, "a": [True, None]},
            hectares=Decimal("1.50"), opened_on=datetime.date(1990, 1, 2), area=area,
        )  # fmt: skip
    Park.objects.create(pk=90012, name="Gone", slug="gone")
    Park.objects.filter(pk=90011).update(visitors=2)
    Park.objects.filter(pk=90011).update(visitors=3)
    Park.objects.filter(pk=90012).delete()
    merged, draft = create_branch("merged"), create_branch("draft")
    with branch_context(merged):
        Park.objects.update(description="merged")
        Ride.objects.create(name="Loop", park=park)
    merge(merged, author=author)
    with branch_context(draft):
        Park.objects.update(name="Elm")
        Park.objects.update(name="Ash")
        park.tags.create(word="t")
        Area.objects.all().update(country="FR")
        ThemePark.objects.create(name="Mine", slug="mine", theme="West")
    seal()
    assert problems() == []
    return park


def first(**values: Any) -> int:
    return Commit.objects.filter(**values).earliest("pk").pk


def test_histories_of_every_kind_are_whole(park: Park) -> None:
    draft = Branch.objects.get(name="draft")
    Park.objects.filter(pk=90011).update(visitors=9)
    with branch_context(draft):
        child = ThemePark.objects.get()
        child.delete()
        ThemePark.objects.create(pk=child.pk, name="Mine", slug="mine", theme="East")
    refresh(draft, prefer="theirs")
    assert problems() == []  # what is not sealed yet says nothing against what is
    assert verify().unsealed == Commit.objects.count() - Seal.objects.filter(kind="commit").count()
    seal()
    upper = create_branch("upper", base=draft)
    with branch_context(upper):
        Park.objects.all().delete()
    merge(upper)
    made = merge(draft)
    assert made is not None
    seal()
    revert(made)
    with transaction.atomic():
        Park.objects.create(name="A", slug="a")
        Park.objects.filter(slug="a").delete()
        Park.objects.create(name="A", slug="a")
    seal()
    report = verify()
    assert (report.problems, report.unsealed) == ([], 0)
    assert report.versions == SealedRow.objects.count()
    assert seal() == 0


TAMPERING: dict[str, tuple[Callable[[], int], str]] = {
    "a value on main": (
        lambda: raw(f"UPDATE {PARK} SET name = 'x' WHERE id = 90011"),
        "row versioning_tests.park 90011 of main, commit {merge}: was changed",
    ),
    "a row of main deleted": (
        lambda: raw("DELETE FROM versioning_tests_ride"),
        "row versioning_tests.ride {ride} of main, commit {merge}: is missing",
    ),
    "a row of main inserted": (
        lambda: raw("INSERT INTO versioning_tests_area (id, name, country, rev)"
                    " VALUES (700077, 'x', 'x', 0)"),
        "row versioning_tests.area 700077 of main, commit 0: was inserted",
    ),
    "a row of main inserted under a commit": (
        lambda: raw("INSERT INTO versioning_tests_area (id, name, country, rev)"
                    " VALUES (700077, 'x', 'x', %s)", first()),
        "row versioning_tests.area 700077 of main, commit {area}: was inserted",
    ),
    "a row of main under a commit that never was": (
        lambda: raw(f"UPDATE {PARK} SET rev = 99999 WHERE id = 90011"),
        "row versioning_tests.park 90011 of main, commit 99999: is of no commit",
    ),
    "a value in an image": (
        lambda: raw(f"UPDATE {PARK}_v SET visitors = 7 WHERE id = 90011 AND version_from = %s",
                    first(message="First")),
        "version versioning_tests.park 90011 of main, commit {first}: was changed",
    ),
    "an image deleted": (
        lambda: raw(f"DELETE FROM {PARK}_v WHERE id = 90011 AND version_from = %s",
                    first(message="First")),
        "version versioning_tests.park 90011 of main, commit {first}: is missing",
    ),
    "the image of a deleted row deleted": (
        lambda: raw(f"DELETE FROM {PARK}_v WHERE id = 90012"),
        "row versioning_tests.park 90012 of main, commit {deleted}: is missing",
    ),
    "an image inserted": (
        lambda: raw("INSERT INTO versioning_tests_area_v (id, name, country, version_branch,"
                    " version_op, version_from, version_to) VALUES (70005, 'x', 'x', 0, 0, %s, %s)",
                    first(), first(message="First")),
        "version versioning_tests.area 70005 of main, commit {area}: was inserted",
    ),
    "the end of a version": (
        lambda: raw(f"UPDATE {PARK}_v SET version_to = version_to - 1 WHERE id = 90012"),
        "row versioning_tests.park 90012 of main, commit {deleted}: is missing",
    ),
    "a value in a branch": (
        lambda: raw(f"UPDATE {PARK}_v SET name = 'x' WHERE version_branch <> 0 AND name = 'Ash'"),
        "version versioning_tests.park 90011 of branch draft, commit {ash}: was changed",
    ),
    "a past value in a branch": (
        lambda: raw(f"UPDATE {PARK}_v SET name = 'x' WHERE version_branch <> 0 AND name = 'Elm'"),
        "version versioning_tests.park 90011 of branch draft, commit {elm}: was changed",
    ),
    "what a branch did to a row": (
        lambda: raw(f"UPDATE {PARK}_v SET version_op = 3 WHERE version_branch <> 0"
                    " AND name = 'Ash'"),
        "version versioning_tests.park 90011 of branch draft, commit {ash}: was changed",
    ),
    "what a branch made a row from": (
        lambda: raw(f"UPDATE {PARK}_v SET version_base = version_base - 1 WHERE name = 'Ash'"),
        "version versioning_tests.park 90011 of branch draft, commit {ash}: was changed",
    ),
    "a row moved to another branch": (
        lambda: raw("UPDATE versioning_tests_area_v SET version_branch = %s WHERE country = 'FR'",
                    Branch.objects.get(name="merged").pk),
        "version versioning_tests.area {north} of branch draft, commit {area_fr}: is missing",
    ),
    "a pair of a branch deleted": (
        lambda: raw("DELETE FROM versioning_tests_park_tags_v"),
        "version versioning_tests.park_tags {pair} of branch draft, commit {pair_at}: is missing",
    ),
    "a message": (
        lambda: raw("UPDATE versioning_commit SET message = 'x' WHERE message = 'First'"),
        "commit {first}: has another message",
    ),
    "an author": (
        lambda: Commit.objects.filter(message="First").update(
            author=get_user_model().objects.create(email="eve@example.org")),
        "commit {first}: has another author",
    ),
    "a time": (
        lambda: Commit.objects.filter(message="First").update(created_at=timezone.now()),
        "commit {first}: has another created_at",
    ),
    "the branch of a commit": (
        lambda: raw("UPDATE versioning_commit SET branch_id = %s WHERE message = 'First'",
                    Branch.objects.get(name="draft").pk),
        "commit {first}: has another branch",
    ),
    "that a commit was a merge": (
        lambda: raw("UPDATE versioning_commit SET merged_id = NULL WHERE merged_id IS NOT NULL"),
        "commit {merge}: has another merged",
    ),
    "a commit deleted": (
        lambda: raw("DELETE FROM versioning_commit WHERE message = 'First'"),
        "commit {first}: is missing",
    ),
    "a commit inserted": (
        lambda: len([Commit.objects.create(pk=-5, message="x", created_at=timezone.now())]),
        "commit -5: was inserted",
    ),
    "two commits change places": (
        lambda: swap(Commit.objects, first()),
        "commit {area}: has another author, created_at, message",
    ),
    "an entry": (
        lambda: Seal.objects.filter(commit=first(message="First")).update(branch=7),
        "entry {entry}: was changed, or the one before it was",
    ),
    "an entry deleted": (
        lambda: Seal.objects.filter(commit=first(message="First")).delete()[0],
        "entry {entry}: is missing",
    ),
    "two entries change places": (
        lambda: swap(Seal.objects, Seal.objects.get(commit=first()).pk),
        "entry {entry}: was changed, or the one before it was",
    ),
    "a hash of a row": (
        lambda: SealedRow.objects.filter(commit=first(message="First")).update(hash=b"x" * 32),
        "entry {entry}: has other hashes of rows than it had",
    ),
    "a hash of a row deleted": (
        lambda: SealedRow.objects.filter(commit=first(message="First")).delete()[0],
        "entry {entry}: has other hashes of rows than it had",
    ),
    "an erasure pretended": (
        lambda: SealedRow.objects.filter(commit=first(message="First")).update(
            openings={"erased": {"name": "00"}, "salts": {}}),
        ("version versioning_tests.park 90011 of main, commit {first}: is marked as erased, but the"
         " chain tells of no erasure"),
    ),
}  # fmt: skip


def swap(rows: Any, one: int) -> int:
    """A row and the one that follows it get each other's numbers."""
    rows.filter(pk=one).update(id=-1)
    rows.filter(pk=one + 1).update(id=one)
    return int(rows.filter(pk=-1).update(id=one + 1))


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_named(park: Park, what: str) -> None:
    draft = Branch.objects.get(name="draft")
    own: Any = Commit.objects.filter(branch=draft).order_by("pk").values_list("pk", flat=True)
    first_of_park = first(message="First")
    names = {
        "area": first(),
        "first": first_of_park,
        "entry": Seal.objects.get(commit=first_of_park).pk,
        "deleted": first_of_park + 4,
        "merge": Commit.objects.get(merged__isnull=False).pk,
        "elm": own[0],
        "ash": own[1],
        "pair_at": SealedRow.objects.get(model="versioning_tests.park_tags").commit,
        "pair": SealedRow.objects.get(model="versioning_tests.park_tags").key,
        "north": Area.objects.get().pk,
        "area_fr": SealedRow.objects.get(model="versioning_tests.area", branch=draft.pk).commit,
        "ride": Ride.objects.get().pk,
    }
    tamper, expected = TAMPERING[what]
    assert tamper() >= 1
    assert expected.format(**names) in problems()


def test_a_chain_that_was_written_anew_is_not_the_one_whose_head_was_kept(park: Park) -> None:
    kept = heads()
    assert set(kept) == {"main", "merged", "draft"}
    Park.objects.update(visitors=5)
    seal()
    assert problems(heads=kept.values()) == []
    SealedRow.objects.all().delete()
    Seal.objects.all().delete()
    raw(f"UPDATE {PARK} SET name = 'x' WHERE id = 90011")
    seal()
    assert problems() == []
    assert problems(heads=[kept["main"]]) == [
        f"head {kept['main'].number}: is another than the one that was kept"
    ]
    Seal.objects.filter(pk__gte=kept["main"].number).delete()
    assert problems(heads=[kept["main"]])[0].endswith("that was kept is not in the chain")


def test_heads_are_signed_and_keys_change(park: Park, settings: Any) -> None:
    settings.VERSIONING_SIGNING_KEYS = ["old"]
    line = heads()["draft"].signed()
    settings.VERSIONING_SIGNING_KEYS = ["new", "old"]
    assert read_head(line) == heads()["draft"]
    assert heads()["draft"].signed() != line
    settings.VERSIONING_SIGNING_KEYS = ["new"]
    with pytest.raises(ValueError, match="signed with a known key"):
        read_head(line)
    branch, rest = heads()["draft"].signed().split(" ", 1)
    with pytest.raises(ValueError, match="signed with a known key"):
        read_head(f"{int(branch) + 1} {rest}")


def test_what_a_deleted_branch_held_is_not_missed(park: Park) -> None:
    for branch in Branch.objects.all():
        branch.delete()
    assert problems() == []
    assert list(heads()) == ["main"]
    Park.objects.update(visitors=5)
    seal()
    assert problems() == []


def test_a_branch_that_was_taken_out_past_the_engine_is_missed(park: Park) -> None:
    draft = Branch.objects.get(name="draft").pk
    for table in ("area", "park", "tag", "park_tags", "themepark"):
        raw(f"DELETE FROM versioning_tests_{table}_v WHERE version_branch = %s", draft)
    gone = Commit.objects.filter(branch=draft).order_by("pk")
    numbers = list(gone.values_list("pk", flat=True))
    raw("DELETE FROM versioning_commit WHERE branch_id = %s", draft)
    raw("DELETE FROM versioning_branch WHERE id = %s", draft)
    found = problems()
    assert {f"commit {number}: is missing" for number in numbers} < set(found)
    assert (
        f"version versioning_tests.park 90011 of branch {draft}, commit {numbers[1]}: is missing"
        in found
    )


def test_values_of_a_person_are_erased_and_the_chain_stays_whole(park: Park) -> None:
    Park.objects.update(name="Yew")  # not sealed yet
    changed = erase(Park, 90011, {"name": "", "facts": {}, "area": None})
    assert changed == 8
    seal()
    assert verify().problems == []
    assert verify().erased == 7
    entry = Seal.objects.get(kind="erasure")
    assert entry.contents == {
        "model": "versioning_tests.park", "key": "90011", "fields": ["area_id", "facts", "name"]
    }  # fmt: skip
    for commit in Commit.objects.filter(branch=None, pk__gt=first()):
        with as_of(commit):
            assert Park.objects.values_list("name", "facts").get(pk=90011) == ("", {})
            assert Park.objects.get(pk=90011).slug == "oak"
    with branch_context(Branch.objects.get(name="draft")):
        assert Park.objects.get(pk=90011).name == ""
    # Nothing is left that a name could be tried against.
    assert (
        not SealedRow.objects.filter(model="versioning_tests.park", key="90011")
        .exclude(openings=None, branch__gt=0)
        .filter(openings__salts__has_key="name")
        .exists()
    )
    # What was not erased is still protected, and so is that it was erased.
    raw(f"UPDATE {PARK}_v SET slug = 'x' WHERE version_from = %s AND id = 90011",
        first(message="First"))  # fmt: skip
    assert problems() == [
        f"version versioning_tests.park 90011 of main, commit {first(message='First')}: was changed"
    ]


def test_more_can_be_erased_later_and_deleted_rows_too(park: Park) -> None:
    assert erase(Park, 90012, {"name": "a"}) == 1
    assert erase(Park, 90012, {"name": "b", "slug": "b"}) == 1
    with branch_context(Branch.objects.get(name="draft")):
        child = ThemePark.objects.get()
    assert erase(ThemePark, child.pk, {"name": "c", "theme": "c"}) == 2
    assert problems() == []
    with branch_context(Branch.objects.get(name="draft")):
        assert ThemePark.objects.values_list("name", "theme").get() == ("c", "c")
    with pytest.raises(FieldDoesNotExist):
        erase(Park, 90012, {"nom": ""})


def test_a_message_is_erased_and_the_commit_stays_protected(park: Park) -> None:
    commit = Commit.objects.get(message="First")
    for _ in range(2):
        erase_message(commit)
        assert Commit.objects.get(pk=commit.pk).message == ""
        report = verify()
        assert (report.problems, report.silenced) == ([], 1)
    assert bytes(Seal.objects.get(commit=commit.pk).salt) == b""
    # Neither can it be said anew, nor by somebody else.
    Commit.objects.filter(pk=commit.pk).update(message="Third")
    assert problems() == [f"commit {commit.pk}: has another message"]
    somebody = get_user_model().objects.create(email="eve@example.org")
    Commit.objects.filter(pk=commit.pk).update(message="", author=somebody)
    assert problems() == [f"commit {commit.pk}: has another author"]


def test_a_message_is_erased_before_it_was_sealed(park: Park) -> None:
    with attributed(message="of Jane Doe"):
        Park.objects.update(name="Yew")
    erase_message(Commit.objects.get(message="of Jane Doe"))
    seal()
    assert problems() == []
    assert not Seal.objects.filter(kind="erasure").exists()


def test_the_author_goes_with_the_account(park: Park) -> None:
    get_user_model().objects.all().delete()
    report = verify()
    assert report.problems == []
    assert report.anonymous == 2


def test_rows_from_before_the_model_was_versioned(db: None) -> None:
    raw("INSERT INTO versioning_tests_area (id, name, country, rev) VALUES (5, 'x', 'x', 0)")
    raw("INSERT INTO versioning_tests_area (id, name, country, rev) VALUES (6, 'y', 'x', 0)")
    Area.objects.filter(pk=5).update(country="ES")
    assert problems() == []
    seal()
    assert verify().versions == 3
    Area.objects.filter(pk=6).update(country="ES")
    seal()
    assert problems() == []
    raw("UPDATE versioning_tests_area_v SET country = 'z' WHERE id = 6")
    assert problems() == ["version versioning_tests.area 6 of main, commit 0: was changed"]


def test_the_command(park: Park, tmp_path: Path) -> None:
    def run(*arguments: Any) -> str:
        call_command("versioning", *arguments, stdout=(said := StringIO()))
        return said.getvalue()

    Park.objects.update(visitors=5)
    assert run("seal") == "1 commits were sealed.\n"
    kept = tmp_path / "heads"
    kept.write_text(run("heads"))
    assert len(kept.read_text().splitlines()) == 3
    assert "0 commits not sealed yet" in run("verify", "--heads", kept)
    raw(f"UPDATE {PARK} SET name = 'x'")
    with pytest.raises(CommandError, match="1 problems"):
        run("verify", "--heads", kept)
    kept.write_text("0 1 forged:signature")
    with pytest.raises(CommandError, match="signed with a known key"):
        run("verify", "--heads", kept)


def test_many_rows_are_sealed_and_verified_in_pieces(db: None) -> None:
    Park.objects.bulk_create(Park(name=f"P{n}", slug=f"p{n}") for n in range(1100))
    Park.objects.update(visitors=1)
    assert seal() == 2
    report = verify()
    assert (report.problems, report.versions) == ([], 2200)
    raw(f"DELETE FROM {PARK}_v WHERE name IN ('P3', 'P1050')")
    found = problems()
    # The rows of now come from nowhere, and their images are missing.
    assert [one.rpartition(": ")[2] for one in sorted(found)] == ["was changed"] * 2 + [
        "is missing"
    ] * 2
    assert len(problems(limit=2)) == 2


def test_one_encoding_whatever_the_database() -> None:
    """The hash of a row that went through the database is what it always is."""
    moment = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.UTC)
    facts = {"ü": 1e300, "a": [1.10, 100.0, -0.0, None, True, {"z": 1, "b": "x"}]}
    tag = Tag.objects.create(id=uuid.UUID(int=7), word="ß\u2028'\"")
    park = Park.objects.create(
        pk=90001, name="Oak", slug="oak", hectares=Decimal("12.50"), visitors=-3, facts=facts,
        opened_on=datetime.date(1990, 1, 2),
    )  # fmt: skip
    Park.objects.filter(pk=90001).update(changed_at=moment)
    park.refresh_from_db()
    values = [park.name, park.hectares, park.visitors, park.is_open, park.facts, park.opened_on,
              park.changed_at, park.area_id, tag.pk, Tag.objects.get().word]  # fmt: skip
    assert digest(values).hex() == GOLDEN


GOLDEN = "f119184cb0ab8afded9556e71ac2a8801add77377ca9ffd6098ce4045aa4d6e7"


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (1, 1.0),
        (Decimal("1.50"), 1.5),
        (10**300, 1e300),
        (-0.0, 0),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (memoryview(b"x"), b"x"),
        (
            datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC),
            datetime.datetime(
                2026, 1, 1, 14, tzinfo=datetime.timezone(datetime.timedelta(hours=2))
            ),
        ),
    ],
)
def test_equal_values_are_encoded_alike(one: Any, same: Any) -> None:
    assert encode(one) == encode(same)


def test_different_values_are_encoded_differently() -> None:
    different: list[Any] = [
        *(None, True, False, 0, 1, 1.5, "", "1", b"", b"1", [], {}, [None], [[]], ["a", "b"]),
        *(["ab"], ["a", ["b"]], {"a": "b"}, {"ab": ""}, datetime.date(2026, 1, 1)),
        *(datetime.datetime(2026, 1, 1), datetime.time(1), datetime.timedelta(seconds=1)),  # noqa: DTZ001
        *(uuid.UUID(int=1), float("nan"), float("inf"), Decimal("1e-9")),
    ]
    assert len({encode(value) for value in different}) == len(different)


def test_the_chain_is_appended_to_in_one_line(park: Park) -> None:
    with transaction.atomic():
        chain = Chain("default")
        chain.append(Seal.Kind.ERASURE, {"model": "m", "key": "1", "fields": []})
    assert chain.number == Seal.objects.count()
    assert problems() == []
