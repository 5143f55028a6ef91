"""What somebody sees of branches, commits and reviews."""

from typing import Any, get_args

from django.db.models import QuerySet

from apps.users.models import User
from longhouse.versioning import reviews
from longhouse.versioning.access import Action, readable
from longhouse.versioning.branches import distance
from longhouse.versioning.conflicts import as_json
from longhouse.versioning.diff import Page
from longhouse.versioning.models import Branch, Commit, Review


def branches(user: User) -> QuerySet[Branch]:
    """Those that the user may read; see `longhouse.versioning.reviews.may`."""
    return readable(user).select_related("owner")


def tell_standing(user: User, branch: Branch) -> Branch:
    """The branch, and where it stands, which no column says.

    ahead, behind: of `longhouse.versioning.branches.distance`; head: what reviews are bound to;
    missing: what reviews lack; may: what the user may do to it.
    """
    actions: tuple[Action, ...] = get_args(Action)
    far = distance(branch)
    vars(branch).update(
        ahead=far.ahead,
        behind=far.behind,
        head=reviews.head(branch),
        missing=reviews.missing(branch),
        may=[action for action in actions if reviews.may(user, action, branch)],
    )
    return branch


def commits(user: User) -> QuerySet[Commit]:
    """Of branches that the user may read; those to main, for who may read every branch."""
    found = Commit.objects.select_related("author")
    if reviews.may(user, "read"):
        return found
    return found.filter(branch__in=branches(user).values("pk"))


def reviews_of(user: User) -> QuerySet[Review]:
    """Of branches that the user may read."""
    found = Review.objects.select_related("reviewer")
    return found.filter(branch__in=branches(user).values("pk"))


def changes(page: Page) -> dict[str, Any]:
    """A page of `longhouse.versioning.diff`, as the API tells it."""
    return {
        "results": [
            {
                "model": change.model._meta.label,
                "pk": str(change.pk),
                "kind": change.kind,
                "title": change.label,
                "fields_changed": [
                    {
                        "name": name,
                        "base": as_json(one.base),
                        "theirs": as_json(one.theirs),
                        "ours": as_json(one.ours),
                    }
                    for name, one in change.fields.items()
                ],
            }
            for change in page.changes
        ],
        "after": page.next,
    }
