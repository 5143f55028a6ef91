"""Soft deletion that is set-based, complete and reversible.

`delete()` marks rows instead of removing them: one UPDATE per model over the graph of CASCADE
relations, however many rows there are. All rows of one deletion share a `deletion_id`, and
`restore()` brings back exactly those. SET_NULL links stay as they are; PROTECT and RESTRICT hold.

`objects` sees live rows only. `all_objects` sees everything; it is the base manager (so a link to a
deleted row still loads) and what admin, export and backup use.
"""

import uuid
from collections import Counter
from functools import cache
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, router, transaction
from django.db.models import CASCADE, PROTECT, RESTRICT, Q
from django.db.models.deletion import ProtectedError, RestrictedError
from django.dispatch import Signal
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.core.problems import Conflict

LIVE = Q(deleted_at__isnull=True)
_Row = TypeVar("_Row", bound="SoftDeleteModel")


def live_unique(*fields: str, name: str, message: str) -> models.UniqueConstraint:
    """Unique among the live rows only: the name of a deleted row is free again.

    A rule of one field names it when it is broken.
    """
    return models.UniqueConstraint(
        fields=fields,
        name=name,
        condition=LIVE,
        violation_error_message=message,
        violation_error_code="unique",  # by which Django knows that it is about the field
    )


#: Sent after rows were deleted and after they were restored, within the transaction, with the
#: `deletion_id` that they carry.
moved = Signal()


class SoftDeleteQuerySet(models.QuerySet[_Row]):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Mark these rows and all that CASCADE from them; counts as Django's delete() does.

        Raises ProtectedError or RestrictedError, and changes nothing, where Django's would.
        """
        counts = self.soft_delete()[1]
        return counts.total(), dict(counts)

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def soft_delete(self) -> tuple[uuid.UUID, Counter[str]]:
        """As `delete()`, but returns the deletion's id, for `restore`, and the rows per model."""
        deletion_id = uuid7()
        using = router.db_for_write(self.model)
        mark = {"deleted_at": timezone.now(), "deletion_id": deletion_id}
        counts: Counter[str] = Counter()
        with transaction.atomic(using=using):
            counts[self.model._meta.label] = self.using(using).filter(LIVE).update(**mark)
            children, has_cycle = _cascade(self.model)
            while True:
                before = counts.total()
                for model, links in children:
                    reached = Q()
                    for link in links:
                        reached |= Q(**{f"{link}__deletion_id": deletion_id})
                    rows = model._base_manager.using(using).filter(LIVE & reached)
                    counts[model._meta.label] += rows.update(**mark)
                # Rows of a tree are reached one level at a time.
                if not has_cycle or counts.total() == before:
                    break
            _refuse_protected(self.model, deletion_id, using)
            for model, _ in children:
                _refuse_protected(model, deletion_id, using)
            moved.send(SoftDeleteModel, deletion_id=deletion_id)
        return deletion_id, +counts

    def hard_delete(self) -> tuple[int, dict[str, int]]:
        """Remove the rows for good, with Django's own cascade."""
        return super().delete()

    hard_delete.alters_data = True  # type: ignore[attr-defined]

    def live(self) -> "SoftDeleteQuerySet[_Row]":
        return self.filter(LIVE)

    def deleted(self) -> "SoftDeleteQuerySet[_Row]":
        return self.exclude(LIVE)


class AllManager(models.Manager.from_queryset(SoftDeleteQuerySet)):  # type: ignore[misc]
    """Every row, the deleted ones too."""


class LiveManager(AllManager):
    """The rows that are not deleted."""

    def get_queryset(self) -> SoftDeleteQuerySet[Any]:
        queryset: SoftDeleteQuerySet[Any] = super().get_queryset()
        return queryset.filter(LIVE)


class SoftDeleteModel(models.Model):
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    deletion_id = models.UUIDField(null=True, blank=True, editable=False, db_index=True)

    objects = LiveManager()
    all_objects = AllManager()

    class Meta:
        abstract = True
        base_manager_name = "all_objects"

    def delete(
        self, using: str | None = None, keep_parents: bool = False
    ) -> tuple[int, dict[str, int]]:
        counts = type(self).all_objects.filter(pk=self.pk).delete()
        self.refresh_from_db(fields=["deleted_at", "deletion_id"])
        return counts

    def hard_delete(self) -> tuple[int, dict[str, int]]:
        return super().delete()

    def restore(self) -> Counter[str]:
        """Bring back all that was deleted together with this row."""
        if self.deletion_id is None:
            return Counter()
        counts = restore(self.deletion_id)
        self.refresh_from_db(fields=["deleted_at", "deletion_id"])
        return counts


def soft_delete_models() -> list[type[SoftDeleteModel]]:
    return [model for model in apps.get_models() if issubclass(model, SoftDeleteModel)]


def deleted_models(deletion_id: uuid.UUID) -> list[type[SoftDeleteModel]]:
    """The models that have rows of this deletion."""
    return [
        model
        for model in soft_delete_models()
        if model.all_objects.filter(deletion_id=deletion_id).exists()
    ]


def restore(deletion_id: uuid.UUID) -> Counter[str]:
    """Bring back every row of one deletion; returns the rows per model label.

    Raises Conflict, and changes nothing, when a row that it belongs to is still deleted or when its
    unique name has been taken meanwhile.
    """
    counts: Counter[str] = Counter()
    models_ = soft_delete_models()
    try:
        with transaction.atomic():
            for model in models_:
                counts[model._meta.label] = model.all_objects.filter(
                    deletion_id=deletion_id
                ).update(deleted_at=None)
            restored = [model for model in models_ if counts[model._meta.label]]
            for model in restored:
                _refuse_orphans(model, deletion_id)
            moved.send(SoftDeleteModel, deletion_id=deletion_id)
            for model in restored:
                model.all_objects.filter(deletion_id=deletion_id).update(deletion_id=None)
    except IntegrityError as error:
        raise Conflict(_taken_name(deletion_id) or "A newer record has taken its name.") from error
    return +counts


@cache
def _cascade(
    root: type[models.Model],
) -> tuple[list[tuple[type[SoftDeleteModel], list[str]]], bool]:
    """The models that CASCADE from `root`, parents first, each with the links that lead to it."""
    finished: list[type[models.Model]] = []
    open_: list[type[models.Model]] = []
    links: dict[type[models.Model], list[str]] = {}
    has_cycle = False

    def visit(model: type[models.Model]) -> None:
        nonlocal has_cycle
        open_.append(model)
        for relation in _relations_to(model, CASCADE):
            child = relation.related_model
            if not issubclass(child, SoftDeleteModel):
                continue  # plain link rows of many-to-many relations; see apps.core.checks
            links.setdefault(child, []).append(relation.field.name)
            if child in open_:
                has_cycle = True
            elif child not in finished:
                visit(child)
        open_.pop()
        finished.append(model)

    visit(root)
    order = [model for model in reversed(finished) if model in links]
    return [(model, links[model]) for model in order], has_cycle  # type: ignore[misc]


def _relations_to(model: type[models.Model], on_delete: Any) -> list[Any]:
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
        and relation.on_delete is on_delete
        and relation.related_model is not None
    ]


def _refuse_protected(model: type[models.Model], deletion_id: uuid.UUID, using: str) -> None:
    for on_delete, refusal in ((PROTECT, ProtectedError), (RESTRICT, RestrictedError)):
        for relation in _relations_to(model, on_delete):
            holder = relation.related_model
            holders = holder._base_manager.using(using).filter(
                **{f"{relation.field.name}__deletion_id": deletion_id}
            )
            if issubclass(holder, SoftDeleteModel):
                # A restricting row may go in the same deletion; a protecting one may not.
                same = Q(deletion_id=deletion_id) if on_delete is PROTECT else Q()
                holders = holders.filter(LIVE | same) if same else holders.filter(LIVE)
            if found := set(holders[:10]):
                names = ", ".join(sorted(str(row) for row in found))
                raise refusal(f"Still in use by {names}.", found)


def _refuse_orphans(model: type[SoftDeleteModel], deletion_id: uuid.UUID) -> None:
    for field in model._meta.concrete_fields:
        parent = field.related_model
        if (
            isinstance(field, models.ForeignKey)
            and field.remote_field.on_delete is CASCADE
            and isinstance(parent, type)
            and issubclass(parent, SoftDeleteModel)
        ):
            orphan = (
                model.all_objects.filter(deletion_id=deletion_id)
                .exclude(**{f"{field.name}__isnull": True})
                .filter(**{f"{field.name}__deleted_at__isnull": False})
                .select_related(field.name)
                .first()
            )
            if orphan:
                owner = getattr(orphan, field.name)
                raise Conflict(f"It belongs to {owner}, which is deleted: restore that first.")


def _taken_name(deletion_id: uuid.UUID) -> str:
    """Say which unique rule stands in the way of a restore."""
    for model in soft_delete_models():
        for row in model.all_objects.filter(deletion_id=deletion_id):
            row.deleted_at = None
            try:
                row.validate_constraints()
            except ValidationError as error:
                return " ".join(error.messages)
    return ""
