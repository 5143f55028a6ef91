"""Querysets that read another branch, or the past, than what is active."""

import datetime
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from longhouse.versioning.bulk import by_key
from longhouse.versioning.context import View, active, reading

if TYPE_CHECKING:
    from longhouse.versioning.models import Branch, Commit, Tag

_UNBOUND = object()


def _bound(name: str) -> Callable[..., Any]:
    """The method of QuerySet, run in the view that the queryset is bound to."""
    method = getattr(models.QuerySet, name)

    @wraps(method)
    def run(self: "VersionedQuerySet", *args: Any, **kwargs: Any) -> Any:
        if self._view is _UNBOUND:
            return method(self, *args, **kwargs)
        with reading(self._view):
            return method(self, *args, **kwargs)

    return run


_bound_update = _bound("update")


class VersionedQuerySet(models.QuerySet[Any]):
    """Bound by `in_branch` or `as_of`, it reads and writes there, whatever is active.

    The instances that it gives are not bound: what they fetch or save later, they do in the view
    that is active then.
    """

    _view: Any = _UNBOUND

    def in_branch(self, branch: "Branch | None") -> Self:
        """The same rows as `branch` has them; None: main."""
        return self._bind(None if branch is None else branch.view())

    def as_of(self, moment: "datetime.datetime | Commit | Tag | int") -> Self:
        """The same rows as they were then, in main or in the branch that this is bound to.

        As of a tag: as what it names had them.
        """
        from longhouse.versioning.branches import view_as_of

        base = active.get() if self._view is _UNBOUND else self._view
        return self._bind(view_as_of(moment, base, self.db))

    @property
    def bound_view(self) -> tuple[View | None] | None:
        """What this is bound to; None when it reads what is active."""
        return None if self._view is _UNBOUND else (self._view,)

    def _bind(self, view: View | None) -> Self:
        clone = self._chain()  # type: ignore[attr-defined]
        clone._view = view
        bound: Self = clone
        return bound

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        if self._view is not _UNBOUND:
            clone._view = self._view
        return clone

    def raw(
        self, raw_query: Any, params: Any = (), translations: Any = None, using: str | None = None
    ) -> Any:
        """Reads what this is bound to, else what is active. See `longhouse.versioning.raw`."""
        from longhouse.versioning.raw import VersionedRawQuery, VersionedRawQuerySet

        query = VersionedRawQuery(raw_query, using or self.db, params=params)
        query.bound = self.bound_view
        found = VersionedRawQuerySet(
            raw_query,
            model=self.model,
            query=query,  # type: ignore[arg-type]
            params=params,
            translations=translations,
            using=query.using,
        )
        found._prefetch_related_lookups = self._prefetch_related_lookups[:]  # type: ignore[attr-defined]
        return found

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        if self._view is not _UNBOUND and self._view != active.get():
            raise ValueError(
                "A queryset that is bound to a branch or a moment cannot be part of one that is"
                " not: bind the outer one, or use branch_context() or as_of() around both."
            )
        return super().resolve_expression(*args, **kwargs)

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        if self._view is _UNBOUND:
            yield from super().iterator(chunk_size)
            return
        rows = super().iterator(chunk_size)
        while True:
            # Whoever iterates must not find themselves in this view between two rows.
            with reading(self._view):
                try:
                    row = next(rows)
                except StopIteration:
                    return
            yield row

    def update(self, **kwargs: Any) -> int:
        changed: int = _bound_update(self, **{name: by_key(x) for name, x in kwargs.items()})
        return changed

    _fetch_all = _bound("_fetch_all")
    count = _bound("count")
    exists = _bound("exists")
    contains = _bound("contains")
    aggregate = _bound("aggregate")
    explain = _bound("explain")
    create = _bound("create")
    get_or_create = _bound("get_or_create")
    update_or_create = _bound("update_or_create")
    bulk_create = _bound("bulk_create")
    bulk_update = _bound("bulk_update")
    delete = _bound("delete")
    _raw_delete = _bound("_raw_delete")
    _update = _bound("_update")
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]
    update.alters_data = True  # type: ignore[attr-defined]
    _raw_delete.alters_data = True  # type: ignore[attr-defined]
    _raw_delete.queryset_only = True  # type: ignore[attr-defined]
    _update.alters_data = True  # type: ignore[attr-defined]
    _update.queryset_only = False  # type: ignore[attr-defined]


VersionedManager = models.Manager.from_queryset(VersionedQuerySet, "VersionedManager")
