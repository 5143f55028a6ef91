"""How queries of versioned models become SQL.

Writes always go through here: on main they keep images of what they change, in a branch they go to
the companion. Reads do only while a branch or a moment is active (`operations.compiler_for`).
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import copy
from dataclasses import replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import transaction
from django.db.models import Count
from django.db.models.expressions import RawSQL, Star
from django.db.models.sql.datastructures import BaseTable, Join
from django.db.models.sql.where import ExtraWhere

from longhouse.versioning import commits, raw, sql
from longhouse.versioning.companions import Versioned, tables, versioned_of, versioned_table
from longhouse.versioning.context import MAIN, Layer, ReadOnly, View, active, reading
from longhouse.versioning.fields import RevField
from longhouse.versioning.overlay import Overlay
from longhouse.versioning.protection import Protected
from longhouse.versioning.signals import measuring

# Tables in one FROM, and as many that hide their rows: fewer than the eight (join_collapse_limit)
# whose order PostgreSQL seeks, so that there is room for tables of subqueries.
FEW_TABLES = 3


def _raw_seen(node: Any, vendor: str, view: View) -> Any:
    """What was written in SQL, made to read the view."""
    if isinstance(node, RawSQL):
        node = copy(node)
        node.sql = raw.seen(vendor, node.sql, view)
    elif isinstance(node, ExtraWhere):
        node = ExtraWhere([raw.seen(vendor, text, view) for text in node.sqls], node.params)
    return node


def _locks_rows(query: Any) -> bool:
    return bool(query.select_for_update and not query.explain_info)


class Reading:
    """Reads the view that was active when the compiler was made."""

    connection: Any
    query: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        view = active.get()
        assert view is not None  # noqa: S101 - else Django's own compiler is made
        self.view: View = view

    def compile(self, node: Any) -> Any:
        if isinstance(node, BaseTable | Join) and (found := self._table(node.table_name)):
            return self._substitute(node, found)
        return super().compile(_raw_seen(node, self.connection.vendor, self.view))  # type: ignore[misc]

    def _table(self, name: str) -> Versioned | None:
        """How the table is versioned, with the columns that the query's models know."""
        return versioned_table(name, self.query.get_meta().apps)

    def _substitute(self, node: Any, versioned: Versioned) -> Any:
        if (view := self._view_of(versioned)) is None:
            return super().compile(node)  # type: ignore[misc]
        name = self.quote_name_unless_alias(node.table_name)  # type: ignore[attr-defined]
        relation = self._relation(versioned, view)
        if node.table_alias == node.table_name:
            relation = f"{relation} {name}"
        text, params = node.as_sql(self, self.connection)
        head = f"{node.join_type} {name}" if node.join_type else name
        assert text.startswith(head)  # noqa: S101
        join = f"{node.join_type} " if node.join_type else ""
        return f"{join}{relation}{text[len(head) :]}", params

    def _relation(self, versioned: Versioned, view: View | None) -> str:
        """What stands for the table in FROM."""
        used = sum(1 for count in self.query.alias_refcount.values() if count)
        joins_few = used <= FEW_TABLES
        return sql.relation(self.connection.vendor, versioned, view, joins_few=joins_few)

    def _view_of(self, versioned: Versioned) -> View | None:
        """What is seen of the table; None: main as it is.

        SQLite is asked which layers hold anything, since it reads all that is to the right of a
        LEFT JOIN, unless that is a table. PostgreSQL plans well without, and has no snapshot that
        would let two statements see the same.
        """
        if self.connection.vendor != "sqlite" or self.view.is_changing:
            return self.view
        self.connection.ensure_connection()
        database = self.connection.connection  # no query of the application is counted or logged

        def finds(text: str) -> bool:
            return database.execute(text).fetchone() is not None

        *overlays, bottom = self.view.layers
        held = [
            replace(layer, has_rows=finds(sql.has_rows(versioned, layer)))
            for layer in overlays
            if finds(sql.holds_anything(versioned, layer))
        ]
        if (at := bottom.at) is not None:
            if finds(sql.has_changed(versioned, at)):
                bottom = replace(
                    bottom,
                    few_left=not finds(sql.has_many_left(versioned, at)),
                    few_ended=not finds(sql.has_many_ended(versioned, at)),
                )
            else:
                bottom = Layer(MAIN)
        return View((*held, bottom), is_writable=self.view.is_writable).simplified()

    def get_from_clause(self) -> Any:
        clauses, params = super().get_from_clause()  # type: ignore[misc]
        for name in self.query.extra_tables:  # only their names are written, behind all others
            alias, _ = self.query.table_alias(name)
            plain = f", {self.quote_name_unless_alias(alias)}"  # type: ignore[attr-defined]
            if (versioned := self._table(name)) is not None and plain in clauses:
                relation = self._relation(versioned, self._view_of(versioned))
                clauses[clauses.index(plain)] = f", {relation}{plain[1:]}"
        return clauses, params

    def collapse_group_by(self, expressions: Any, having: Any) -> Any:
        return expressions  # what stands for a table has no primary key

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        if self.query.select_for_update:
            # Rows of a UNION cannot be locked; execute_sql locks the branch.
            self.query.select_for_update = False
            try:
                statement = super().as_sql(*args, **kwargs)  # type: ignore[misc]
            finally:
                self.query.select_for_update = True
            if self.connection.features.has_select_for_update_of:
                self.get_select_for_update_of_arguments()  # type: ignore[attr-defined]  # FieldError
            return statement
        statement = super().as_sql(*args, **kwargs)  # type: ignore[misc]
        if (counted := self._counted()) is not None:
            return self._count(*counted)
        return statement

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        if _locks_rows(self.query) and self.view.is_writable:
            transaction.get_connection(self.using)  # type: ignore[attr-defined]
            if not self.connection.in_atomic_block and self.connection.get_autocommit():
                raise transaction.TransactionManagementError(
                    "select_for_update cannot be used outside of a transaction."
                )
            commits.lock(
                self.connection, self.view.branch, nowait=self.query.select_for_update_nowait
            )
        with measuring("read", self.view), self._snapshot():
            return super().execute_sql(*args, **kwargs)  # type: ignore[misc]

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """On SQLite: what the statement reads is as it was when it was compiled."""
        connection = self.connection
        if connection.vendor != "sqlite" or connection.in_atomic_block:
            yield
            return
        connection.ensure_connection()
        ask = connection.connection
        if ask.in_transaction:
            yield
            return
        ask.execute("BEGIN")
        try:
            yield
        finally:
            ask.execute("COMMIT")  # rows that are still to be fetched stay as they are

    def _counted(self) -> tuple[str, str, Versioned, Layer] | None:
        """Of a plain count of one table in one branch: its alias, the annotation's, both."""
        query = self.query
        selected = query.annotation_select
        if (
            len(selected) != 1
            or query.default_cols
            or query.select
            or query.group_by is not None
            or query.distinct
            or query.combinator
            or query.is_sliced
            or query.extra
        ):
            return None
        alias: str
        count: Any
        ((alias, count),) = selected.items()
        # The base table is not counted as used where nothing but the compiler has asked for it.
        used = [name for name in query.alias_map if query.alias_refcount[name]]
        used = used or [query.base_table]
        if (
            count.__class__ is not Count
            or count.filter is not None
            or count.distinct  # type: ignore[attr-defined]
            or not isinstance(count.source_expressions[0], Star)
            or len(used) != 1
            or self.having  # type: ignore[attr-defined]
            or self.qualify  # type: ignore[attr-defined]
            or (versioned := self._table(query.alias_map[used[0]].table_name)) is None
        ):
            return None
        layers = (self._view_of(versioned) or self.view).layers
        if len(layers) != 2 or any(layer.at is not None for layer in layers):
            return None
        return used[0], alias, versioned, layers[0]

    def _count(
        self, table: str, alias: str, versioned: Versioned, layer: Layer
    ) -> tuple[str, tuple[Any, ...]]:
        """All rows of the base, less those that the branch holds, and those of the branch."""
        where = ""
        params: list[Any] = []
        if self.where:  # type: ignore[attr-defined]
            where, params = sql.condition(self, self.where)  # type: ignore[attr-defined]
        # SQLite counts a whole table at once, but not under a condition that always holds.
        only, too = ("", "") if where in ("", "1 = 1") else (f" WHERE {where}", f" AND ({where})")
        name = self.quote_name_unless_alias(table)  # type: ignore[attr-defined]
        key = sql.quoted(versioned.pk)
        base, companion = sql.quoted(versioned.table), sql.quoted(versioned.companion_table)
        text = (
            f"SELECT (SELECT COUNT(*) FROM {base} {name}{only})"
            f" - (SELECT COUNT(*) FROM {base} {name} WHERE {name}.{key} IN (SELECT o_.{key}"
            f" FROM {companion} o_ WHERE {sql.within(layer, 'o_')}){too})"
            f" + (SELECT COUNT(*) FROM {companion} {name} WHERE {sql.within(layer, name)}"
            f" AND {name}.version_op < {sql.DELETE}{too})"
            f" AS {self.connection.ops.quote_name(alias)}"
        )
        return text, (*params, *params, *params)


class LockingRows:
    """On main of PostgreSQL: rows of a versioned model are locked after main, as writers do."""

    connection: Any
    query: Any

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        if _locks_rows(self.query) and self.connection.in_atomic_block:
            self.query.get_initial_alias()  # a query without conditions has none yet
            if any(table.table_name in tables for table in self.query.alias_map.values()):
                commits.lock(self.connection, MAIN, nowait=self.query.select_for_update_nowait)
        return super().execute_sql(*args, **kwargs)  # type: ignore[misc]


class Writing:
    """What writers share."""

    connection: Any
    query: Any
    using: str

    def compile(self, node: Any) -> Any:
        if (view := active.get()) is not None:
            node = _raw_seen(node, self.connection.vendor, view)
        return super().compile(node)  # type: ignore[misc]

    def _versioned(self) -> Versioned | None:
        return versioned_of(self.query.get_meta().model)

    def _writable_view(self) -> View | None:
        view = active.get()
        if view is not None and not view.is_writable:
            raise ReadOnly("What is past, or in a branch that is archived, cannot be changed.")
        return view

    def _changing(self, view: View | None) -> AbstractContextManager[None]:
        """Subqueries that are compiled within read the same between the statements of a write."""
        return nullcontext() if view is None else reading(replace(view, is_changing=True))

    def _condition(self) -> tuple[str, list[Any]]:
        return sql.condition(self, self.query.where)

    def _commit_for(
        self, versioned: Versioned, view: View | None, where: str, params: list[Any]
    ) -> int | None:
        """The commit that a change of rows belongs to; None where there is nothing to change.

        That is asked only of what a protection stops: a cascade, say, that leads to nothing.
        """
        branch = MAIN if view is None else view.branch
        try:
            return commits.current(self.connection, branch, versioned.model)
        except Protected:
            if self._matches(versioned, view, where, params):
                raise
            return None

    def _matches(
        self, versioned: Versioned, view: View | None, where: str, params: list[Any]
    ) -> bool:
        """Whether a write would find any row."""
        table = sql.quoted(versioned.table)
        source = sql.relation(self.connection.vendor, versioned, view)
        named = source if source == table else f"{source} {table}"
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {named} WHERE {where} LIMIT 1", params)
            return cursor.fetchone() is not None

    def _keep_images(self, versioned: Versioned, commit: int, where: str, params: Any) -> None:
        """Images of main's rows, but for those that this commit has written already."""
        table, rev = sql.quoted(versioned.table), sql.quoted(versioned.rev)
        names = sql.columns(versioned.columns)
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {sql.quoted(versioned.companion_table)}"
                f" (version_branch, version_op, version_from, version_to, {names})"
                # The commit is a parameter: a statement that stays the same is prepared once.
                f" SELECT 0, {sql.IMAGE}, {rev}, CAST(%s AS bigint), {names} FROM {table}"
                f" WHERE {rev} <> %s AND ({where})",
                [commit, commit, *params],
            )


class Inserting(Writing):
    _commit = 0

    def pre_save_val(self, field: Any, obj: Any) -> Any:
        if isinstance(field, RevField):
            setattr(obj, field.attname, self._commit)
            return self._commit
        return super().pre_save_val(field, obj)  # type: ignore[misc]

    def execute_sql(self, returning_fields: Any = None) -> Any:
        versioned = self._versioned()
        if versioned is None:
            return super().execute_sql(returning_fields)  # type: ignore[misc]
        view = self._writable_view()
        with measuring("insert", view), commits.all_or_nothing(self.connection):
            branch = 0 if view is None else view.branch
            self._commit = commits.current(self.connection, branch, versioned.model)
            if view is not None:
                overlay = Overlay(self.connection, versioned, view, self._commit)
                return overlay.insert(self, returning_fields)
            if self.query.update_fields:
                self._before_upsert(versioned)
            return super().execute_sql(returning_fields)  # type: ignore[misc]

    def _before_upsert(self, versioned: Versioned) -> None:
        """bulk_create(update_conflicts=True): keep images of the rows that it will change."""
        fields = list(self.query.unique_fields)
        names = [f"{sql.quoted(field.column)} = %s" for field in fields]
        one = f"({' AND '.join(names)})"
        size = max(1, 900 // len(fields))
        for start in range(0, len(self.query.objs), size):
            objs = self.query.objs[start : start + size]
            params = [
                field.get_db_prep_save(getattr(obj, field.attname), self.connection)
                for obj in objs
                for field in fields
            ]
            self._keep_images(versioned, self._commit, " OR ".join([one] * len(objs)), params)
        self.query.update_fields = [*self.query.update_fields, versioned.rev_field]


class Updating(Writing):
    _where: tuple[str, list[Any]] = "1 = 1", []  # as it was compiled for the whole statement

    def compile(self, node: Any) -> Any:
        found = super().compile(node)
        if node is self.query.where and found[0]:
            self._where = found[0], list(found[1])
        return found

    def execute_sql(self, result_type: Any) -> Any:
        versioned = self._versioned()
        if versioned is None:
            return super().execute_sql(result_type)  # type: ignore[misc]
        view = self._writable_view()
        values, rev = self.query.values, versioned.rev_field
        rest = [value for value in values if value[0] is not rev]
        for field, _, _ in rest:
            if field.primary_key:
                raise ReadOnly("The primary key of a versioned row cannot be changed.")
        self.query.values = rest
        rows = 0
        with measuring("update", view), commits.all_or_nothing(self.connection):
            if values or not self.query.get_related_updates():
                try:
                    rows = self._update(versioned, view)
                except EmptyResultSet:
                    rows = 0
            else:
                self.pre_sql_setup()  # type: ignore[attr-defined]
            for query in self.query.get_related_updates():
                related = query.get_compiler(self.using).execute_sql(result_type)
                if not values and related:
                    rows = related
        return rows

    def _update(self, versioned: Versioned, view: View | None) -> int:
        with self._changing(view):
            assignments, assigned, where, params = self._parts()
        on_postgresql = self.connection.vendor == "postgresql"
        if view is None and on_postgresql and not commits.under_way(self.connection, MAIN):
            begins, values = commits.beginning(self.connection, MAIN)
            commit, rows = self._changed(
                versioned, f"SELECT {begins}", values, assignments, assigned, where, params
            )
            if commit is not None:
                commits.begun(self.connection, MAIN, commit).models.add(versioned.model)
                return rows
        if (commit := self._commit_for(versioned, view, where, params)) is None:
            return 0
        if view is not None:
            overlay = Overlay(self.connection, versioned, view, commit)
            changed = {field.column for field, _, _ in self.query.values}
            return overlay.update(where, params, assignments, assigned, changed)
        if on_postgresql:
            number = "SELECT CAST(%s AS bigint)"
            _, rows = self._changed(
                versioned, number, [commit], assignments, assigned, where, params
            )
            return rows
        self._keep_images(versioned, commit, where, params)
        table, rev = sql.quoted(versioned.table), sql.quoted(versioned.rev)
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {rev} = %s{assignments} WHERE {where}",
                [commit, *assigned, *params],
            )
            return int(cursor.rowcount)

    def _changed(
        self,
        versioned: Versioned,
        commit: str,
        values: list[Any],
        assignments: str,
        assigned: list[Any],
        where: str,
        params: list[Any],
    ) -> tuple[int | None, int]:
        """Change rows of main on PostgreSQL: the commit, None where nobody may write, and how many.

        One round trip, with the statement that gives the commit's number. Rows are locked after the
        commit has begun, and read as they are then.
        """
        table, rev = sql.quoted(versioned.table), sql.quoted(versioned.rev)
        names, key = sql.columns(versioned.columns), sql.quoted(versioned.pk)
        number = "(SELECT version_commit FROM c_)"
        text = (
            f"WITH c_ AS MATERIALIZED (SELECT ({commit}) AS version_commit),"
            # The UPDATE must read from the rows that were locked: images could be lost otherwise.
            f" o_ AS MATERIALIZED (SELECT {rev} AS version_from, {names} FROM {table}"
            f" WHERE {number} IS NOT NULL AND ({where}) FOR NO KEY UPDATE OF {table}),"
            f" k_ AS (INSERT INTO {sql.quoted(versioned.companion_table)}"
            f" (version_branch, version_op, version_from, version_to, {names})"
            f" SELECT 0, {sql.IMAGE}, version_from, {number}, {names} FROM o_"
            f" WHERE version_from <> {number}),"
            f" u_ AS (UPDATE {table} SET {rev} = {number}{assignments}"
            f" FROM (SELECT {key} AS version_key FROM o_) o_"
            f" WHERE {table}.{key} = o_.version_key RETURNING 1)"
            f" SELECT {number}, (SELECT COUNT(*) FROM u_)"
        )
        with self.connection.cursor() as cursor:
            cursor.execute(text, [*values, *params, *assigned])
            made, rows = cursor.fetchone()
            return made, rows

    def _parts(self) -> tuple[str, list[Any], str, list[Any]]:
        """Assignments, each after a comma, and the WHERE, each with parameters."""
        text, params = self.as_sql()  # type: ignore[attr-defined]
        if not text:
            return "", [], *self._condition()
        where, where_params = self._where
        head = f"UPDATE {self.quote_name_unless_alias(self.query.base_table)} SET "  # type: ignore[attr-defined]
        tail = f" WHERE {where}"
        assert text.startswith(head) and (text.endswith(tail) or where == "1 = 1")  # noqa: S101, PT018
        text = text[len(head) :].removesuffix(tail)
        return f", {text}", list(params[: len(params) - len(where_params)]), where, where_params


class Deleting(Writing):
    def execute_sql(self, result_type: Any) -> Any:
        versioned = self._versioned()
        if versioned is None:
            return super().execute_sql(result_type)  # type: ignore[misc]
        view = self._writable_view()
        with measuring("delete", view), commits.all_or_nothing(self.connection):
            try:
                with self._changing(view):
                    where, params = self._deleted()
            except EmptyResultSet:
                return 0
            if (commit := self._commit_for(versioned, view, where, params)) is None:
                return 0
            if view is not None:
                return Overlay(self.connection, versioned, view, commit).delete(where, params)
            self._keep_images(versioned, commit, where, params)
            with self.connection.cursor() as cursor:
                cursor.execute(
                    f"DELETE FROM {sql.quoted(versioned.table)} WHERE {where}",
                    params,
                )
                return int(cursor.rowcount)

    def _deleted(self) -> tuple[str, list[Any]]:
        text, params = self.as_sql()  # type: ignore[attr-defined]
        _, found, where = text.partition(" WHERE ")
        return (where, list(params)) if found else ("1 = 1", [])
