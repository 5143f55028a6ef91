"""Many changes as one commit."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Model

from longhouse.versioning.commits import one_commit

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Create:
    instance: Model


@dataclass(frozen=True, slots=True)
class Update:
    """These fields of the instance, which has its new values already."""

    instance: Model
    fields: Sequence[str]


@dataclass(frozen=True, slots=True)
class Delete:
    """With all that depends on it."""

    model: type[Model]
    pk: Any


Change = Create | Update | Delete


@dataclass
class BatchOperation:
    """All changes within are one commit, or nothing.

        with BatchOperation(message="Import", author=user) as batch:
            batch.process_changes(changes, progress=print)

    Whatever the ORM writes within belongs to it. A dry run does everything, then rolls it back.
    """

    message: str = ""
    author: Model | None = None
    dry_run: bool = False
    chunk_size: int = 500
    using: str = DEFAULT_DB_ALIAS
    created: int = field(default=0, init=False)
    updated: int = field(default=0, init=False)
    deleted: int = field(default=0, init=False)

    def __enter__(self) -> Self:
        self._commit = one_commit(author=self.author, message=self.message, using=self.using)
        self._commit.__enter__()
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self.dry_run and error is None:
            transaction.set_rollback(True, using=self.using)
        self._commit.__exit__(kind, error, trace)

    def process_changes(
        self, changes: Iterable[Change], *, progress: Progress | None = None
    ) -> None:
        """Make the changes, in their order; neighbours of one kind together, by bulk operations.

        `progress` is told how many are done. As bulk operations do, this neither calls `save()` nor
        sends the signals of saving; deletions cascade.
        """
        done = 0
        for (kind, model, fields), group in groupby(changes, _group):
            for chunk in chunks(group, self.chunk_size):
                getattr(self, f"_{kind.__name__.lower()}")(model, chunk, fields)
                done += len(chunk)
                if progress is not None:
                    progress(done)

    def _create(self, model: type[Model], chunk: list[Create], _: Any) -> None:
        instances = [change.instance for change in chunk]
        if model._meta.parents:
            for instance in instances:
                instance.save(force_insert=True, using=self.using)
        else:
            model._base_manager.using(self.using).bulk_create(instances)
        self.created += len(chunk)

    def _update(self, model: type[Model], chunk: list[Update], fields: tuple[str, ...]) -> None:
        rows = model._base_manager.using(self.using)
        self.updated += rows.bulk_update([change.instance for change in chunk], fields)

    def _delete(self, model: type[Model], chunk: list[Delete], _: Any) -> None:
        rows = model._base_manager.using(self.using).filter(pk__in=[one.pk for one in chunk])
        self.deleted += rows.delete()[1].get(model._meta.label, 0)


def _group(change: Change) -> tuple[type[Change], type[Model], tuple[str, ...]]:
    if isinstance(change, Delete):
        return Delete, change.model, ()
    fields = tuple(change.fields) if isinstance(change, Update) else ()
    return type(change), type(change.instance), fields


def chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
