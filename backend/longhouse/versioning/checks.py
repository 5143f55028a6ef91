"""System checks: what cannot work, and how it would."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.db.models import (
    CheckConstraint,
    ForeignKey,
    GeneratedField,
    UniqueConstraint,
)

from longhouse.versioning.base import Version
from longhouse.versioning.companions import Versioned, tables
from longhouse.versioning.operations import VersioningOperations

COLUMNS = {field.column for field in Version._meta.local_fields}


@register(Tags.models)
def check_models(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Of all apps: one model's mistake may lie in another's app."""
    found = [message for versioned in tables.values() for message in _check(versioned)]
    versioned_models = {versioned.model for versioned in tables.values()}
    for model in apps.get_models(include_auto_created=True):
        if model in versioned_models or issubclass(model, Version) or model._meta.proxy:
            continue
        field: Any
        for field in model._meta.local_fields:
            target = field.remote_field and field.remote_field.model
            if not (isinstance(field, ForeignKey) and target in versioned_models):
                continue
            if model._meta.auto_created:
                owner: Any = model._meta.auto_created
                found.append(
                    Error(
                        f"{owner.__name__} has a ManyToManyField with the versioned model"
                        f" {target.__name__}, and its pairs are not versioned.",
                        hint="Use longhouse.versioning.models.ManyToManyField, or a `through`"
                        " model that is versioned.",
                        obj=owner,
                        id="versioning.E002",
                    )
                )
                break
            if getattr(field, "db_constraint", True):
                found.append(
                    Error(
                        f"{model.__name__}.{field.name} points to the versioned model"
                        f" {target.__name__}, but {model.__name__} is not versioned: it cannot"
                        " point to rows of a branch, and a merge cannot delete what it points to.",
                        hint=f"Make {model.__name__} a VersionedModel, or give the field"
                        " db_constraint=False and expect that its row may be missing.",
                        obj=field,
                        id="versioning.E001",
                    )
                )
    return found


@register(Tags.database)
def check_engines(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Of the databases that are asked for."""
    if not tables:
        return []
    return [
        Error(
            f"The database {alias!r} has an engine that knows nothing of versioned models.",
            hint="Set its ENGINE to longhouse.versioning.backends.sqlite3, .postgresql or"
            f" .postgis instead of {settings.DATABASES[alias]['ENGINE']}, or keep versioned models"
            " out of it by a router.",
            id="versioning.E006",
        )
        for alias in databases or ()
        if not isinstance(connections[alias].ops, VersioningOperations)
        and any(_is_allowed(alias, versioned) for versioned in tables.values())
    ]


def _is_allowed(alias: str, versioned: Versioned) -> bool:
    from django.db import router

    return bool(router.allow_migrate_model(alias, versioned.model))


def _check(versioned: Versioned) -> list[CheckMessage]:
    model, meta = versioned.model, versioned.model._meta
    found: list[CheckMessage] = []
    for field in meta.local_concrete_fields:
        if field.column in COLUMNS:
            found.append(
                Error(
                    f"The column {field.column} is one of those that versioning adds.",
                    hint="Give the field another name or db_column.",
                    obj=field,
                    id="versioning.E003",
                )
            )
        if isinstance(field, GeneratedField) and field.primary_key:
            found.append(
                Error("A generated primary key cannot be versioned.", obj=field,
                      hint="Use a UUIDField or an AutoField.", id="versioning.E004")
            )  # fmt: skip
    if len(meta.pk_fields) != 1:
        found.append(
            Error(
                "A composite primary key cannot be versioned.",
                hint="Use a UUIDField or an AutoField, and a UniqueConstraint for the fields.",
                obj=model,
                id="versioning.E005",
            )
        )
    found += [
        Warning(
            f"The constraint {constraint.name} is not checked in branches, only when they are"
            " merged.",
            hint="Prefer a UniqueConstraint with `fields`; or silence this.",
            obj=model,
            id="versioning.W001",
        )
        for constraint in meta.constraints
        if not isinstance(constraint, CheckConstraint)
        and not (isinstance(constraint, UniqueConstraint) and constraint.fields)
    ]
    policies = getattr(model, "version_policies", {})
    names = {field.name for field in meta.fields}
    found += [
        Error(
            f"version_policies names {name!r}, which is no field with a column.",
            hint=f"Name one of {', '.join(sorted(names))}.",
            obj=model,
            id="versioning.E007",
        )
        for name in policies
        if name not in names
    ]
    return found
