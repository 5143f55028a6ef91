"""What models are made of: VersionedModel to inherit from, Version for the companions."""

from collections.abc import Collection, Iterable
from functools import cache
from inspect import getattr_static
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, router
from django.db.models.base import ModelState
from django.db.models.fields.files import FileDescriptor, ImageFileDescriptor
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

from longhouse.versioning.commits import all_or_nothing, last_written
from longhouse.versioning.companions import (
    add_version_fields,
    register,
    tables,
)
from longhouse.versioning.context import INFINITY
from longhouse.versioning.fields import RevField
from longhouse.versioning.queryset import VersionedManager

if TYPE_CHECKING:
    from longhouse.versioning.history import Revision
    from longhouse.versioning.models import Commit

Model = TypeVar("Model", bound=models.Model)


class VersionedModel(models.Model):
    """A model whose rows have branches and a history.

    `version_policies` tells how a field merges that was changed on both sides, by the field's
    name: one of `longhouse.versioning.policies`, else it is a conflict.
    """

    rev = RevField()

    objects: models.Manager[Any] = VersionedManager()

    version_policies: dict[str, Any] = {}

    class Meta:
        abstract = True

    @property
    def history(self) -> "list[Revision]":
        """Every version of this row, the newest first."""
        using = self._state.db or DEFAULT_DB_ALIAS
        revisions: list[Revision] = _history().history(type(self), self.pk, using)
        return revisions

    def blame(self) -> "dict[str, Revision]":
        """For each field (by attname) the revision that gave it its value."""
        using = self._state.db or DEFAULT_DB_ALIAS
        found: dict[str, Revision] = _history().blame(type(self), self.pk, using)
        return found

    def revert(self, to: "Commit | int", *, fields: Iterable[str] | None = None) -> Self | None:
        """Make the row, or these fields of it, what it was after that commit; the saved row."""
        using = self._state.db or DEFAULT_DB_ALIAS
        reverted: Self | None = _history().revert(
            type(self), self.pk, to, fields=fields, using=using
        )
        return reverted

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any
    ) -> Self:
        """What Django gives, made faster: so to read `rev` as well makes lists no slower."""
        names = _plain_names(cls)
        if (
            more
            or len(names) != len(values)
            or pre_init.has_listeners(cls)
            or post_init.has_listeners(cls)
        ):
            return super().from_db(db, field_names, values, **more)
        new = cls.__new__(cls)
        content = new.__dict__
        state = content["_state"] = ModelState()
        content.update(zip(names, values, strict=True))
        state.adding = False
        state.db = db
        return new

    def save_base(
        self,
        raw: bool = False,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Any = None,
    ) -> None:
        using = using or router.db_for_write(type(self), instance=self)
        connection = connections[using]
        # One transaction, and so one commit, for all tables of the model.
        with all_or_nothing(connection):
            super().save_base(raw, force_insert, force_update, using, update_fields)
            for name in _rev_names(type(self)):
                setattr(self, name, last_written(connection))


# What only puts a value where it is given one first.
_PLAIN = {DeferredAttribute, ForeignKeyDeferredAttribute, FileDescriptor, ImageFileDescriptor}


@cache
def _plain_names(model: type[models.Model]) -> tuple[str, ...]:
    """Attributes of the columns, if to set them is all that making an instance is; else none."""
    names = tuple(field.attname for field in model._meta.concrete_fields)
    is_plain = (
        model.__init__ is models.Model.__init__
        and model.__new__ is object.__new__
        and model.__setattr__ is object.__setattr__
        and all(type(getattr_static(model, name)) in _PLAIN for name in names)
    )
    return names if is_plain else ()


@cache
def _rev_names(model: type[models.Model]) -> list[str]:
    """Attributes that say who wrote each of the model's tables last."""
    return [field.attname for field in model._meta.concrete_fields if isinstance(field, RevField)]


def _history() -> Any:
    from longhouse.versioning import history  # needs models, which need this

    return history


class Version(models.Model):
    """The columns that a companion has beside those of its table."""

    version_branch = models.BigIntegerField()
    version_op = models.SmallIntegerField()
    version_from = models.BigIntegerField()
    version_to = models.BigIntegerField(default=INFINITY)
    version_base = models.BigIntegerField(null=True)

    class Meta:
        abstract = True


def versioned(
    model: type[Model] | None = None, /, *, policies: dict[str, Any] | None = None
) -> Any:
    """Decorator, or call, for a model that cannot inherit from VersionedModel.

    Its app gets the migrations: for one that is not yours, say where by MIGRATION_MODULES.
    """

    def version(model: type[Model]) -> type[Model]:
        setattr(model, "version_policies", policies or {})  # noqa: B010
        for name in ("history", "blame", "revert"):
            if not hasattr(model, name):
                setattr(model, name, getattr(VersionedModel, name))
        if model._meta.apps is apps and model._meta.db_table not in tables:
            add_version_fields(model)
            register(model)
        return model

    return version if model is None else version(model)
