"""Prepared queries: an ordinary queryset, compiled once, executed with new values.

    @prepare
    def items_of(*, owner: UUID) -> QuerySet[Item]:
        return Item.objects.filter(owner=owner).select_related("category").order_by("name")

    items_of.all(owner=user.pk)              # what list(the queryset) gives
    items_of.slice(20, 10, owner=user.pk)    # what list(the queryset[20:30]) gives
    items_of.count(owner=user.pk)

Building and compiling a queryset takes longer than SQLite or PostgreSQL need to answer it. Here
that happens once for each shape of the arguments; afterwards only values are bound. Nothing is
guessed: the compiler is watched with sample values, and where its answer cannot be told from
them, the queryset itself runs (see `plan`).
"""

from longhouse.prepared.query import PreparedQuery, prepare

__all__ = ["PreparedQuery", "prepare"]
