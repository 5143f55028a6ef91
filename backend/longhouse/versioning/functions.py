"""The function of PostgreSQL that begins a commit, in the round trip of the write that needs it."""

from typing import Any

from longhouse.versioning.context import MAIN

NAME = "versioning_begin"
#: NULL where the branch is over or protected. Each statement of a function sees what was committed
#: before it, and so what was committed while it waited for the lock; one that calls it does not.
_BODY = f"""
DECLARE
    _made bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(_lock);
    IF _branch <> {MAIN} AND EXISTS (
        SELECT 1 FROM versioning_branch WHERE id = _branch AND status IN ('merged', 'closed')
    ) THEN
        RETURN NULL;
    END IF;
    IF NOT _passes AND EXISTS (
        SELECT 1 FROM versioning_protection
        WHERE COALESCE(branch_id, {MAIN}) = _branch AND NOT allows_direct_writes
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO versioning_commit (branch_id, author_id, message, created_at)
    VALUES (NULLIF(_branch, {MAIN}), _author, _message, _created_at) RETURNING id INTO _made;
    RETURN _made;
END
"""
_ARGUMENTS = (
    "_lock bigint, _branch bigint, _passes boolean, _author {author}, _message text,"
    " _created_at timestamp with time zone"
)


def install(connection: Any) -> None:
    """Make the function, unless it is there. The tables that it names need not be there yet."""
    from longhouse.versioning.models import Commit

    if connection.vendor != "postgresql":
        return
    arguments = _ARGUMENTS.format(author=Commit._meta.get_field("author").db_type(connection))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc, pg_get_function_arguments(oid), oid::regprocedure::text FROM pg_proc"
            " WHERE proname = %s AND pg_function_is_visible(oid)",
            [NAME],
        )
        there = cursor.fetchall()
        if [one[:2] for one in there] == [(_BODY, arguments)]:
            return
        for _, _, signature in there:
            cursor.execute(f"DROP FUNCTION {signature}")
        cursor.execute(
            f"CREATE FUNCTION {NAME}({arguments}) RETURNS bigint LANGUAGE plpgsql AS $${_BODY}$$"
        )
