"""Drafts: what somebody changes before anybody else sees it. Each is a branch of main."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from uuid_utils.compat import uuid7

from apps.core.models import validate
from apps.wiki import trust
from apps.wiki.services import photos
from longhouse.versioning import history, reviews
from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.commits import attributed, lock
from longhouse.versioning.conflicts import discard as discard_row
from longhouse.versioning.models import Branch, Commit

Values = dict[str, Any]  # field name -> value


class StaleFields(Exception):
    """Somebody else has changed the same fields meanwhile: nothing was written.

    `now` has what they are by now, `rev` the version in which they are that.
    """

    def __init__(self, now: Values, rev: int) -> None:
        super().__init__(", ".join(now))
        self.now = now
        self.rev = rev


def start(*, by: Any, title: str = "") -> Branch:
    """A new draft, without any change yet."""
    return create_branch(f"wiki-{uuid7()}", owner=by, title=title[:200])


def describe(draft: Branch, *, by: Any, title: str, description: str) -> None:
    """Say what a draft is about."""
    with changing(draft, by):
        draft.title, draft.description = title.strip(), description.strip()
        draft.clean_fields(exclude=["owner", "base"])
        draft.save(update_fields=["title", "description"])


@contextmanager
def changing(draft: Branch, by: Any, message: str = "") -> Iterator[None]:
    """Within, the draft is written to, by one commit, and nobody else writes to it."""
    with transaction.atomic():
        lock(connections[DEFAULT_DB_ALIAS], draft.pk)
        draft.refresh_from_db()
        if not trust.may_write(by, draft):
            raise PermissionDenied("This is not a draft of yours.")
        with branch_context(draft), attributed(author=by, message=message):
            yield


def create(draft: Branch, row: models.Model, *, by: Any) -> None:
    """Add a row to a draft. Raises ValidationError."""
    with changing(draft, by, f"Add {row}"):
        validate(row)
        row.save(force_insert=True)


def edit(
    draft: Branch, model: type[models.Model], pk: Any, *, by: Any, seen: int, values: Values
) -> models.Model:
    """Change fields of a row in a draft; the row.

    `seen`: the `rev` of the row that was edited. Where it was changed since, the changes come
    together field by field. Raises StaleFields when both have changed the same field, and
    ValidationError.
    """
    with changing(draft, by, "Edit"):
        row = _row(model, pk)
        with as_of(seen):
            before = model._base_manager.filter(pk=pk).first()
        if before is None:
            raise ValidationError("Open the page again: this version is not there.", code="seen")
        wanted = {name: value for name, value in values.items() if value != getattr(before, name)}
        moved = {name for name in wanted if getattr(row, name) != getattr(before, name)}
        stale = {name: getattr(row, name) for name in moved if getattr(row, name) != wanted[name]}
        if stale:
            raise StaleFields(stale, row.rev)
        changed = [name for name, value in wanted.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, wanted[name])
        if changed:
            validate(row)
            row.save()
        return row


def delete(draft: Branch, model: type[models.Model], pk: Any, *, by: Any) -> None:
    """Delete a row in a draft, with what belongs to it. Raises ValidationError."""
    with changing(draft, by, "Delete"):
        row = _row(model, pk)
        try:
            row.delete()
        except (ProtectedError, RestrictedError) as error:
            some = ", ".join(str(one) for one in sorted(map(str, _in_the_way(error)))[:5])
            raise ValidationError(f"Others need it: {some}. Change these first.") from None


def restore(
    draft: Branch, model: type[models.Model], pk: Any, *, by: Any, to: Commit
) -> models.Model | None:
    """Make a row what it was just after a commit, in a draft; None: it was not there then."""
    with changing(draft, by, f"Back to {to.created_at:%Y-%m-%d %H:%M}"):
        return history.revert(model, pk, to)


def take_back(draft: Branch, model: type[models.Model], pk: Any, *, by: Any) -> None:
    """Forget what a draft has changed of a row."""
    with changing(draft, by, "Take back"):
        discard_row(draft, model, pk)


def throw_away(draft: Branch, *, by: Any) -> None:
    """Delete a draft that was never submitted; close one that was."""
    with transaction.atomic():
        if draft.owner_id != by.pk and not by.has_perm(trust.MODERATE):
            raise PermissionDenied("This is not a draft of yours.")
        said = draft.reviews.exists() or draft.comments.exists()
        if draft.status == Branch.Status.DRAFT and not said:
            photos.forget_with(draft)
            draft.delete()
        else:
            reviews.close(draft, by=by)


def _row(model: type[models.Model], pk: Any) -> Any:
    row = model._base_manager.filter(pk=pk).first()
    if row is None:
        raise ValidationError("It is not there any more.", code="gone")
    return row


def _in_the_way(error: ProtectedError | RestrictedError) -> set[Any]:
    if isinstance(error, ProtectedError):
        return set(error.protected_objects)
    return set(error.restricted_objects)
