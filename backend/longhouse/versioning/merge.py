"""Merging: sets of rows, three ways, field by field; changes are never replayed.

A merge first refreshes the branch: what its base has changed meanwhile comes into the rows that the
branch holds. After that a branch's rows are what the result will be, and they are written to
the target in a few statements for each table. Writers of both wait meanwhile.

`ours` is what the base has, `theirs` what the branch has, whichever way things go.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model

from longhouse.versioning import commits, conflicts, sql
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
from longhouse.versioning.models import Branch, Commit, Conflict
from longhouse.versioning.overlay import Overlay
from longhouse.versioning.policies import COUNTER, IGNORE, IN_SQL, NEWEST, THEIRS, Undecided

Prefer = Literal["ours", "theirs"] | None


def merge(
    branch: Branch,
    *,
    author: Model | None = None,
    message: str = "",
    prefer: Prefer = None,
    using: str = DEFAULT_DB_ALIAS,
) -> Commit | None:
    """Bring a branch's changes into its base; the commit, or None when there are no changes.

    `prefer` decides whatever conflicts by the fields' values or by whether rows are there; without
    it, and for what it cannot decide, raises MergeConflict: nothing is merged, and the conflicts
    wait in the table `Conflict`.
    """
    text = message or f"Merge {branch}"
    with (
        _keeping_conflicts(branch, using),
        commits.one_commit(author=author, message=text, using=using),
    ):
        sync = _Sync(branch, using, prefer)
        sync.refresh()
        commits.finish(sync.connection)
        commit = sync.write()
        sync.done()
        if commit is None:
            return None
        Commit.objects.using(using).filter(pk=commit).update(merged=branch, reverts=branch.reverts)
        return Commit.objects.using(using).get(pk=commit)


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
        _keeping_conflicts(branch, using),
        commits.one_commit(author=author, message=text, using=using),
    ):
        sync = _Sync(branch, using, prefer)
        commit = sync.refresh()
        sync.done()
        return None if commit is None else Commit.objects.using(using).get(pk=commit)


def find_conflicts(branch: Branch, *, using: str = DEFAULT_DB_ALIAS) -> list[Conflict]:
    """What a merge would not decide now; nothing else is changed."""
    found: list[Conflict] = []
    try:
        with _keeping_conflicts(branch, using), transaction.atomic(using=using):
            _Sync(branch, using, None).refresh()
            transaction.set_rollback(True, using=using)
    except MergeConflict as error:
        found = error.conflicts
    else:
        conflicts.keep(branch, [], using)
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


class _Sync:
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
        if branch.base is not None and branch.base.is_archived:
            raise ReadOnly(f"{branch.base} is archived.")
        view = branch.view()
        own = Layer(branch.pk)
        below = Layer(MAIN) if branch.base is None else None
        base_layers = (below,) if below else branch.base.view().layers  # type: ignore[union-attr]
        self.view = View((own, *base_layers), is_writable=view.is_writable)
        self.commit: int | None = None
        self.touched = [
            versioned for versioned in tables.values() if self._holds_anything(versioned)
        ]

    def _holds_anything(self, versioned: Versioned) -> bool:
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"SELECT 1 FROM {sql.quoted(versioned.companion_table)} o"
                f" WHERE {sql.within(Layer(self.branch.pk), 'o')} LIMIT 1"
            )
            return cursor.fetchone() is not None

    def refresh(self) -> int | None:
        """The branch's rows become what a merge would make of them. The commit, if there is one."""
        decided = conflicts.decisions(self.branch, self.using)
        parts = [_Table(self, versioned, decided) for versioned in self.touched]
        found = [one for part in parts for one in part.rebase()]
        if not found:
            found = [one for part in parts for one in part.collisions()]
            found += [one for versioned in self.related() for one in self.dangling(versioned)]
        if found:
            raise _Conflicts(found, [one for part in parts for one in part.settled])
        conflicts.keep(self.branch, [], self.using)
        return self.commit

    def done(self) -> None:
        """The branch is level with its base."""
        self.branch.synced_at = last_commit(self.using)
        if self.branch.pinned_at is not None:
            self.branch.pinned_at = self.branch.synced_at
        self.branch.save(using=self.using, update_fields=["synced_at", "pinned_at"])

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


@dataclass(frozen=True, slots=True)
class _Field:
    field: Any
    column: str
    policy: Any

    @property
    def asks(self) -> bool:
        """Whether a change on both sides needs more than SQL."""
        return self.policy is None or callable(self.policy)


class _Table:
    """What a refresh does to the rows of one table that the branch holds."""

    def __init__(self, sync: _Sync, versioned: Versioned, decided: Any) -> None:
        self.sync = sync
        self.versioned = versioned
        self.decided = decided
        self.settled: list[Found] = []
        self.overlay = Overlay(sync.connection, versioned, sync.view, 0)
        self.base = sql.relation(sync.connection.vendor, versioned, sync.view.base)
        self.differs = sql.distinct_from(sync.connection.vendor)
        self.merged = sql.quoted(f"merged_{versioned.table}"[:60])
        policies = getattr(versioned.model, "version_policies", {})
        self.fields = [
            _Field(
                field,
                sql.quoted(field.column),
                policies.get(field.name, NEWEST if getattr(field, "auto_now", False) else None),
            )
            for field in versioned.values
        ]

    @cached_property
    def sides(self) -> str:
        """FROM: `o` what the branch holds, `m` what the base has of it."""
        pk = self.overlay.pk
        return f"{self.overlay.companion} o LEFT JOIN {self.base} m ON m.{pk} = o.{pk}"

    @cached_property
    def images(self) -> str:
        """FROM, with `b`: what the branch's row was made from."""
        names, pk = sql.columns(self.versioned.columns), self.overlay.pk
        below = [layer.branch for layer in self.sync.view.layers[1:]]
        source = (
            f"SELECT version_from, {names} FROM {self.overlay.companion}"
            f" WHERE version_branch IN ({', '.join(map(str, below))})"
        )
        if len(below) > 1:  # the base branch may hold a row that main still has as it was
            rev = sql.quoted(self.versioned.rev)
            source += f" UNION ALL SELECT {rev}, {names} FROM {sql.quoted(self.versioned.table)}"
        return (
            f"{self.sides} LEFT JOIN ({source}) b"
            f" ON b.{pk} = o.{pk} AND b.version_from = o.version_base"
        )

    @cached_property
    def stale(self) -> str:
        """Rows that the base has changed since."""
        rev, pk = sql.quoted(self.versioned.rev), self.overlay.pk
        return (
            f"{self.overlay.holds('o')} AND ((o.version_base IS NULL AND m.{pk} IS NOT NULL)"
            f" OR (o.version_base IS NOT NULL AND (m.{pk} IS NULL OR m.{rev} <> o.version_base)))"
        )

    @cached_property
    def contended(self) -> str:
        """Of these: rows that are on both sides, with other values than before."""
        return f"{self.stale} AND o.version_op = {UPDATE} AND m.{self.overlay.pk} IS NOT NULL"

    def rebase(self) -> Iterable[Found]:
        """Make the rows what a merge would; conflicts that nobody has decided."""
        overlay = self.overlay
        if not overlay.fetch(f"SELECT 1 FROM {self.sides} WHERE {self.stale} LIMIT 1"):
            return
        overlay.commit = self.sync.begin(self.versioned.model)
        found: list[Found] = []
        values: list[tuple[Any, _Field, Any]] = []  # key, field, value
        for conflict, field, value in self._by_field():
            decision = self._decision(conflict)
            if field.policy is not None and value is not _UNDECIDED:
                values.append((conflict.key, field, value))
            elif decision is not None:
                chosen = {"ours": conflict.ours, "theirs": conflict.theirs}.get(
                    decision.choice, decision.value
                )
                values.append((conflict.key, field, field.field.to_python(chosen)))
            elif self.sync.prefer is None:
                found.append(conflict)
            else:
                values.append((conflict.key, field, getattr(conflict, self.sync.prefer)))
        taken = self._by_row(found)
        if found:
            yield from found
            return
        self._merge(values, taken)
        yield from self._replace()

    def _by_field(self) -> Iterable[tuple[Found, _Field, Any]]:
        asking = [field for field in self.fields if field.asks]
        if not asking:
            return
        both = " OR ".join(f"({self._both(field)})" for field in asking)
        triples = ", ".join(f"b.{f.column}, m.{f.column}, o.{f.column}" for f in asking)
        key = self.versioned.pk_field
        for row in self.overlay.fetch(
            f"SELECT o.{self.overlay.pk}, {', '.join(f'CASE WHEN {self._both(f)} THEN 1 ELSE 0 END' for f in asking)},"  # noqa: E501
            f" {triples} FROM {self.images} WHERE {self.contended} AND ({both})"
        ):
            for number, field in enumerate(asking):
                if not row[1 + number]:
                    continue
                start = 1 + len(asking) + 3 * number
                base, ours, theirs = (
                    python(field.field, value, self.sync.connection)
                    for value in row[start : start + 3]
                )
                conflict = Found(
                    self.versioned,
                    python(key, row[0], self.sync.connection),
                    Kind.FIELD,
                    field.field.name,
                    base,
                    ours,
                    theirs,
                )
                value = _UNDECIDED
                if callable(field.policy):
                    try:
                        value = field.policy(base, ours, theirs)
                    except Undecided:
                        field = _Field(field.field, field.column, None)
                yield conflict, field, value

    def _both(self, field: _Field) -> str:
        d = self.differs
        base, ours, theirs = (f"{side}.{field.column}" for side in "bmo")
        return f"{theirs} {d} {base} AND {ours} {d} {base} AND {theirs} {d} {ours}"

    def _by_row(self, found: list[Found]) -> list[tuple[str, list[Any], int, bool]]:
        """Rows that one side has deleted, or both have created: what becomes of them.

        (kind, keys, new version_op, whether it has a base); other rows are dropped.
        """
        pk, key = self.overlay.pk, self.versioned.pk_field
        kinds = (
            (Kind.DELETED_IN_BASE, f"o.version_op = {UPDATE} AND m.{pk} IS NULL", CREATE, False),
            (Kind.CHANGED_IN_BASE, f"o.version_op = {DELETE} AND m.{pk} IS NOT NULL", DELETE, True),
            (Kind.EXISTS, f"o.version_op = {CREATE} AND m.{pk} IS NOT NULL", UPDATE, True),
        )
        taken = []
        for kind, where, op, has_base in kinds:
            keys = []
            for (raw,) in self.overlay.fetch(
                f"SELECT o.{pk} FROM {self.sides} WHERE {self.stale} AND {where}"
            ):
                conflict = Found(self.versioned, python(key, raw, self.sync.connection), str(kind))
                decision = self._decision(conflict)
                choice = decision.choice if decision is not None else self.sync.prefer
                if self.versioned.is_set:  # a pair that one side has removed is not there
                    choice = "theirs" if kind == Kind.CHANGED_IN_BASE else "ours"
                if choice is None:
                    found.append(conflict)
                elif choice == "theirs":
                    keys.append(raw)
            if keys:
                taken.append((str(kind), keys, op, has_base))
        return taken

    def _decision(self, found: Found) -> Conflict | None:
        decision: Conflict | None = self.decided.get(found.identity)
        if decision is None or not conflicts.still_holds(decision, found):
            return None
        self.settled.append(found)
        return decision

    def _merge(
        self, values: list[tuple[Any, _Field, Any]], taken: list[tuple[str, list[Any], int, bool]]
    ) -> None:
        """A table of what takes the place of the stale rows."""
        overlay, rev = self.overlay, sql.quoted(self.versioned.rev)
        key = f"o.{overlay.pk} AS {overlay.pk}"
        columns = "".join(f", {self._value(field)} AS {field.column}" for field in self.fields)
        overlay.run(f"DROP TABLE IF EXISTS {self.merged}")
        overlay.run(
            f"CREATE TEMPORARY TABLE {self.merged} AS SELECT {UPDATE} AS version_op,"
            f" m.{rev} AS version_base, {key}{columns} FROM {self.images} WHERE {self.contended}"
        )
        index = sql.quoted(f"{self.versioned.table}_merged"[:60])
        overlay.run(f"CREATE INDEX {index} ON {self.merged} ({overlay.pk})")
        by_key = self.versioned.pk_field
        for pk, field, value in values:
            overlay.run(
                f"UPDATE {self.merged} SET {field.column} = {placeholder(field.field, value, overlay)}"  # noqa: E501
                f" WHERE {overlay.pk} = %s",
                [
                    field.field.get_db_prep_save(value, overlay.connection),
                    by_key.get_db_prep_value(pk, overlay.connection),
                ],
            )
        names = "".join(f", o.{field.column}" for field in self.fields)
        for _, keys, op, has_base in taken:
            for start in range(0, len(keys), 500):
                chunk = keys[start : start + 500]
                overlay.run(
                    f"INSERT INTO {self.merged} SELECT {op}, {f'm.{rev}' if has_base else 'NULL'},"
                    f" o.{overlay.pk}{names} FROM {self.sides} WHERE {self.stale}"
                    f" AND o.{overlay.pk} IN ({', '.join(['%s'] * len(chunk))})",
                    chunk,
                )

    def _value(self, field: _Field) -> str:
        base, ours, theirs = (f"{side}.{field.column}" for side in "bmo")
        d = self.differs
        if field.policy == IGNORE:
            return ours
        if field.policy == COUNTER:
            both = f"COALESCE({ours}, 0) + COALESCE({theirs}, 0) - COALESCE({base}, 0)"
            return (
                f"CASE WHEN {theirs} {d} {base} AND {ours} {d} {base} THEN {both}"
                f" WHEN {theirs} {d} {base} THEN {theirs} ELSE {ours} END"
            )
        if field.policy == NEWEST:
            later = f"o.version_from > m.{sql.quoted(self.versioned.rev)}"
            winner = f"CASE WHEN {later} THEN {theirs} ELSE {ours} END"
        else:
            winner = theirs if field.policy == THEIRS else ours
        assert not isinstance(field.policy, str) or field.policy in IN_SQL  # noqa: S101
        return (
            f"CASE WHEN {self._both(field)} THEN {winner}"
            f" WHEN {theirs} {d} {base} THEN {theirs} ELSE {ours} END"
        )

    def _replace(self) -> Iterable[Found]:
        """Stale rows become past, the merged ones take their place; two alike are conflicts."""
        overlay, pk = self.overlay, self.overlay.pk
        overlay.run(
            f"UPDATE {overlay.companion} SET version_to = {overlay.commit}"
            f" WHERE {overlay.holds(overlay.companion)} AND {pk} IN"
            f" (SELECT o.{pk} FROM {self.sides} WHERE {self.stale})"
        )
        collided = False
        for unique in self.versioned.uniques:
            same = " AND ".join(f"a.{sql.quoted(c)} = z.{sql.quoted(c)}" for c in unique.columns)
            merged = overlay.satisfying(unique, self.merged)
            held = overlay.satisfying(unique, overlay.companion)
            living = f"a.version_op < {DELETE} AND z.version_op < {DELETE}"
            for one, other in overlay.fetch(
                f"SELECT a.{pk}, z.{pk} FROM {merged} a JOIN {held} z ON {same}"
                f" WHERE {overlay.holds('z')} AND {living}"
                f" UNION SELECT a.{pk}, z.{pk} FROM {merged} a JOIN {merged} z"
                f" ON {same} AND a.{pk} < z.{pk} WHERE {living}"
            ):
                collided = True
                # Of the two, the one that the branch has created is the one to change.
                yield self._collision(unique.fields, other, one)
        if not collided:
            names = sql.columns(self.versioned.columns)
            overlay.run(
                f"INSERT INTO {overlay.companion} (version_branch, version_op, version_from,"
                f" version_to, version_base, {names}) SELECT {self.sync.branch.pk}, version_op,"
                f" {overlay.commit}, {INFINITY}, version_base, {names} FROM {self.merged}"
            )
        overlay.run(f"DROP TABLE {self.merged}")

    def collisions(self) -> Iterable[Found]:
        """Rows of the branch with the unique values of other rows of the base."""
        for unique in self.versioned.uniques:
            rows = self.overlay.collisions(unique)
            if self.versioned.is_set:
                # The pair is there already.
                commit = self.sync.begin(self.versioned.model) if rows else 0
                for key, _ in rows:
                    self.overlay.run(
                        f"UPDATE {self.overlay.companion} SET version_to = {commit}"
                        f" WHERE {self.overlay.holds(self.overlay.companion)}"
                        f" AND {self.overlay.pk} = %s",
                        [key],
                    )
                continue
            for key, other in rows:
                yield self._collision(unique.fields, key, other)

    def _collision(self, names: tuple[str, ...], key: Any, other: Any) -> Found:
        pk = self.versioned.pk_field
        connection = self.sync.connection
        return Found(
            self.versioned,
            python(pk, key, connection),
            Kind.UNIQUE,
            ",".join(names),
            ours=python(pk, other, connection),
        )


_UNDECIDED = object()


def python(field: Any, value: Any, connection: Any) -> Any:
    """A value as the driver gives it, as the field's Python value."""
    while field.is_relation:
        field = field.target_field
    column = field.get_col(field.model._meta.db_table)
    converters: list[Callable[..., Any]] = [
        *connection.ops.get_db_converters(column),
        *field.get_db_converters(connection),
    ]
    for convert in converters:
        value = convert(value, column, connection)
    return value


def placeholder(field: Any, value: Any, overlay: Overlay) -> str:
    """What stands for a value of the field in SQL."""
    if hasattr(field, "get_placeholder"):
        compiler = overlay.versioned.model._base_manager.all().query.get_compiler(
            connection=overlay.connection
        )
        return str(field.get_placeholder(value, compiler, overlay.connection))
    return "%s"
