"""What visitors write for themselves: reviews and lists. No proposals: it goes to main at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from apps.core.models import validate
from apps.wiki import trust
from apps.wiki.models import List, ListEntry, Review, Ride
from longhouse.versioning.branches import branch_context
from longhouse.versioning.commits import attributed
from longhouse.versioning.reviews import unprotected

LISTS = 50  # of one person
ENTRIES = 500  # of one list


@contextmanager
def _writing(by: Any, message: str) -> Iterator[None]:
    """Main is protected for the encyclopedia's sake; what people say of their own is not of it."""
    with (
        transaction.atomic(),
        branch_context(None),
        unprotected(),
        attributed(author=by, message=message),
    ):
        yield


def write_review(ride: Ride, *, by: Any, stars: int, text: str) -> Review:
    """Say how a ride was; once for each ride, so what was said before is replaced.

    Newcomers' reviews wait for a moderator. Raises ValidationError.
    """
    with _writing(by, f"Review of {ride}"):
        review = Review.objects.filter(ride=ride, author=by).first() or Review(ride=ride, author=by)
        review.stars, review.text = stars, text.strip()
        trusted = trust.level(by).rank >= trust.CONTRIBUTOR.rank
        review.state = Review.State.SHOWN if trusted else Review.State.WAITING
        review.moderated_by, review.why = None, ""
        validate(review)
        review.save()
        return review


def delete_review(review: Review, *, by: Any) -> None:
    """Take one's own review away."""
    if review.author_id != by.pk:
        raise PermissionDenied("This is not your review.")
    with _writing(by, "Delete a review"):
        review.delete()


def moderate(review: Review, *, by: Any, show: bool, why: str = "") -> None:
    """Show a review, or hide it and say why."""
    if not by.has_perm(trust.MODERATE):
        raise PermissionDenied("Moderators decide about reviews.")
    if not show and not why.strip():
        raise ValidationError({"why": "Say why it is hidden."})
    with _writing(by, "Moderate a review"):
        review.state = Review.State.SHOWN if show else Review.State.HIDDEN
        review.moderated_by, review.why = by, why.strip()
        validate(review)
        review.save()


def save_list(found: List | None, *, by: Any, name: str, text: str, is_public: bool) -> List:
    """Make a list, or change what one's own is called and who sees it."""
    with _writing(by, "A list"):
        if found is None:
            if List.objects.filter(owner=by).count() >= LISTS:
                raise ValidationError(f"You have {LISTS} lists: delete one first.")
            found = List(owner=by)
        _owned(found, by)
        found.name, found.text, found.is_public = name.strip(), text.strip(), is_public
        validate(found)
        found.save()
        return found


def delete_list(found: List, *, by: Any) -> None:
    """Delete one's own list."""
    _owned(found, by)
    with _writing(by, "Delete a list"):
        found.delete()


def add_to_list(found: List, *, by: Any, ride: Any = None, park: Any = None) -> ListEntry:
    """Put a ride or a park at the end of one's own list; once."""
    _owned(found, by)
    with _writing(by, "Add to a list"):
        known = ListEntry.objects.filter(list=found, ride=ride, park=park).first()
        if known is not None:
            return known
        number = ListEntry.objects.filter(list=found).count()
        if number >= ENTRIES:
            raise ValidationError(f"A list has at most {ENTRIES} entries.")
        entry = ListEntry(list=found, ride=ride, park=park, position=number + 1)
        validate(entry)
        entry.save()
        return entry


def remove_from_list(entry: ListEntry, *, by: Any) -> None:
    """Take an entry out of one's own list."""
    _owned(entry.list, by)
    with _writing(by, "Take out of a list"):
        entry.delete()


def _owned(found: List, by: Any) -> None:
    if found.owner_id != by.pk:
        raise PermissionDenied("This is a list of somebody else.")
