"""Any sequence of operations, branches and merges, against tables that are not versioned.

FUZZ_SEEDS=50 FUZZ_SHRINK=1 pytest longhouse/versioning/tests/test_fuzz.py
"""

import datetime
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.migrations import operations
from django.db.migrations.state import ProjectState
from django.db.models import Case, F, Value, When
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.companions import versioned_of
from longhouse.versioning.conflicts import MergeConflict
from longhouse.versioning.merge import merge, refresh
from longhouse.versioning.models import Branch, Commit, Pin
from longhouse.versioning.pick import cherry_pick
from longhouse.versioning.revert import revert
from longhouse.versioning.tests.oracle import COLUMNS, VERSIONED, Line, State, World, clear, compare

SEEDS = int(os.environ.get("FUZZ_SEEDS", "1"))
FIRST = int(os.environ.get("FUZZ_FIRST", "1"))
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "12"))  # of each seed; the first are short
STEPS = int(os.environ.get("FUZZ_STEPS", "50"))
LABEL = "versioning_tests"
small = st.integers(0, 11)
which = st.integers(0, 3)


@cache
def migration() -> tuple[list[operations.AddField], ProjectState, ProjectState]:
    """Rides get a motto: the operations, the models before and after."""
    before = ProjectState.from_apps(apps)
    after = before.clone()
    motto = models.CharField(max_length=9, default="-")
    add = [operations.AddField(model, "motto", motto) for model in ("ride", "rideversion")]
    for operation in add:
        operation.state_forwards(LABEL, after)
    return add, before, after


@contextmanager
def migrated() -> Iterator[Any]:
    """Migrate, and back; gives the model in between."""
    add, before, after = migration()
    clear()  # where a live branch was loaded, whose base has lost rows that it points to
    connection.check_constraints()  # PostgreSQL alters no table while checks are pending
    with connection.schema_editor() as editor:
        for operation in add:
            operation.database_forwards(LABEL, editor, before, after)
    yield after.apps.get_model(LABEL, "ride")
    connection.check_constraints()
    with connection.schema_editor() as editor:
        for operation in reversed(add):
            operation.database_backwards(LABEL, editor, after, before)


def nth(queryset: Any, n: int) -> Any:
    """One of the rows, the same in both worlds."""
    keys = list(queryset.order_by("pk").values_list("pk", flat=True))
    return queryset.get(pk=keys[n % len(keys)]) if keys else None


@dataclass(frozen=True)
class Memory:
    """What a line said after a commit."""

    line: Line
    commit: int
    state: State


def bases(line: Line | None) -> Iterator[Branch]:
    """The branches that a line lies on, and its own."""
    while line is not None:
        if line.branch is not None:
            yield line.branch
        line = line.base


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        # SQLite migrates only where keys are not enforced, which is said outside of transactions.
        self.enforced = connection.disable_constraint_checking()
        self.block = transaction.atomic()
        self.block._from_testcase = True  # type: ignore[attr-defined]
        self.block.__enter__()
        self.numbers = count(1000)  # from the start: an example that is run again is the same
        self.main = Line()
        self.branches: list[Line] = []
        self.past: list[Memory] = []
        self.removed: set[Any] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        if self.enforced:
            connection.enable_constraint_checking()

    @initialize()
    def start(self) -> None:
        self.areas([1, 2, 3], self.main)
        for n in range(8):
            self.create(self.main, n)
        for n in range(4):
            self.ride(self.main, n)
            self.tag(self.main, n, n)
            self.tag(self.main, n + 2, n)
        self.branches_off(pinned=False, stacked=False)

    def line(self, n: int) -> Line:
        """Main for 0, else a branch: what matters is on both sides of one."""
        return self.branches[n % len(self.branches)] if n and self.branches else self.main

    def areas(self, ns: list[int], line: Line) -> None:
        names = [f"Area {next(self.numbers)}" for _ in ns]
        keys = [next(self.numbers) for _ in ns]

        def make(w: World) -> None:
            w.Area.objects.bulk_create(
                w.Area(pk=key, name=name, country="ES" if key % 2 else "FR")
                for key, name in zip(keys, names, strict=True)
            )

        line.run(make)

    def create(self, line: Line, n: int) -> None:
        number, key = next(self.numbers), next(self.numbers)

        def make(w: World) -> None:
            area = nth(w.Area.objects.all(), n)
            w.Park.objects.create(
                pk=key,
                name=f"Park {number}",
                slug=f"park-{number}",
                hectares=Decimal(number) / 4,
                visitors=number,
                is_open=bool(n % 2),
                opened_on=datetime.date(1990 + n, 1, 1),
                facts={"n": n},
                area=area,
            )

        line.run(make)

    def ride(self, line: Line, n: int) -> None:
        key = next(self.numbers)

        def make(w: World) -> None:
            if park := nth(w.Park.objects.all(), n):
                park.rides.create(pk=key, name=f"Ride {key}", height=n)

        line.run(make)

    def tag(self, line: Line, n: int, m: int) -> None:
        key = uuid.UUID(int=next(self.numbers))
        with line.active():
            park = nth(VERSIONED.Park.objects.all(), n)
            other = nth(VERSIONED.Tag.objects.all(), m)
        if park is None:
            return
        # Nobody else may add the pair, and nobody again: that is another test's.
        pair = (park.pk, other.pk if other else None)
        free = other is not None and pair not in self.removed
        free = free and not any(pair in one.seen()["pair"] for one in [self.main, *self.branches])

        def add(w: World) -> None:
            if free:
                w.Park.objects.get(pk=park.pk).tags.add(pair[1])
            else:
                w.Park.objects.get(pk=park.pk).tags.create(pk=key, word=f"Tag {n}")

        line.run(add)

    @rule(n=which, m=small)
    def creates(self, n: int, m: int) -> None:
        self.create(self.line(n), m)

    @rule(n=which, m=small)
    def makes_rides(self, n: int, m: int) -> None:
        self.ride(self.line(n), m)

    @rule(n=which, m=small, k=small)
    def tags(self, n: int, m: int, k: int) -> None:
        self.tag(self.line(n), m, k)

    @rule(n=which, m=small)
    def untags(self, n: int, m: int) -> None:
        line = self.line(n)
        with line.active():
            park = nth(VERSIONED.Park.objects.filter(tags__isnull=False).distinct(), m)
            tag = nth(park.tags.all(), m) if park else None
        if tag is None:
            return
        self.removed.add((park.pk, tag.pk))
        line.run(lambda w: w.Park.objects.get(pk=park.pk).tags.remove(tag.pk))

    @rule(n=which, m=small, k=small)
    def sets_tags(self, n: int, m: int, k: int) -> None:
        """Fewer of them, or none: what was taken away, nobody adds again."""
        line = self.line(n)
        before = set(line.state()["pair"])

        def put(w: World) -> None:
            park = nth(w.Park.objects.filter(tags__isnull=False).distinct(), m)
            if park is None:
                return
            if k % 3 == 0:
                park.tags.clear()
            else:
                park.tags.set(list(park.tags.order_by("pk"))[: k % 3])

        line.run(put)
        self.removed |= before - set(line.state()["pair"])

    @rule(n=which, m=small)
    def creates_many(self, n: int, m: int) -> None:
        keys = [next(self.numbers) for _ in range(m % 5 + 1)]

        def make(w: World) -> int:
            parks = list(w.Park.objects.order_by("pk")[:2])
            rides = [
                w.Ride(pk=key, name=f"Ride {key}", height=key % 7, park=parks[key % len(parks)])
                for key in keys
                if parks
            ]
            return len(w.Ride.objects.bulk_create(rides, batch_size=2))

        self.line(n).run(make)

    @rule(n=which, m=small)
    def creates_what_is_not_there(self, n: int, m: int) -> None:
        key, number = next(self.numbers), next(self.numbers)

        def make(w: World) -> None:
            there = nth(w.Area.objects.all(), m)
            areas = [w.Area(pk=key, name=f"Area {number}")]
            areas += [w.Area(pk=there.pk, name=f"Other {number}")] if there else []
            w.Area.objects.bulk_create(areas, ignore_conflicts=True)

        self.line(n).run(make)

    @rule(n=which, m=small)
    def creates_or_updates(self, n: int, m: int) -> None:
        key, number = next(self.numbers), next(self.numbers)

        def make(w: World) -> None:
            there = nth(w.Park.objects.all(), m)
            slugs = [f"put-{number}", *([there.slug] if there else [])]
            parks = [w.Park(pk=key + i, name=f"Put {key}", slug=s) for i, s in enumerate(slugs)]
            w.Park.objects.bulk_create(
                parks, update_conflicts=True, unique_fields=["slug"], update_fields=["name"]
            )

        self.line(n).run(make)

    @rule(n=which, m=small, k=small)
    def saves(self, n: int, m: int, k: int) -> None:
        number = next(self.numbers)

        def save(w: World) -> None:
            if park := nth(w.Park.objects.all(), m):
                park.visitors = number
                if k % 3 == 0:
                    park.name = f"Saved {number}"
                if k % 4 == 0:
                    park.area = nth(w.Area.objects.all(), k)
                park.facts = {"n": number}
                if k % 2:
                    park.save()
                else:
                    park.save(update_fields=["visitors", "facts"])

        self.line(n).run(save)

    @rule(n=which, m=small, k=small)
    def updates(self, n: int, m: int, k: int) -> None:
        def update(w: World) -> Any:
            parks = w.Park.objects.filter(visitors__gt=1000 + 5 * m)
            if k % 3 == 0:
                parks = w.Park.objects.filter(area__country="ES" if m % 2 else "FR")
            if k % 3 == 1:
                parks = parks.exclude(rides__height__gt=m)
            if k % 5 == 4:
                same = w.Park.objects.filter(is_open=bool(m % 2))
                parks = w.Park.objects.filter(pk__in=same.values("pk"))
            is_open = Case(When(visitors__gt=1000 + k, then=Value(True)), default=Value(False))
            return parks.update(visitors=F("visitors") + k + 1, is_open=is_open)

        self.line(n).run(update)

    @rule(n=which, m=small)
    def updates_many(self, n: int, m: int) -> None:
        number = next(self.numbers)

        def update(w: World) -> int:
            parks = list(w.Park.objects.order_by("pk")[m % 4 : m % 4 + 4])
            for park in parks:
                park.description = f"{park.pk} {number}"
            return w.Park.objects.bulk_update(parks, ["description"]) if parks else 0

        self.line(n).run(update)

    @rule(n=which, m=small)
    def renames_areas(self, n: int, m: int) -> None:
        number, key = next(self.numbers), next(self.numbers)

        def rename(w: World) -> None:
            area = nth(w.Area.objects.all(), m)
            if area is None or m % 4 == 0:
                w.Area.objects.update_or_create(pk=key, defaults={"name": f"Area {number}"})
            elif m % 4 == 1:
                parent = nth(w.Area.objects.exclude(pk=area.pk).filter(parent=None), m)
                cut = {"name": f"Area {number}", "parent": None if area.parts.exists() else parent}
                w.Area.objects.update_or_create(pk=area.pk, defaults=cut)
            else:
                w.Area.objects.filter(pk=area.pk).update(name=f"Area {number}")

        self.line(n).run(rename)

    @rule(n=which, m=small)
    def gets_or_creates(self, n: int, m: int) -> None:
        number, key = next(self.numbers), next(self.numbers)

        def get(w: World) -> Any:
            park = nth(w.Park.objects.all(), m)
            slug = park.slug if park and m % 2 else f"got-{number}"
            defaults = {"pk": key, "name": f"Got {number}", "visitors": number}
            found, created = w.Park.objects.get_or_create(slug=slug, defaults=defaults)
            return found.pk, created

        self.line(n).run(get)

    @rule(n=which, m=small, k=small)
    def deletes(self, n: int, m: int, k: int) -> None:
        line = self.line(n)
        before = set(line.state()["pair"])

        def delete(w: World) -> Any:
            if k == 0:
                rows = w.Area.objects.all()
            elif k < 4:
                rows = w.Ride.objects.all()
            elif k < 6:
                rows = w.Tag.objects.all()
            else:
                rows = w.Park.objects.all()
            one = nth(rows, m)
            if one is None:
                return None
            if k % 2:
                return one.delete()[0]
            return rows.filter(pk=one.pk).delete()[0]

        line.run(delete)
        self.removed |= before - set(line.state()["pair"])

    @rule(n=which, m=small)
    def deletes_many(self, n: int, m: int) -> None:
        def delete(w: World) -> Any:
            few = w.Ride.objects.filter(height__lt=m % 3)
            return few.delete()[0]

        self.line(n).run(delete)

    @precondition(lambda self: len(self.branches) < 3)
    @rule(pinned=st.booleans(), stacked=st.booleans())
    def branches_off(self, pinned: bool, stacked: bool) -> None:
        base = self.branches[-1] if stacked and self.branches else self.main
        branch = create_branch(f"b{next(self.numbers)}", base=base.branch, pinned=pinned)
        self.branches.append(Line(base=base, branch=branch, pinned=base.seen() if pinned else None))

    def check_conflicts(self, line: Line, error: MergeConflict, prefer: str | None) -> None:
        """The same as the oracle finds; what cannot be decided goes with the branch."""
        found = set()
        for one in error.conflicts:
            table = one.model.split(".")[1].lower().replace("park_tags", "pair")
            found.add((table, one.object_pk, one.kind, one.field))
        merged, expected = line.rebased(prefer)
        if expected:
            assert found == expected
            return
        trial = Line(base=Line(held=line.base.seen() if line.base else {}))
        trial.held = {t: {k: (0, row) for k, row in rows.items()} for t, rows in merged.items()}
        dangling = {
            (table, "" if table == "pair" else key, name) for table, key, kind, name in found
        }
        assert {kind for _, _, kind, _ in found} == {"dangling"}
        assert dangling == trial.dangling()
        self.drop(line)

    def drop(self, line: Line) -> None:
        for child in [one for one in self.branches if one.base is line]:
            self.drop(child)
        self.branches.remove(line)
        assert line.branch is not None
        Branch.objects.get(pk=line.branch.pk).delete()

    @precondition(lambda self: self.branches)
    @rule(n=which, prefer=st.sampled_from([None, None, "ours", "theirs"]))
    def refreshes(self, n: int, prefer: Any) -> None:
        line = self.branches[n % len(self.branches)]
        before = line.state()
        assert line.branch is not None
        try:
            refresh(line.branch, prefer=prefer)
        except MergeConflict as error:
            self.check_conflicts(line, error, prefer)
        else:
            assert not line.rebased(prefer)[1]
            line.refresh(prefer)
        if line in self.branches:
            self.removed |= set(before["pair"]) - set(line.state()["pair"])
            self.same(line)

    @precondition(lambda self: self.branches)
    @rule(n=which, prefer=st.sampled_from([None, "ours", "theirs"]))
    def merges(self, n: int, prefer: Any) -> None:
        line = self.branches[n % len(self.branches)]
        assert line.branch is not None
        assert line.base is not None
        try:
            merge(line.branch, prefer=prefer)
        except MergeConflict as error:
            self.check_conflicts(line, error, prefer)
        else:
            assert not line.rebased(prefer)[1]
            line.refresh(prefer)
            assert not line.dangling()
            line.merge()
        if line in self.branches:
            self.same(line)
            self.same(line.base)

    @precondition(lambda self: self.branches)
    @rule(n=which, m=which, prefer=st.sampled_from([None, "ours", "theirs"]))
    def picks(self, n: int, m: int, prefer: Any) -> None:
        """The last commit of one line, done to another."""
        source, target = self.line(n), self.line(m)
        if source is not target:
            self.repeat(source, target, prefer)

    @precondition(lambda self: self.branches)
    @rule(n=which, prefer=st.sampled_from([None, "ours", "theirs"]))
    def reverts_in_branch(self, n: int, prefer: Any) -> None:
        """The last commit of a branch, undone there."""
        line = self.branches[n % len(self.branches)]
        self.repeat(line, line, prefer)

    def repeat(self, source: Line, target: Line, prefer: Any) -> None:
        """Do to a line what another's last commit did; to the same line, the opposite."""
        # What a branch gave back to its base, as a refresh may, is not picked.
        commit = Commit.objects.filter(branch=source.branch, message="").first()
        if commit is None or self.was_moved(source, commit.pk):
            return
        with source.active():
            with as_of(commit.pk - 1):
                before = VERSIONED.dump()
            with as_of(commit):
                after = VERSIONED.dump()
        line = target.pick(after, before) if source is target else target.pick(before, after)
        before_all = set(target.state()["pair"])
        onto = target.branch and Branch.objects.get(pk=target.branch.pk)
        try:
            if source is target:
                made = revert(commit, prefer=prefer)
            else:
                made = cherry_pick(commit, onto=onto, prefer=prefer)
        except MergeConflict as error:
            line.branch = error.branch
            self.branches.append(line)
            self.check_conflicts(line, error, prefer)
            if line in self.branches:
                self.drop(line)
        else:
            assert not line.rebased(prefer)[1]
            line.refresh(prefer)
            assert not line.dangling()
            assert (made is not None) == any(line.held.values())
            line.merge()
        self.removed |= before_all ^ set(target.state()["pair"])
        self.same(target)

    @rule(n=which)
    def remembers(self, n: int) -> None:
        line = self.line(n)
        last = Commit.objects.order_by("pk").last()
        if last is None:
            return
        if not self.was_moved(line, last.pk + 1):
            self.past.append(Memory(line, last.pk, line.state()))

    @precondition(lambda self: self.past)
    @rule(n=small, number=st.integers(1000, 1200))
    def looks_back(self, n: int, number: int) -> None:
        lines = [self.main, *self.branches]
        self.past = [one for one in self.past if one.line in lines]
        if not self.past:
            return
        then = self.past[n % len(self.past)]

        @contextmanager
        def looking() -> Iterator[None]:
            with then.line.active(), as_of(then.commit):
                yield

        with looking():
            assert VERSIONED.dump() == then.state
        compare(then.state, looking, number)

    @rule(n=which, number=st.integers(0, 1))
    def migrates(self, n: int, number: int) -> None:
        """A field that comes, with data of each line, and goes again, while branches are open."""
        lines = [self.main, *self.branches]
        chosen = self.line(n)
        with migrated() as historical:
            rides = historical._default_manager
            old = [pk for pk in chosen.state()["ride"] if pk % 2 == number]
            with chosen.active():
                assert rides.filter(pk__in=old).update(motto="old") == len(old)
                assert rides.filter(motto="old").count() == len(old)
            for line in lines:
                with line.active():
                    mottos = dict(rides.values_list("pk", "motto"))
                assert set(mottos) == set(line.state()["ride"])
                if line is chosen:
                    assert sorted(old) == sorted(pk for pk in mottos if mottos[pk] == "old")
        for pk in old:  # that was a write of these rows
            chosen.write("ride", pk, chosen.state()["ride"][pk])
        for line in lines:
            self.same(line)

    @rule()
    def reverts(self) -> None:
        """The last commit to main, whatever it was: as if it had never been."""
        commit = Commit.objects.filter(branch=None).first()
        assert commit is not None
        with as_of(commit.pk - 1):
            before = VERSIONED.dump()
        written = {table: self.written(table, commit) for table in COLUMNS}
        made = revert(commit)
        gone = set(self.main.state()["pair"]) - set(before["pair"])
        self.removed |= gone | (set(before["pair"]) - set(self.main.state()["pair"]))
        self.main.take(before)
        for (
            table,
            keys,
        ) in written.items():  # by the commit, without another value: by its revert too
            for key in keys & set(before[table]):
                self.main.write(table, key, before[table][key])
        self.same(self.main)
        if made is not None:
            assert made.reverts == commit

    def written(self, table: str, commit: Commit) -> set[Any]:
        """Keys of main's rows that a commit was the last to write."""
        model = VERSIONED.models[table]
        versioned = versioned_of(model)
        assert versioned is not None
        rev = versioned.rev_field.attname
        return set(model.objects.filter(**{rev: commit.pk}).values_list("pk", flat=True))

    def was_moved(self, line: Line, commit: int) -> bool:
        """Whether a refresh that needed no commit has moved the line just before one.

        As of the commit before it the line shows what it did before the refresh.
        """
        return Pin.objects.filter(branch__in=list(bases(line)), until=commit).exists()

    def same(self, line: Line) -> None:
        with line.active():
            assert VERSIONED.dump() == line.state()

    @rule(n=which, number=st.integers(1000, 1200))
    def asks(self, n: int, number: int) -> None:
        line = self.line(n)
        compare(line.state(), line.active, number)

    @invariant()
    def main_is_what_it_is(self) -> None:
        with branch_context(None):
            assert VERSIONED.dump() == self.main.state()


@pytest.mark.django_db(transaction=True)  # which the histories begin themselves
@pytest.mark.parametrize("number", range(FIRST, FIRST + SEEDS))
def test_histories_agree_with_plain_tables(number: int) -> None:
    run_state_machine_as_test(
        seed(number)(Histories),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink]
            if os.environ.get("FUZZ_SHRINK")
            else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
