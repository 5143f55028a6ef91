"""Merging: sets of rows, three ways, field by field; changes are never replayed.

A merge first refreshes the branch: what its base has changed meanwhile comes into the rows that the
branch holds. After that a branch's rows are what the result will be, and they are written to
the target in a few statements for each table. Writers of both wait meanwhile.

`ours` is what the base has, `theirs` what the branch has, whichever way things go.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model

from longhouse.versioning import commits, conflicts, sql
from longhouse.versioning.approvals import require_approvals
from longhouse.versioning.branches import last_commit
from longhouse.versioning.companions import (
    CREATE,
    DELETE,
    IMAGE,
    UPDATE,
    Versioned,
    tables,
    versioned_of,
)
from longhouse.versioning.conflicts import Found, Kind, MergeConflict
from longhouse.versioning.context import INFINITY, MAIN, Layer, ReadOnly, View
from longhouse.versioning.models import Branch, Commit, Conflict, Pin, base_layers
from longhouse.versioning.overlay import Overlay
from longhouse.versioning.protection import unprotected
from longhouse.versioning.rebase import Table
from longhouse.versioning.signals import measuring, merged
from longhouse.versioning.values import python

Prefer = Literal["ours", "theirs"] | None


def merge(
    branch: Branch,
    *,
    author: Model | None = None,
    message: str = "",
    prefer: Prefer = None,
    ends: bool = False,
    using: str = DEFAULT_DB_ALIAS,
) -> Commit | None:
    """Bring a branch's changes into its base; the commit, or None when there are no changes.

    `prefer` decides whatever conflicts by the fields' values or by whether rows are there; without
    it, and for what it cannot decide, raises MergeConflict: nothing is merged, and the conflicts
    wait in the table `Conflict`. Raises NotApproved where the base is protected and approvals of
    what the branch holds are missing.

    `ends`: of a branch that was submitted, and is done with this merge: ValidationError when it
    was not, or brings nothing.
    """
    text = message or f"Merge {branch}"
    with (
        measuring("merge", branch.view().base),
        _keeping_conflicts(branch, using),
        commits.one_commit(author=author, message=text, using=using),
    ):
        sync = Sync(branch, using, prefer)
        if ends and branch.status != Branch.Status.OPEN:
            raise ValidationError("Only what was submitted is merged.")
        require_approvals(branch, is_decided_for=prefer is not None)
        with unprotected():
            sync.refresh()
            commits.finish(sync.connection)
            commit = sync.write()
        sync.done()
        if ends:
            if commit is None:
                raise ValidationError("There is nothing to merge.")
            branch.status = Branch.Status.MERGED
            branch.save(using=using, update_fields=["status"])
        if commit is None:
            return None
        Commit.objects.using(using).filter(pk=commit).update(
            merged=branch, reverts=branch.reverts, picks=branch.picks
        )
        made = Commit.objects.using(using).get(pk=commit)
        transaction.on_commit(
            lambda: merged.send(sender=Branch, branch=branch, commit=made, user=author), using=using
        )
        return made


def refresh(
    branch: Branch,
    *,
    author: Model | None = None,
    message: str = "",
    prefer: Prefer = None,
    using: str = DEFAULT_DB_ALIAS,
) -> Commit | None:
    """Bring what the base has changed into the branch; a pinned one moves on to the base as it is.

    The commit in the branch, or None when it holds no row that the base has changed. Raises
    MergeConflict as `merge` does.
    """
    text = message or f"Refresh {branch}"
    with (
        measuring("refresh", branch.view()),
        _keeping_conflicts(branch, using),
        commits.one_commit(author=author, message=text, using=using),
    ):
        sync = Sync(branch, using, prefer)
        commit = sync.refresh()
        sync.done()
        return None if commit is None else Commit.objects.using(using).get(pk=commit)


def find_conflicts(branch: Branch, *, using: str = DEFAULT_DB_ALIAS) -> list[Conflict]:
    """What a merge would not decide now; nothing else is changed."""
    found: list[Conflict] = []
    if branch.is_over:
        return found
    try:
        with (
            _keeping_conflicts(branch, using),
            transaction.atomic(using=using),
            unprotected(),  # it is rolled back
        ):
            sync = Sync(branch, using, None)
            sync.refresh()
            transaction.set_rollback(True, using=using)
    except MergeConflict as error:
        found = error.conflicts
    else:
        conflicts.keep(branch, sync.settled, using)
    return found


@contextmanager
def _keeping_conflicts(branch: Branch, using: str) -> Iterator[None]:
    """Keep the conflicts that have stopped a merge, after it has been rolled back."""
    try:
        yield
    except _Conflicts as error:
        kept = conflicts.keep(branch, [*error.found, *error.settled], using)
        raise MergeConflict(branch, kept[: len(error.found)]) from None


class _Conflicts(Exception):
    def __init__(self, found: list[Found], settled: list[Found]) -> None:
        super().__init__(len(found))
        self.found = found
        self.settled = settled  # decided, which must not be forgotten


class Sync:
    """One merge or refresh, within its transaction."""

    def __init__(self, branch: Branch, using: str, prefer: Prefer) -> None:
        self.branch = branch
        self.using = using
        self.prefer = prefer
        self.connection: Any = connections[using]
        bases = []
        base = branch.base
        while base is not None:
            bases.append(base.pk)
            base = base.base
        # In the order in which every transaction takes them, or two would wait for each other.
        for number in (MAIN, *sorted(bases), branch.pk):
            commits.lock(self.connection, number)
        branch.refresh_from_db(using=using)
        if branch.is_over:
            raise ReadOnly(f"{branch} is {branch.status}.")
        if branch.base is not None and (branch.base.is_archived or branch.base.is_over):
            raise ReadOnly(f"{branch.base} is archived, merged or closed.")
        view = branch.view()
        own = Layer(branch.pk)
        self.view = View((own, *base_layers(branch.base)), is_writable=view.is_writable)
        self.commit: int | None = None
        self.settled: list[Found] = []  # conflicts that people have decided
        self.touched = [
            versioned for versioned in tables.values() if self._holds_anything(versioned)
        ]

    def _holds_anything(self, versioned: Versioned) -> bool:
        with self.connection.cursor() as cursor:
            cursor.execute(sql.holds_anything(versioned, Layer(self.branch.pk)))
            return cursor.fetchone() is not None

    def refresh(self) -> int | None:
        """The branch's rows become what a merge would make of them. The commit, if there is one."""
        decided = conflicts.decisions(self.branch, self.using)
        parts = [Table(self, versioned, decided) for versioned in self.touched]
        found = [one for part in parts for one in part.rebase()]
        if not found:
            found = [one for part in parts for one in part.collisions()]
            found += [one for versioned in self.related() for one in self.dangling(versioned)]
        self.settled = [one for part in parts for one in part.settled]
        if found:
            raise _Conflicts(found, self.settled)
        conflicts.keep(self.branch, [], self.using)
        return self.commit

    def done(self) -> None:
        """The branch is level with its base."""
        last = self.branch.synced_at = last_commit(self.using)
        if (pins := self.branch.pins) is not None:
            self.branch.pin(last)
            if pins != self.branch.pins:
                until = self.commit or commits.last_written(self.connection) or last + 1
                Pin.objects.using(self.using).create(branch=self.branch, pins=pins, until=until)
        self.branch.save(using=self.using, update_fields=["synced_at", "pins"])

    def begin(self, model: type[Model]) -> int:
        self.commit = commits.current(self.connection, self.branch.pk, model)
        return self.commit

    # Keys that point nowhere -------------------------------------------------------------------

    def related(self) -> list[Versioned]:
        """Tables with keys to rows that the branch may have deleted, or with rows of its own."""
        touched = {versioned.model for versioned in self.touched}
        return [
            versioned
            for versioned in tables.values()
            if versioned.model in touched
            or any(field.is_relation and field.target_field.model in touched
                   for field in versioned.fields)
        ]  # fmt: skip

    def dangling(self, versioned: Versioned) -> Iterable[Found]:
        overlay = Overlay(self.connection, versioned, self.view, 0)
        base = sql.relation(self.connection.vendor, versioned, self.view.base)
        for field in versioned.fields:
            if not field.is_relation:
                continue
            target = field.target_field
            parent = versioned_of(target.model)
            column = sql.quoted(field.column)
            if versioned in self.touched:
                for key, value in overlay.fetch(
                    f"SELECT o.{overlay.pk}, o.{column} FROM {overlay.companion} o"
                    f" WHERE {overlay.holds('o')} AND o.version_op < {DELETE}"
                    f" AND o.{column} IS NOT NULL AND {self._absent(parent, target, f'o.{column}')}"
                ):
                    yield Found(
                        versioned,
                        python(versioned.pk_field, key, self.connection),
                        Kind.DANGLING,
                        field.name,
                        theirs=None,
                        ours=python(target, value, self.connection),
                    )
            if parent is None or parent not in self.touched:
                continue
            for key, value in overlay.fetch(
                f"SELECT m.{overlay.pk}, p.{sql.quoted(parent.pk)} FROM {base} m"
                f" JOIN {sql.quoted(parent.companion_table)} p"
                f" ON p.{sql.quoted(target.column)} = m.{column}"
                f" WHERE {sql.within(self.view.layers[0], 'p')} AND p.version_op = {DELETE}"
                f" AND NOT {sql.hidden(versioned, self.view.layers[:1], f'm.{overlay.pk}')}"
            ):
                yield Found(
                    versioned,
                    python(versioned.pk_field, key, self.connection),
                    Kind.DANGLING,
                    field.name,
                    theirs={
                        "model": parent.model._meta.label,
                        "pk": conflicts.as_json(python(parent.pk_field, value, self.connection)),
                    },
                )

    def _absent(self, parent: Versioned | None, target: Any, key: str) -> str:
        """Whether the branch sees no row of `target`'s table with the key."""
        column = sql.quoted(target.column)
        if parent is None:
            table = sql.quoted(target.model._meta.db_table)
            return f"NOT EXISTS (SELECT 1 FROM {table} p_ WHERE p_.{column} = {key})"
        return " AND ".join(
            f"NOT EXISTS (SELECT 1 FROM {arm} AND v.{column} = {key})"
            for arm in sql.arms(parent, self.view)
        )

    # Into the target -----------------------------------------------------------------------------

    def write(self) -> int | None:
        """Write the branch's rows to its base; they are past in the branch then."""
        target = MAIN if self.branch.base is None else self.branch.base.pk
        commit = None
        for versioned in self.touched:
            if not self._holds_anything(versioned):
                continue
            commit = commits.current(self.connection, target, versioned.model)
            table = Overlay(self.connection, versioned, self.view, commit)
            rows = self._write_to_main(table) if target == MAIN else self._write_to(table, target)
            closed = table.run(
                f"UPDATE {table.companion} SET version_to = {commit}"
                f" WHERE {table.holds(table.companion)}"
            )
            table.analyze(rows + closed)
        return commit

    def _write_to_main(self, table: Overlay) -> int:
        versioned, commit = table.versioned, table.commit
        rev, names = sql.quoted(versioned.rev), table.names
        held = table.holds("o")
        from_main = sql.columns(versioned.columns, "m")
        rows = table.run(
            f"INSERT INTO {table.companion}"
            f" (version_branch, version_op, version_from, version_to, {names})"
            f" SELECT {MAIN}, {IMAGE}, m.{rev}, {commit}, {from_main} FROM {table.table} m"
            f" JOIN {table.companion} o ON o.{table.pk} = m.{table.pk}"
            f" WHERE {held} AND o.version_op IN ({UPDATE}, {DELETE})"
        )
        table.analyze(rows)
        table.run(
            f"DELETE FROM {table.table} WHERE {table.pk} IN (SELECT o.{table.pk}"
            f" FROM {table.companion} o WHERE {held} AND o.version_op = {DELETE})"
        )
        ops = f"= {CREATE}"
        if swapped := self._swapped(table):
            # Values that are unique change hands: no order of updates would do.
            keys = " OR ".join(f"{table.pk} IN ({keys})" for keys in swapped)
            table.run(f"DELETE FROM {table.table} WHERE {keys}")
            ops = (
                f"< {DELETE} AND NOT EXISTS (SELECT 1 FROM {table.table} m"
                f" WHERE m.{table.pk} = o.{table.pk})"
            )
        if versioned.values:
            change = ", ".join(f"{sql.quoted(f.column)} = o.{sql.quoted(f.column)}"
                               for f in versioned.values) + ", "  # fmt: skip
        else:
            change = ""
        table.run(
            f"UPDATE {table.table} SET {change}{rev} = {commit} FROM {table.companion} o"
            f" WHERE o.{table.pk} = {table.table}.{table.pk} AND {held}"
            f" AND o.version_op = {UPDATE}"
        )
        table.run(
            f"INSERT INTO {table.table} ({names}, {rev})"
            f" SELECT {sql.columns(versioned.columns, 'o')}, {commit} FROM {table.companion} o"
            f" WHERE {held} AND o.version_op {ops}"
        )
        return rows

    def _swapped(self, table: Overlay) -> list[str]:
        """Subqueries of the keys of rows of main whose unique values another row will get."""
        found = []
        for unique in table.versioned.uniques:
            same = " AND ".join(f"m.{sql.quoted(c)} = o.{sql.quoted(c)}" for c in unique.columns)
            keys = (
                f"SELECT m.{table.pk} FROM {table.satisfying(unique, table.companion)} o"
                f" JOIN {table.satisfying(unique, table.table)} m"
                f" ON {same} AND m.{table.pk} <> o.{table.pk}"
                f" WHERE {table.holds('o')} AND o.version_op < {DELETE}"
            )
            if table.fetch(f"SELECT 1 FROM ({keys} LIMIT 1) k"):
                found.append(keys)
        return found

    def _write_to(self, table: Overlay, target: int) -> int:
        """To another branch: its rows of the same keys are past, ours take their place."""
        commit, held = table.commit, table.holds("o")
        table.run(
            f"UPDATE {table.companion} SET version_to = {commit}"
            f" WHERE {sql.within(Layer(target), table.companion)} AND {table.pk} IN"
            f" (SELECT o.{table.pk} FROM {table.companion} o WHERE {held})"
        )
        base = f"CASE WHEN k.{table.pk} IS NULL THEN o.version_base ELSE k.version_base END"
        # What the target has made, its base may have got since, by a cherry-pick: that is hidden.
        under = View(self.view.layers[2:]).simplified()
        below = sql.relation(table.connection.vendor, table.versioned, under)
        found = f"SELECT m.{sql.quoted(table.versioned.rev)} FROM {below} m"
        base = (
            f"CASE WHEN o.version_op = {DELETE}"
            f" THEN COALESCE({base}, ({found} WHERE m.{table.pk} = o.{table.pk})) ELSE {base} END"
        )
        return table.run(
            f"INSERT INTO {table.companion} (version_branch, version_op, version_from, version_to,"
            f" version_base, {table.names}) SELECT {target}, CASE WHEN o.version_op = {DELETE}"
            f" THEN {DELETE} WHEN {base} IS NULL THEN {CREATE} ELSE {UPDATE} END,"
            f" {commit}, {INFINITY}, {base}, {sql.columns(table.versioned.columns, 'o')}"
            f" FROM {table.companion} o"
            f" LEFT JOIN {table.companion} k ON k.{table.pk} = o.{table.pk}"
            f" AND k.version_branch = {target} AND k.version_to = {commit}"
            f" WHERE {held} AND NOT (o.version_op = {DELETE} AND {base} IS NULL)"
        )
