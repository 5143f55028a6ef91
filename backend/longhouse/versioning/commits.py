"""Commits: what one transaction wrote to one branch."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.db.models import Model
from django.utils import timezone

from longhouse.versioning.context import MAIN
from longhouse.versioning.protection import Protected, check_writable, passing
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
    is_unprotected: bool = False
    models: set[type[Model]] = field(default_factory=set)

    def __call__(self) -> None:
        from longhouse.versioning.models import Commit

        if not committed.has_listeners(Commit):
            return
        commit = Commit.objects.using(self.using).filter(pk=self.id).first()
        if commit is not None:
            committed.send(sender=Commit, commit=commit, models=frozenset(self.models))


class _Spoiling:
    """The transaction that is open ends with what is within, if that fails."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, *_: object) -> None:
        if kind is not None:
            self._connection.needs_rollback = True


def all_or_nothing(connection: Any) -> AbstractContextManager[None]:
    """What is within is part of the transaction that is open; else a transaction of its own.

    In a test case as well, where all that a test writes would be one commit otherwise.
    """
    blocks = connection.atomic_blocks
    if not blocks or blocks[-1]._from_testcase:
        return transaction.atomic(using=connection.alias, savepoint=False)
    return _Spoiling(connection)


def current(connection: Any, branch: int, model: type[Model] | None = None) -> int:
    """The id of the commit that a write to `branch` belongs to, which begins if there is none.

    Only within a transaction. Raises Protected, and ReadOnly for a branch that is over.
    """
    if (writing := under_way(connection, branch)) is None:
        writing = _begin(connection, branch)
    elif writing.is_unprotected and not passing.get():
        # What began past a protection goes on so only as long as somebody says that it may.
        check_writable(connection, branch)
        writing.is_unprotected = False
    if model is not None:
        writing.models.add(model)
    return writing.id


def under_way(connection: Any, branch: int) -> Writing | None:
    """What this transaction writes to `branch` already; None before its first write.

    A commit that was rolled back to a savepoint is forgotten because Django forgets what was to
    happen on_commit.
    """
    writing: Writing | None = getattr(connection, "versioning", None)
    if (
        writing is None
        or writing.branch != branch
        or all(block is not writing.block for block in connection.atomic_blocks)
        or all(entry[1] is not writing for entry in connection.run_on_commit)
    ):
        return None
    return writing


def last_written(connection: Any) -> int:
    """The id of the commit that this connection has written to last; 0 before the first."""
    writing: Writing | None = getattr(connection, "versioning", None)
    return 0 if writing is None else writing.id


def finish(connection: Any) -> None:
    """What is written next on this connection is another commit."""
    connection.versioning = None


def lock(connection: Any, branch: int, *, nowait: bool = False) -> None:
    """Wait until nobody else writes to `branch`; nobody will until this transaction ends.

    So the commits of a branch have ids in the order in which others see them. SQLite has one
    writer at a time anyway. `nowait`: raises OperationalError instead of waiting.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        if not nowait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCKS | branch])
            return
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCKS | branch])
        if not cursor.fetchone()[0]:
            where = "main" if branch == MAIN else f"branch {branch}"
            raise OperationalError(f"Somebody else writes to {where}.")


def _begin(connection: Any, branch: int) -> Writing:
    if connection.vendor == "postgresql":
        text, values = beginning(connection, branch)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {text}", values)
            (number,) = cursor.fetchone()
        return begun(connection, branch, number)
    check_writable(connection, branch)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO versioning_commit (branch_id, author_id, message, created_at)"
            " VALUES (%s, %s, %s, %s) RETURNING id",
            _new_commit(connection, branch),
        )
        (number,) = cursor.fetchone()
    return begun(connection, branch, number)


def beginning(connection: Any, branch: int) -> tuple[str, list[Any]]:
    """PostgreSQL: SQL, with parameters, that locks a branch and gives a new commit's id.

    NULL where nobody may write. Whoever runs it calls `begun` then.
    """
    _, *rest = _new_commit(connection, branch)
    values = [_LOCKS | branch, branch, passing.get(), *rest]
    return "versioning_begin(%s, %s, %s, %s, %s, %s)", values


def begun(connection: Any, branch: int, number: int | None) -> Writing:
    """What follows in this transaction is written to the commit. Raises Protected, ReadOnly."""
    if number is None:
        check_writable(connection, branch)
        raise Protected("The branch could not be written to a moment ago: try again.")
    block = next(
        (block for block in connection.atomic_blocks if not block._from_testcase),
        connection.atomic_blocks[-1],
    )
    writing = Writing(number, branch, connection.alias, block, passing.get())
    connection.versioning = writing
    connection.on_commit(writing)
    return writing


def _new_commit(connection: Any, branch: int) -> list[Any]:
    """Branch, author, message and time of a commit that begins now."""
    who = attribution.get()
    author = who.author
    return [
        None if branch == MAIN else branch,
        # Not by the ORM: each transaction that writes pays for its commit.
        author if author is None else _author().get_db_prep_save(author.pk, connection),
        str(who.message),
        connection.ops.adapt_datetimefield_value(timezone.now()),
    ]


@cache
def _author() -> Any:
    from longhouse.versioning.models import Commit

    return Commit._meta.get_field("author")


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
