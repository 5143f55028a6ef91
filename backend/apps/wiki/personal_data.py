"""What the wiki holds of a person. What they gave to the encyclopedia stays, without the name."""

from typing import Any

from django.db.models import F

from apps.users.models import User
from apps.users.personal_data import Holding, register
from apps.wiki.models import List, ListEntry, Review, Watch
from apps.wiki.services.watching import rows_of
from longhouse.versioning.companions import tables
from longhouse.versioning.integrity import erase
from longhouse.versioning.models import Branch, Comment
from longhouse.versioning.reviews import unprotected


def work_of(user: User) -> dict[str, Any]:
    entries = ListEntry.objects.filter(list__owner=user).select_related("ride", "park")
    watches = list(Watch.objects.filter(user=user).order_by("pk"))
    watched = rows_of(watches)
    return {
        "reviews": list(
            Review.objects.filter(author=user)
            .order_by("pk")
            .values("stars", "text", "created_at", where=F("ride__name"))
        ),
        "lists": [
            {
                "name": one.name,
                "text": one.text,
                "entries": [str(entry) for entry in entries if entry.list_id == one.pk],
            }
            for one in List.objects.filter(owner=user).order_by("pk")
        ],
        "proposals": list(
            Branch.objects.filter(owner=user)
            .order_by("pk")
            .values("name", "title", "description", "status", "created_at")
        ),
        "comments": list(
            Comment.objects.filter(author=user).order_by("pk").values("text", "created_at")
        ),
        "watched": [
            {
                "kind": one.kind,
                "name": str(watched.get(one.object_id, "gone")),
                "since": one.created_at,
            }
            for one in watches
        ],
    }


def forget(user: User) -> None:
    # Out of the history as well, deleted ones too.
    for model, column, blank in (
        (Review, "author", {"text": ""}),
        (List, "owner", {"name": "", "text": ""}),
    ):
        versions = tables[model._meta.db_table].companion._base_manager.filter(**{column: user.pk})
        now = model._base_manager.filter(**{column: user.pk})
        for pk in {*now.values_list("pk", flat=True), *versions.values_list("id", flat=True)}:
            erase(model, pk, blank)
    # Not by the cascade: main is protected from whoever does not say why they may.
    with unprotected():
        Review.objects.filter(author=user).delete()
        List.objects.filter(owner=user).delete()
        Review.objects.filter(moderated_by=user).update(moderated_by=None)


register(Holding("wiki", work_of, forget))
