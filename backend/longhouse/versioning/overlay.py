"""Writes in a branch: to the companion, with the same conditions as on the table."""

from types import SimpleNamespace
from typing import Any

from django.db import IntegrityError, NotSupportedError, OperationalError
from django.db.models import AutoField, Expression
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from longhouse.versioning import sql
from longhouse.versioning.companions import CREATE, DELETE, UPDATE, Unique, Versioned
from longhouse.versioning.context import INFINITY, View

CHUNK = 500  # keys in one statement
ANALYZE_FROM = 5000  # rows written at once after which PostgreSQL's planner must be told


class Overlay:
    """The rows of one table that one branch holds, as one commit changes them."""

    def __init__(self, connection: Any, versioned: Versioned, view: View, commit: int) -> None:
        self.connection = connection
        self.versioned = versioned
        self.view = view
        self.commit = commit
        self.table = sql.quoted(versioned.table)
        self.companion = sql.quoted(versioned.companion_table)
        self.pk = sql.quoted(versioned.pk)
        self.names = sql.columns(versioned.columns)
        self.base = sql.relation(connection.vendor, versioned, view.base)

    def run(self, text: str, params: Any = ()) -> int:
        with self.connection.cursor() as cursor:
            cursor.execute(text, list(params))
            return int(cursor.rowcount)

    def fetch(self, text: str, params: Any = ()) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(text, list(params))
            return list(cursor.fetchall())

    def holds(self, alias: str) -> str:
        return sql.within(self.view.layers[0], alias)

    # Update and delete ------------------------------------------------------------------------

    def take_over(self, where: str, params: list[Any]) -> None:
        """Hold every visible row that matches; keep what it was before this commit.

        `where` may look at the branch: what it sees there does not change.
        """
        rev, key = sql.quoted(self.versioned.rev), f"{self.table}.{self.pk}"
        copied = self.run(
            f"INSERT INTO {self.companion} (version_branch, version_op, version_from, version_to,"
            f" version_base, {self.names})"
            f" SELECT {self.view.branch}, {UPDATE}, {self.commit}, {INFINITY}, {self.table}.{rev},"
            f" {sql.columns(self.versioned.columns, self.table)}"
            f" FROM {self.base} {'' if self.base == self.table else self.table} WHERE ({where})"
            f" AND NOT {sql.hidden(self.versioned, self.view.layers[:1], key)}",
            params,
        )
        self.archive(where, params)
        self.analyze(copied)

    def archive(self, where: str, params: Any = ()) -> None:
        """Keep what the branch holds, living rows of earlier commits that match."""
        self.run(
            f"INSERT INTO {self.companion} (version_branch, version_op, version_from, version_to,"
            f" version_base, {self.names})"
            f" SELECT {self.view.branch}, {self.table}.version_op, {self.table}.version_from,"
            f" {self.commit}, {self.table}.version_base,"
            f" {sql.columns(self.versioned.columns, self.table)}"
            f" FROM {self.companion} AS {self.table} WHERE {self.holds(self.table)}"
            f" AND {self.table}.version_op < {DELETE}"
            f" AND {self.table}.version_from <> {self.commit} AND ({where})",
            params,
        )

    def update(
        self,
        where: str,
        params: list[Any],
        assignments: str,
        assigned: list[Any],
        changed: set[str],
    ) -> int:
        self.take_over(where, params)
        text = (
            f"UPDATE {self.companion} AS {self.table} SET version_from = {self.commit}{assignments}"
            f" WHERE {self.holds(self.table)} AND {self.table}.version_op < {DELETE}"
            f" AND ({where})"
        )
        uniques = [one for one in self.versioned.uniques if self._concerns(one, changed)]
        if not uniques:
            return self.run(text, [*assigned, *params])
        rows = self.fetch(f"{text} RETURNING {self.pk}", [*assigned, *params])
        self.check_unique(uniques, [key for (key,) in rows])
        return len(rows)

    def delete(self, where: str, params: list[Any]) -> int:
        self.take_over(where, params)
        rows = self.fetch(
            f"UPDATE {self.companion} AS {self.table}"
            f" SET version_op = {DELETE}, version_from = {self.commit}"
            f" WHERE {self.holds(self.table)} AND {self.table}.version_op < {DELETE}"
            f" AND ({where}) RETURNING version_base, {self.pk}",
            params,
        )
        if any(base is None for base, _ in rows):
            made_here = (
                f"{self.holds(self.companion)} AND version_op = {DELETE}"
                f" AND version_from = {self.commit} AND version_base IS NULL"
            )
            key, rev = f"{self.companion}.{self.pk}", sql.quoted(self.versioned.rev)
            # The base may have got the same row since, by a cherry-pick: that is hidden.
            self.run(
                f"UPDATE {self.companion} SET version_base ="
                f" (SELECT m.{rev} FROM {self.base} m WHERE m.{self.pk} = {key})"
                f" WHERE {made_here}"
            )
            # Rows that only this branch ever had: nothing to hide.
            self.run(f"DELETE FROM {self.companion} WHERE {made_here}")
        return len(rows)

    def analyze(self, rows: int) -> None:
        if rows >= ANALYZE_FROM and self.connection.vendor == "postgresql":
            self.run(f"ANALYZE {self.companion}")

    # Insert -----------------------------------------------------------------------------------

    def insert(self, compiler: Any, returning_fields: Any) -> list[tuple[Any, ...]]:
        """What the compiler's query inserts, into the branch."""
        if compiler.query.on_conflict != OnConflict.UPDATE:
            return self._insert(compiler, list(compiler.query.objs), returning_fields)
        asked = {field.column for field in compiler.query.unique_fields}
        uniques = [set(one.columns) for one in self.versioned.uniques if one.constraint is None]
        if asked not in [{self.versioned.pk}, *uniques]:
            raise OperationalError("ON CONFLICT matches no primary key and no unique constraint")
        rows: list[tuple[Any, ...]] = []
        for obj in compiler.query.objs:  # one may meet what another has made
            rows += self._insert_or_update(compiler, obj, returning_fields)
        return rows

    def _insert_or_update(
        self, compiler: Any, obj: Any, returning_fields: Any
    ) -> list[tuple[Any, ...]]:
        """As bulk_create(update_conflicts=True) does with one row."""
        query = compiler.query
        same = {field.attname: getattr(obj, field.attname) for field in query.unique_fields}
        seen = self.versioned.model._base_manager.using(self.connection.alias)
        found = seen.filter(**same) if None not in same.values() else seen.none()
        if (key := found.values_list("pk", flat=True).first()) is None:
            return self._insert(compiler, [obj], returning_fields)
        values = {field.attname: compiler.pre_save_val(field, obj) for field in query.update_fields}
        row = seen.filter(pk=key)
        row.update(**values)
        return list(row.values_list(*(field.attname for field in returning_fields or ["pk"])))

    def _insert(
        self, compiler: Any, objs: list[Any], returning_fields: Any
    ) -> list[tuple[Any, ...]]:
        query = compiler.query
        unnumbered = self._number(objs)
        fields = [field for field in query.fields if field is not self.versioned.rev_field]
        if self.versioned.pk_field not in fields:
            fields = [self.versioned.pk_field, *fields]
        copies = []
        for obj in objs:
            setattr(obj, self.versioned.rev_field.attname, self.commit)
            values = {field.attname: compiler.pre_save_val(field, obj) for field in fields}
            copies.append((obj, values))
        if query.on_conflict == OnConflict.IGNORE:
            copies = self._without_conflicts(copies)
            for obj in unnumbered:  # which of them are there now, nobody is told
                setattr(obj, self.versioned.pk_field.attname, None)
            if not copies:
                return []
        bases = self._bury([values[self.versioned.pk_field.attname] for _, values in copies])
        companion = self.versioned.companion
        rows: list[Any] = []
        for _, values in copies:
            base = bases.get(self._prepared(values[self.versioned.pk_field.attname]))
            rows.append(
                SimpleNamespace(
                    **values,
                    version_branch=self.view.branch,
                    version_op=CREATE if base is None else UPDATE,
                    version_from=self.commit,
                    version_to=INFINITY,
                    version_base=base,
                )
            )
        own = [
            companion._meta.get_field(f"version_{name}")
            for name in ("branch", "op", "from", "to", "base")
        ]
        insert = InsertQuery(companion)
        insert.insert_values(
            [*own, *(companion._meta.get_field(field.name) for field in fields)], rows, raw=True
        )
        returned = [
            None if field is self.versioned.rev_field else companion._meta.get_field(field.name)
            for field in returning_fields or ()
        ]
        asked = [field for field in returned if field is not None]
        if asked and len(rows) > 1 and not _returns_rows(self.connection):
            raise NotSupportedError("this database does not return inserted rows")
        result = insert.get_compiler(compiler.using).execute_sql(asked or None)
        self.check_unique(
            self.versioned.uniques,
            [self._prepared(values[self.versioned.pk_field.attname]) for _, values in copies],
        )
        if not returning_fields:
            return []
        complete = []
        for row in result:
            rest = iter(row)
            complete.append(
                tuple(
                    self.commit if copied is None else self._from_database(field, next(rest))
                    for field, copied in zip(returning_fields, returned, strict=True)
                )
            )
        return complete

    def _from_database(self, field: Any, value: Any) -> Any:
        """A value that the insert returned, as the model's field gives it."""
        for convert in field.get_db_converters(self.connection):
            value = convert(value, None, self.connection)
        return value

    def _prepared(self, key: Any) -> Any:
        """A primary key as the driver gives it."""
        return self.versioned.pk_field.get_db_prep_value(key, self.connection)

    def _number(self, objs: list[Any]) -> list[Any]:
        """Give primary keys from main's sequence, so that no branch takes another's.

        Returns the objects that had none.
        """
        field = self.versioned.pk_field
        name = field.attname
        keys = [getattr(obj, name) for obj in objs]
        waiting = [obj for obj, key in zip(objs, keys, strict=True) if key is None]
        if any(isinstance(key, Expression) for key in keys):
            raise NotSupportedError("A primary key that the database makes, in a branch")
        if not isinstance(field, AutoField):
            return waiting
        if self.connection.vendor == "postgresql":
            numbers = self._from_sequence(len(waiting))
        else:
            given = [self._prepared(key) for key in keys if key is not None]
            numbers = self._from_sqlite_sequence(len(waiting), given)
        for obj, number in zip(waiting, numbers, strict=True):
            setattr(obj, name, number)
        return waiting

    def _from_sequence(self, count: int) -> list[int]:
        if not count:
            return []
        numbers = self.fetch(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [self.table, self.versioned.pk, count],
        )
        return [number for (number,) in numbers]

    def _from_sqlite_sequence(self, count: int, given: list[int]) -> list[int]:
        """Also moves the sequence past keys that are given."""
        table = self.versioned.table
        found = self.fetch("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        if not found:
            self.run("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, 0)", [table])
        last = max([found[0][0] if found else 0, *given])
        self.run("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + count, table])
        return list(range(last + 1, last + count + 1))

    def _bury(self, keys: list[Any]) -> dict[Any, int]:
        """For keys that were deleted here, what they were made from; their deletion becomes past.

        Raises IntegrityError for keys that are there.
        """
        bases: dict[Any, int] = {}
        prepared = [self._prepared(key) for key in keys]
        for start in range(0, len(prepared), CHUNK):
            chunk = prepared[start : start + CHUNK]
            marks = ", ".join(["%s"] * len(chunk))
            dead = self.fetch(
                f"SELECT {self.pk}, version_base FROM {self.companion}"
                f" WHERE {self.holds(self.companion)} AND version_op = {DELETE}"
                f" AND {self.pk} IN ({marks})",
                chunk,
            )
            if dead:
                bases |= {key: base for key, base in dead if base is not None}
                graves = [key for key, _ in dead]
                among = f"{self.pk} IN ({', '.join(['%s'] * len(graves))})"
                self.run(
                    f"DELETE FROM {self.companion} WHERE {self.holds(self.companion)}"
                    f" AND version_from = {self.commit} AND {among}",
                    graves,
                )
                self.run(
                    f"UPDATE {self.companion} SET version_to = {self.commit}"
                    f" WHERE {self.holds(self.companion)} AND {among}",
                    graves,
                )
            there = self.fetch(
                f"SELECT m.{self.pk} FROM {self.base} m WHERE m.{self.pk} IN ({marks}) AND NOT"
                f" {sql.hidden(self.versioned, self.view.layers[:1], f'm.{self.pk}')}",
                chunk,
            )
            if any(key not in bases for (key,) in there):
                raise IntegrityError(f"UNIQUE constraint failed: {self.versioned.table}.pk")
        return bases

    def _without_conflicts(self, copies: list[Any]) -> list[Any]:
        """bulk_create(ignore_conflicts=True): without rows that are there, or come twice."""
        kept = []
        shown = sql.relation(self.connection.vendor, self.versioned, self.view)
        pk_only = Unique((self.versioned.pk,), (self.versioned.pk_field.name,))
        by_name = {field.name: field for field in self.versioned.fields}
        seen: set[Any] = set()
        for obj, values in copies:
            taken = False
            keys = []
            for unique in (pk_only, *self.versioned.uniques):
                prepared = [
                    by_name[name].get_db_prep_save(
                        values.get(by_name[name].attname), self.connection
                    )
                    for name in unique.fields
                ]
                if any(value is None for value in prepared):
                    continue
                keys.append((unique.columns, *prepared))
                where = " AND ".join(f"m.{sql.quoted(column)} = %s" for column in unique.columns)
                source = self.satisfying(unique, shown)
                if keys[-1] in seen or self.fetch(
                    f"SELECT 1 FROM {source} m WHERE {where} LIMIT 1",
                    prepared,
                ):
                    taken = True
                    break
            if not taken:
                seen.update(keys)
                kept.append((obj, values))
        return kept

    # Uniqueness -------------------------------------------------------------------------------

    def _concerns(self, unique: Unique, changed: set[str]) -> bool:
        return unique.constraint is not None or not changed.isdisjoint(unique.columns)

    def check_unique(self, uniques: list[Unique], keys: list[Any]) -> None:
        """Raises IntegrityError when one of the rows has the values of another row of the base.

        Among the rows that the branch holds, the database sees to that.
        """
        for unique in uniques:
            for start in range(0, len(keys), CHUNK):
                found = self.collisions(unique, keys[start : start + CHUNK])
                if found:
                    names = ", ".join(
                        f"{self.versioned.table}.{column}" for column in unique.columns
                    )
                    raise IntegrityError(f"UNIQUE constraint failed: {names}")

    def collisions(self, unique: Unique, keys: list[Any] | None = None) -> list[tuple[Any, Any]]:
        """Rows of the branch, among `keys`, and those of the base with the same values."""
        same = " AND ".join(f"m.{sql.quoted(c)} = o.{sql.quoted(c)}" for c in unique.columns)
        among = "" if keys is None else f" AND o.{self.pk} IN ({', '.join(['%s'] * len(keys))})"
        found = self.fetch(
            f"SELECT o.{self.pk}, m.{self.pk} FROM {self.satisfying(unique, self.companion)} o"
            f" JOIN {self.satisfying(unique, self.base)} m"
            f" ON {same} AND m.{self.pk} <> o.{self.pk}"
            f" WHERE {self.holds('o')} AND o.version_op < {DELETE}{among}"
            f" AND NOT {sql.hidden(self.versioned, self.view.layers[:1], f'm.{self.pk}')}",
            keys or (),
        )
        return [(row[0], row[1]) for row in found]

    def satisfying(self, unique: Unique, source: str) -> str:
        """`source`, but for rows that a condition exempts from being unique."""
        if unique.constraint is None:
            return source
        # Not entered: it only writes down values.
        editor = self.connection.SchemaEditorClass(self.connection)
        text = unique.constraint._get_condition_sql(  # type: ignore[attr-defined]
            self.versioned.model, editor
        )
        return f"(SELECT * FROM {source} s_ WHERE {text})".replace("%", "%%")


def _returns_rows(connection: Any) -> bool:
    return bool(connection.features.can_return_rows_from_bulk_insert)
