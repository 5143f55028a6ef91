"""Cherry-picking: what one commit did to its branch, done to another branch, or undone in its own.

A branch of the target is made that holds what the commit did, beside what it was done to, and is
merged: so a pick has the conflicts that a merge has.

`b` is a row before the change, `a` after it, `m` what the target has of it.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from longhouse.versioning import commits, sql
from longhouse.versioning.branches import create_branch, last_commit, require_kept
from longhouse.versioning.companions import CREATE, DELETE, UPDATE, Versioned, tables
from longhouse.versioning.context import INFINITY, MAIN, ReadOnly
from longhouse.versioning.merge import Prefer, merge
from longhouse.versioning.models import Branch, Commit, base_layers
from longhouse.versioning.overlay import Overlay


def cherry_pick(
    commit: Commit,
    onto: Branch | None = None,
    *,
    author: Model | None = None,
    message: str = "",
    prefer: Prefer = None,
    using: str = DEFAULT_DB_ALIAS,
) -> Commit | None:
    """Do to `onto` (None: main) what a commit did to its own branch, and nothing else.

    The new commit, or None when there is nothing to do. Raises MergeConflict where both sides have
    changed a field, NotApproved where the target is protected: the branch of the error holds what
    is picked; resolve its conflicts or have it reviewed, and merge it, or delete it. Rows that the
    commit gave back to the base (`discard`) are left alone.
    """
    text = message or str(commit)
    branch = picked(commit, onto, author=author, using=using)
    made = merge(branch, author=author, message=text, prefer=prefer, using=using)
    branch.delete()  # or `onto` could not be deleted any more
    if made is not None:
        made.refresh_from_db(using=using)
    return made


def picked(
    commit: Commit,
    onto: Branch | None,
    *,
    author: Model | None = None,
    backwards: bool = False,
    using: str,
) -> Branch:
    """A branch of `onto` that holds what the commit did, or the opposite of it.

    Raises Pruned for what is not kept, ReadOnly where nobody writes any more.
    """
    if onto is not None and not onto.view().is_writable:
        raise ReadOnly(f"{onto} is archived, merged or closed.")
    if commit.branch_id is None:
        require_kept(commit.pk - 1, using)
    connection: Any = connections[using]
    with commits.one_commit(author=author, message=f"Before {commit}", using=using):
        layers = base_layers(onto)
        for number in sorted({layer.branch for layer in layers}):
            commits.lock(connection, number)
        name = f"{'revert' if backwards else 'pick'}-{commit.pk}-{last_commit(using) + 1}"
        branch = create_branch(name, base=onto, owner=author, using=using)
        branch.picks, branch.reverts = (None, commit) if backwards else (commit, None)
        branch.save(using=using, update_fields=["picks", "reverts"])
        # A commit of its own for what was there before, so that merges find it.
        before = commits.current(connection, branch.pk)
        commits.finish(connection)
        done = f"The opposite of {commit}" if backwards else f"Pick {commit}"
        with commits.attributed(author=author, message=done):
            after = commits.current(connection, branch.pk)
        for versioned in tables.values():
            _Step(commit, versioned, branch, connection, backwards).hold(before, after)
        return branch


class _Step:
    """What a commit did to the rows of one table; backwards, what undoes that."""

    def __init__(
        self,
        commit: Commit,
        versioned: Versioned,
        branch: Branch,
        connection: Any,
        backwards: bool,
    ) -> None:
        self.commit = commit.pk
        self.origin = MAIN if commit.branch is None else commit.branch.pk
        self.below = [layer.branch for layer in base_layers(commit.branch and commit.branch.base)]
        self.branch = branch
        self.versioned = versioned
        self.table = Overlay(connection, versioned, branch.view(), 0)
        self.rev = sql.quoted(versioned.rev)
        self.before = sql.quoted(f"before_{versioned.table}"[:60])
        self.after = sql.quoted(f"after_{versioned.table}"[:60])
        self.backwards = backwards

    def hold(self, before: int, after: int) -> None:
        """Make the branch hold it, as the change from one of its own commits to another."""
        table = self.table
        touched = " UNION ALL ".join(
            f"SELECT * FROM (SELECT 1 FROM {rows} LIMIT 1) x"
            for rows in (self._closed(), self._begun("v"), self._begun_in_main())
        )
        if not table.fetch(touched):
            return
        states = self._before(), self._after()
        old, new = reversed(states) if self.backwards else states
        for name, rows in ((self.before, old), (self.after, new)):
            table.run(f"DROP TABLE IF EXISTS {name}")
            table.run(f"CREATE TEMPORARY TABLE {name} AS {rows}")
            table.run(f"CREATE INDEX {_index(name)} ON {name} ({table.pk})")
        written = self._insert(before, after)
        for name in (self.before, self.after):
            table.run(f"DROP TABLE {name}")
        table.analyze(written)

    # What the commit did -------------------------------------------------------------------------

    def _begun(self, alias: str) -> str:
        return (
            f"{self.table.companion} {alias} WHERE {alias}.version_branch = {self.origin}"
            f" AND {alias}.version_from = {self.commit}"
        )

    def _begun_in_main(self) -> str:
        where = f"m.{self.rev} = {self.commit}" if self.origin == MAIN else "1 = 0"
        return f"{self.table.table} m WHERE {where}"

    def _closed(self) -> str:
        return (
            f"{self.table.companion} c WHERE c.version_branch = {self.origin}"
            f" AND c.version_to = {self.commit}"
        )

    def _after(self) -> str:
        names = self.versioned.columns
        return (
            f"SELECT {sql.columns(names, 'v')} FROM {self._begun('v')} AND v.version_op < {DELETE}"
            f" UNION ALL SELECT {sql.columns(names, 'm')} FROM {self._begun_in_main()}"
        )

    def _before(self) -> str:
        """Rows as they were: in the branch itself, else where it had them from."""
        pk, names = self.table.pk, sql.columns(self.versioned.columns, "c")
        same = f"{self._closed()} AND c.{pk} = v.{pk}"
        begun = f"EXISTS (SELECT 1 FROM {self._begun('v')} AND v.{pk} = c.{pk})"
        # What had a base and is held no more was given back to it.
        own = f"SELECT {names} FROM {self._closed()} AND c.version_op < {DELETE}"
        if self.origin == MAIN:
            return own
        below = ", ".join(map(str, self.below))
        images = (
            f"SELECT c.version_from AS version_from, {names} FROM {self.table.companion} c"
            f" WHERE c.version_branch IN ({below})"
            f" UNION ALL SELECT c.{self.rev}, {names} FROM {self.table.table} c"
        )
        return (
            f"{own} AND (c.version_base IS NULL OR {begun})"
            f" UNION ALL SELECT {names} FROM ({images}) c JOIN {self.table.companion} v"
            f" ON v.{pk} = c.{pk} AND v.version_base = c.version_from"
            f" WHERE v.version_branch = {self.origin} AND v.version_from = {self.commit}"
            f" AND NOT EXISTS (SELECT 1 FROM {same})"
        )

    # Into the branch -----------------------------------------------------------------------------

    def _insert(self, before: int, after: int) -> int:
        table, pk = self.table, self.table.pk
        differs = sql.distinct_from(table.connection.vendor)
        names = self.versioned.columns

        def same(one: str, other: str) -> str:
            return " AND ".join(
                f"NOT ({one}.{column} {differs} {other}.{column})"
                for column in map(sql.quoted, names)
            )

        target = f"LEFT JOIN {table.base} m ON m.{pk} = b.{pk}"
        both = f"{self.before} b JOIN {self.after} a ON a.{pk} = b.{pk}"
        gone = f"{self.before} b LEFT JOIN {self.after} a ON a.{pk} = b.{pk}"
        made = f"{self.after} a LEFT JOIN {self.before} b ON b.{pk} = a.{pk}"
        # Where the target has the row as it was, the change is from there: nothing can conflict.
        is_there = f"m.{pk} IS NOT NULL AND {same('m', 'b')}"
        base = f"CASE WHEN {is_there} THEN m.{self.rev} ELSE {before} END"
        rows = 0
        for op, base_, begins, ends, source, alias in (
            (UPDATE, base, after, INFINITY, f"{both} {target} WHERE NOT ({same('a', 'b')})", "a"),
            (DELETE, base, after, INFINITY, f"{gone} {target} WHERE a.{pk} IS NULL", "b"),
            (CREATE, "NULL", after, INFINITY, f"{made} WHERE b.{pk} IS NULL", "a"),
            (UPDATE, "NULL", before, after,
             f"{self.before} b {target} WHERE NOT ({is_there})", "b"),
        ):  # fmt: skip
            rows += table.run(
                f"INSERT INTO {table.companion} (version_branch, version_op, version_from,"
                f" version_to, version_base, {table.names})"
                f" SELECT {self.branch.pk}, {op}, {begins}, {ends}, {base_},"
                f" {sql.columns(names, alias)} FROM {source}"
            )
        return rows


def _index(table: str) -> str:
    return sql.quoted(f"{table[1:-1]}_key"[:63])
