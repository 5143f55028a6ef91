"""Taking back a commit: a branch that holds the opposite of it, merged."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from longhouse.versioning import commits, sql
from longhouse.versioning.branches import create_branch, require_kept
from longhouse.versioning.companions import CREATE, DELETE, UPDATE, Versioned, tables
from longhouse.versioning.context import INFINITY, MAIN
from longhouse.versioning.merge import Prefer, merge
from longhouse.versioning.models import Branch, Commit
from longhouse.versioning.pick import picked


def revert(
    commit: Commit,
    *,
    author: Model | None = None,
    message: str = "",
    prefer: Prefer = None,
    using: str = DEFAULT_DB_ALIAS,
) -> Commit | None:
    """Undo a commit or a merge, where it was made; later changes of other fields stay.

    The commit that undoes it, or None when nothing is left to undo. Raises MergeConflict where
    later changes are in the way, NotApproved where main or the branch is protected: the branch of
    the error holds the opposite of the commit; resolve its conflicts or have it reviewed, and merge
    it, or delete it. Rows that a commit gave back to the base (`discard`) are left alone.
    """
    text = message or f"Revert {commit}"
    branch = opposite(commit, author=author, using=using)
    made = merge(branch, author=author, message=text, prefer=prefer, using=using)
    if branch.base is not None:
        branch.delete()  # or its base could not be deleted any more
        if made is not None:
            made.refresh_from_db(using=using)
        return made
    branch.is_archived = True
    branch.save(using=using, update_fields=["is_archived"])
    return made


def opposite(commit: Commit, *, author: Model | None = None, using: str) -> Branch:
    """A branch whose changes undo `commit` where it was made. Raises Pruned."""
    if commit.branch_id is not None:
        onto = Branch.objects.using(using).get(pk=commit.branch_id)
        return picked(commit, onto, author=author, backwards=True, using=using)
    require_kept(commit.pk - 1, using)
    connection: Any = connections[using]
    with commits.one_commit(author=author, message=f"The opposite of {commit}", using=using):
        commits.lock(connection, MAIN)
        tried = Branch.objects.using(using).filter(reverts=commit).count()
        branch = create_branch(f"revert-{commit.pk}-{tried + 1}", owner=author, using=using)
        branch.reverts = commit
        branch.save(using=using, update_fields=["reverts"])
        for versioned in tables.values():
            _hold_opposite(versioned, commit.pk, branch, connection)
        return branch


def _hold_opposite(versioned: Versioned, commit: int, branch: Branch, connection: Any) -> None:
    """Rows of one table: changed ones as they were, deleted ones again, created ones deleted."""
    table, companion = sql.quoted(versioned.table), sql.quoted(versioned.companion_table)
    pk, rev = sql.quoted(versioned.pk), sql.quoted(versioned.rev)

    def before(alias: str) -> str:
        return f"{companion} {alias} WHERE {_in_main(alias)} AND {alias}.version_to = {commit}"

    def past(alias: str) -> str:
        return f"{companion} {alias} WHERE {_in_main(alias)} AND {alias}.version_from = {commit}"

    def now(alias: str) -> str:
        return f"{table} {alias} WHERE {alias}.{rev} = {commit}"

    def same(rows: str, alias: str) -> str:
        return f"EXISTS (SELECT 1 FROM {rows} AND {alias}.{pk} = h.{pk})"

    after = f"({same(now('a'), 'a')} OR {same(past('a'), 'a')})"
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT * FROM (SELECT 1 FROM {rows('h')} LIMIT 1) x"
                               for rows in (before, past, now))
        )  # fmt: skip
        if cursor.fetchone() is None:
            return
        undo = commits.current(connection, branch.pk, versioned.model)
        for op, base, rows in (
            (UPDATE, str(commit), f"{before('h')} AND {after}"),
            (CREATE, "NULL", f"{before('h')} AND NOT {after}"),
            (DELETE, str(commit), f"{now('h')} AND NOT {same(before('b'), 'b')}"),
            (DELETE, str(commit), f"{past('h')} AND NOT {same(before('b'), 'b')}"),
        ):
            cursor.execute(
                f"INSERT INTO {companion} (version_branch, version_op, version_from, version_to,"
                f" version_base, {sql.columns(versioned.columns)})"
                f" SELECT {branch.pk}, {op}, {undo}, {INFINITY}, {base},"
                f" {sql.columns(versioned.columns, 'h')} FROM {rows}"
            )
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {companion}")


def _in_main(alias: str) -> str:
    return f"{alias}.version_branch = {MAIN}"
