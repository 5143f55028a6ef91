"""Commits: what one transaction wrote to one branch."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model

from longhouse.versioning.context import MAIN
from longhouse.versioning.signals import committed

_LOCKS = 0x56435F << 40  # the part of PostgreSQL's advisory locks that branches have


@dataclass(frozen=True, slots=True)
class Attribution:
    author: Model | None = None
    message: str = ""


_NOBODY = Attribution()
attribution: ContextVar[Attribution] = ContextVar("versioning_attribution", default=_NOBODY)


@contextmanager
def attributed(*, author: Model | None = None, message: str = "") -> Iterator[None]:
    """Commits that begin within are by `author` and carry `message`."""
    token = attribution.set(Attribution(author, message))
    try:
        yield
    finally:
        attribution.reset(token)


@dataclass(eq=False, slots=True)
class Writing:
    """The commit that a connection writes; called after its transaction has been committed."""

    id: int
    branch: int
    using: str
    block: Any  # the outermost transaction; in a test, the outermost but those of the test case
    models: set[type[Model]] = field(default_factory=set)

    def __call__(self) -> None:
        from longhouse.versioning.models import Commit

        if not committed.has_listeners(Commit):
            return
        commit = Commit.objects.using(self.using).filter(pk=self.id).first()
        if commit is not None:
            committed.send(sender=Commit, commit=commit, models=frozenset(self.models))


def current(connection: Any, branch: int, model: type[Model] | None = None) -> int:
    """The id of the commit that a write to `branch` belongs to, which begins if there is none.

    Only within a transaction. A commit that was rolled back to a savepoint is forgotten because
    Django forgets what was to happen on_commit.
    """
    writing: Writing | None = getattr(connection, "versioning", None)
    if (
        writing is None
        or writing.branch != branch
        or all(block is not writing.block for block in connection.atomic_blocks)
        or all(entry[1] is not writing for entry in connection.run_on_commit)
    ):
        writing = _begin(connection, branch)
    if model is not None:
        writing.models.add(model)
    return writing.id


def last_written(connection: Any) -> int:
    """The id of the commit that this connection has written to last; 0 before the first."""
    writing: Writing | None = getattr(connection, "versioning", None)
    return 0 if writing is None else writing.id


def finish(connection: Any) -> None:
    """What is written next on this connection is another commit."""
    connection.versioning = None


def lock(connection: Any, branch: int) -> None:
    """Wait until nobody else writes to `branch`; nobody will until this transaction ends.

    So the commits of a branch have ids in the order in which others see them. SQLite has one
    writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCKS | branch])


def _begin(connection: Any, branch: int) -> Writing:
    from longhouse.versioning.models import Commit

    lock(connection, branch)
    who = attribution.get()
    commit = Commit(
        branch_id=None if branch == MAIN else branch,
        author_id=who.author.pk if who.author is not None else None,
        message=who.message,
        created_at=datetime.datetime.now(datetime.UTC),
    )
    _insert(connection, commit)
    block = next(
        (block for block in connection.atomic_blocks if not block._from_testcase),
        connection.atomic_blocks[-1],
    )
    writing = Writing(commit.pk, branch, connection.alias, block)
    connection.versioning = writing
    transaction.on_commit(writing, using=connection.alias)
    return writing


def _insert(connection: Any, commit: Any) -> None:
    """Save a new commit, without the ORM: each transaction that writes pays for it."""
    fields = [field for field in commit._meta.local_concrete_fields if not field.primary_key]
    meta = commit._meta
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{meta.db_table}" ({names}) VALUES ({marks})'
            f' RETURNING "{meta.pk.column}"',
            [
                field.get_db_prep_save(getattr(commit, field.attname), connection)
                for field in fields
            ],
        )
        (commit.pk,) = cursor.fetchone()


@contextmanager
def one_commit(
    *, author: Model | None = None, message: str = "", using: str = DEFAULT_DB_ALIAS
) -> Iterator[None]:
    """A transaction whose writes are one commit of their own, even within a greater one."""
    connection: Any = connections[using]
    with attributed(author=author, message=message), transaction.atomic(using=using):
        finish(connection)
        try:
            yield
        finally:
            finish(connection)
