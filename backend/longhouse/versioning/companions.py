"""Versioned tables and their companions.

Each versioned table has a companion, an ordinary model made here: `park` -> `park_v`. It holds

- for a branch, the rows that were created, changed or deleted there (`version_to` is INFINITY),
  and what they were before (`version_to` is the commit that changed them);
- for main (branch 0), the images of rows before a commit changed or deleted them.

A row of main that nobody has changed since is in no companion.
"""

import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from django.apps import apps
from django.apps.registry import Apps
from django.db import models
from django.db.backends.utils import names_digest
from django.db.models.signals import class_prepared

from longhouse.versioning.context import INFINITY
from longhouse.versioning.fields import RevField

IMAGE, CREATE, UPDATE, DELETE = range(4)  # `version_op`; IMAGE in main, the others in branches

INTEGERS: dict[type, Any] = {
    models.BigAutoField: models.BigIntegerField,
    models.SmallAutoField: models.SmallIntegerField,
    models.AutoField: models.IntegerField,  # the last: the others pass for one
}
# What a copy of a field has no use for.
DROPPED = (
    *("primary_key", "unique", "auto_now", "auto_now_add", "choices", "validators"),
    *("verbose_name", "help_text", "unique_for_date", "unique_for_month", "unique_for_year"),
    *("editable", "error_messages", "auto_created", "serialize", "parent_link"),
)


@dataclass(frozen=True)
class Unique:
    columns: tuple[str, ...]
    fields: tuple[str, ...]
    constraint: models.UniqueConstraint | None = None  # when it has a condition


class Versioned:
    """How one table is versioned. For models of today and for those of a migration's past."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        meta: Any = model._meta
        self.table: str = meta.db_table
        self.companion_table = companion_table(model)
        self.rev_field: Any = next(
            field for field in meta.local_concrete_fields if isinstance(field, RevField)
        )
        self.rev: Any = self.rev_field.column
        self.pk_field: Any = meta.pk
        self.pk: str = meta.pk.column
        self.fields: list[Any] = [
            field
            for field in meta.local_concrete_fields
            if not isinstance(field, RevField) and not field.generated
        ]
        # What is copied from table to table.
        self.columns: tuple[str, ...] = tuple(field.column for field in self.fields)
        self.values = [field for field in self.fields if field is not self.pk_field]
        generated = [field.column for field in meta.local_concrete_fields if field.generated]
        # What is read.
        self.all_columns = (*self.columns, *generated)

    @cached_property
    def companion(self) -> Any:
        """The companion as a model; of models of today only."""
        return self.model._meta.apps.get_model(
            self.model._meta.app_label, f"{self.model._meta.object_name}Version"
        )

    @cached_property
    def uniques(self) -> list[Unique]:
        """What must be unique among the rows that a reader sees, but for primary keys."""
        found = []
        meta: Any = self.model._meta
        for names, constraint in unique_sets(self.model):
            fields = [meta.get_field(name) for name in names]
            found.append(
                Unique(
                    tuple(field.column for field in fields),
                    tuple(names),
                    constraint if constraint is not None and constraint.condition else None,
                )
            )
        return found

    @property
    def is_set(self) -> bool:
        """Whether rows are the pairs of a ManyToManyField."""
        return bool(self.model._meta.auto_created)

    def __repr__(self) -> str:
        return f"<Versioned {self.table}>"


tables: dict[str, Versioned] = {}  # of the models of today, by the name of the table
_known: WeakKeyDictionary[type[models.Model], Versioned | None] = WeakKeyDictionary()


def versioned_table(name: str, registry: Apps) -> Versioned | None:
    """How a table is versioned: with today's columns or, in a migration, with those of then."""
    if registry is apps:
        return tables.get(name)
    # Looked up each time: migrations change their registry as they go.
    for model in registry.get_models(include_auto_created=True):
        if model._meta.db_table == name:
            return versioned_of(model)
    return None


def versioned_of(model: type[models.Model]) -> Versioned | None:
    """How the model's own table is versioned; None: it is not."""
    model = model._meta.concrete_model or model
    try:
        return _known[model]
    except KeyError:
        pass
    has_rev = any(isinstance(field, RevField) for field in model._meta.local_concrete_fields)
    found = _known[model] = Versioned(model) if has_rev else None
    return found


def lineage(model: type[models.Model]) -> list[Versioned]:
    """The tables that make up a model: its own, then those of its parents."""
    model = model._meta.concrete_model or model
    chain = [model, *model._meta.all_parents]
    return [found for one in chain if (found := versioned_of(one)) is not None]


def companion_table(model: type[models.Model]) -> str:
    return f"{model._meta.db_table}_v"


def register(model: type[models.Model]) -> None:
    """Make the companion of a model that has a RevField of its own."""
    _known.pop(model, None)
    versioned = versioned_of(model)
    assert versioned is not None  # noqa: S101
    tables[versioned.table] = versioned
    _make_companion(model, versioned)


def prepare_model(sender: type[models.Model], **_: Any) -> None:
    """When a subclass of VersionedModel is complete: version each table that it has of its own."""
    from longhouse.versioning.base import VersionedModel

    meta = sender._meta
    if (
        meta.apps is apps
        and issubclass(sender, VersionedModel)
        and not (meta.proxy or meta.swapped or meta.abstract)
    ):
        add_version_fields(sender)
        register(sender)


def add_version_fields(model: type[models.Model]) -> None:
    """A RevField for a table that has none: that of a child of another versioned model."""
    local: list[Any] = list(model._meta.local_concrete_fields)
    if any(isinstance(field, RevField) for field in local):
        return
    taken = {field.name for field in model._meta.fields}
    name = "rev" if "rev" not in taken else f"{model._meta.model_name}_rev"
    RevField().contribute_to_class(model, name)


class_prepared.connect(prepare_model, dispatch_uid="versioning")


def unique_sets(
    model: type[models.Model],
) -> list[tuple[tuple[str, ...], models.UniqueConstraint | None]]:
    """Names of local fields that are unique together, with the constraint that says so."""
    meta = model._meta
    local = {field.name for field in meta.local_concrete_fields}
    found: list[tuple[tuple[str, ...], models.UniqueConstraint | None]] = [
        ((field.name,), None)
        for field in meta.local_concrete_fields
        if field.unique and not field.primary_key
    ]
    found += [(tuple(names), None) for names in meta.unique_together if set(names) <= local]
    found += [
        (tuple(constraint.fields), constraint)
        for constraint in meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        and constraint.fields
        and set(constraint.fields) <= local
    ]
    return found


# Options by which a table is made in some databases only.
NEEDS = ("required_db_features", "required_db_vendor")


def _make_companion(model: type[models.Model], versioned: Versioned) -> None:
    from longhouse.versioning.base import Version

    meta = model._meta
    table = versioned.companion_table

    def name(*parts: str) -> str:
        # 30 characters are what an index may have.
        return f"version_{names_digest(table, *parts, length=8)}_{parts[0]}"[:30]

    current = models.Q(version_to=INFINITY)
    living = current & models.Q(version_op__lt=DELETE)
    key = versioned.pk_field.attname
    constraints: list[models.BaseConstraint] = [
        models.UniqueConstraint(
            fields=["version_branch", key], condition=current, name=name("current")
        )
    ]
    for names, constraint in unique_sets(model):
        condition = living
        options: dict[str, Any] = {}
        if constraint is not None:
            options = {"nulls_distinct": constraint.nulls_distinct}
            if constraint.condition is not None:
                condition = living & constraint.condition
        constraints.append(
            models.UniqueConstraint(
                fields=["version_branch", *names],
                condition=condition,
                name=name("unique", *names, constraint.name if constraint else ""),
                **options,
            )
        )
    constraints += [
        models.CheckConstraint(
            condition=models.Q(version_to__lt=INFINITY)
            | models.Q(version_op__in=(IMAGE, DELETE))
            | models.Q(constraint.condition),
            name=name("check", constraint.name),
        )
        for constraint in meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    ]
    attributes: dict[str, Any] = {
        "__module__": model.__module__,
        "__qualname__": f"{meta.object_name}Version",
        "pk": models.CompositePrimaryKey("version_branch", key, "version_to"),
        "Meta": type(
            "Meta",
            (),
            {
                "app_label": meta.app_label,
                "db_table": table,
                "managed": meta.managed,
                **{need: value for need in NEEDS if (value := getattr(meta, need))},
                "default_permissions": (),
                "constraints": constraints,
                "indexes": [
                    models.Index(
                        fields=["version_branch", "version_to", "version_from"],
                        condition=models.Q(version_to__lt=INFINITY),
                        name=name("past"),
                    ),
                    # Lists are in the order of these, in branches and in the past as well.
                    *(
                        models.Index(
                            fields=["version_branch", field.name], name=name("index", field.name)
                        )
                        for field in meta.local_concrete_fields
                        if _is_index(field)
                    ),
                ],
            },
        ),
    }
    for field in meta.local_concrete_fields:
        if not isinstance(field, RevField):
            attributes[field.name] = _copy(field, model)
    if "objects" in attributes:  # Django then asks for a manager of another name
        attributes["version_rows"] = models.Manager()
    companion = type(f"{meta.object_name}Version", (Version,), attributes)
    setattr(sys.modules[model.__module__], companion.__name__, companion)


def _is_index(field: Any) -> bool:
    """Whether the field was given an index that lists are in the order of, or that finds rows."""
    return field.db_index and not (field.is_relation or isinstance(field, RevField))


def _copy(field: Any, model: type[models.Model]) -> Any:
    """The field without what binds it to its own table: keys, constraints, indexes."""
    if field.is_relation:
        # Not deconstructed: that asks for models which are not there yet.
        target = field.remote_field.model
        if target == "self":
            target = model
        elif isinstance(target, str) and "." not in target:
            target = f"{model._meta.app_label}.{target}"
        return models.ForeignKey(
            target,
            models.DO_NOTHING,
            related_name="+",
            db_constraint=False,
            db_index=False,
            null=field.null,
            default=field.default,
            db_column=field.db_column,
            to_field=field.to_fields[0],
        )
    _, _, args, kwargs = field.deconstruct()
    for option in DROPPED:
        kwargs.pop(option, None)
    kind = type(field)
    for auto, plain in INTEGERS.items():
        if isinstance(field, auto):
            kind = plain
            break
    copy = kind(*args, **kwargs)
    copy.db_index = False  # also where it is the default, as of a SlugField
    return copy
