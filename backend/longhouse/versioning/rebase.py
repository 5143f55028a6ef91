"""Bringing what the base has changed into the rows that a branch holds, three ways in SQL.

`o` is what the branch holds, `m` what the base has of it now, `b` what it was made from.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from longhouse.versioning import conflicts, sql
from longhouse.versioning.companions import CREATE, DELETE, UPDATE, Versioned
from longhouse.versioning.conflicts import Found, Kind
from longhouse.versioning.context import INFINITY
from longhouse.versioning.models import Conflict
from longhouse.versioning.overlay import Overlay
from longhouse.versioning.policies import COUNTER, IGNORE, IN_SQL, NEWEST, THEIRS, Undecided
from longhouse.versioning.values import python

if TYPE_CHECKING:
    from longhouse.versioning.merge import Sync


@dataclass(frozen=True, slots=True)
class _Field:
    field: Any
    column: str
    policy: Any

    @property
    def asks(self) -> bool:
        """Whether a change on both sides needs more than SQL."""
        return self.policy is None or callable(self.policy)


class Table:
    """The rows of one table that a branch holds, and what a refresh does to them."""

    def __init__(self, sync: "Sync", versioned: Versioned, decided: Any) -> None:
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
        # Its own, too: there a cherry-pick keeps what it was made from.
        layers = [layer.branch for layer in self.sync.view.layers]
        source = (
            f"SELECT version_from, {names} FROM {self.overlay.companion}"
            f" WHERE version_branch IN ({', '.join(map(str, layers))})"
        )
        if len(layers) > 2:
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
        same = " AND ".join(
            f"NOT (o.{field.column} {self.differs} m.{field.column})" for field in self.fields
        )
        for kind, where, op, has_base in kinds:
            keys = []
            alike: set[Any] = set()
            if kind == Kind.EXISTS and same:
                alike = {
                    raw
                    for (raw,) in self.overlay.fetch(
                        f"SELECT o.{pk} FROM {self.sides} WHERE {self.stale} AND {where} AND {same}"
                    )
                }
            for (raw,) in self.overlay.fetch(
                f"SELECT o.{pk} FROM {self.sides} WHERE {self.stale} AND {where}"
            ):
                conflict = Found(self.versioned, python(key, raw, self.sync.connection), str(kind))
                decision = self._decision(conflict)
                choice = decision.choice if decision is not None else self.sync.prefer
                if raw in alike:  # nothing to decide
                    choice = "ours"
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


def placeholder(field: Any, value: Any, overlay: Overlay) -> str:
    """What stands for a value of the field in SQL."""
    if hasattr(field, "get_placeholder"):
        compiler = overlay.versioned.model._base_manager.all().query.get_compiler(
            connection=overlay.connection
        )
        return str(field.get_placeholder(value, compiler, overlay.connection))
    return "%s"
