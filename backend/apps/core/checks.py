"""House rules that Django checks at start; each message says how to mend it."""

from typing import Any

from django.apps import apps
from django.core import checks
from django.db import models

from apps.core.soft_delete import SoftDeleteModel, soft_delete_models


@checks.register(checks.Tags.models)
def check_soft_delete(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for model in soft_delete_models():
        if model._meta.base_manager_name != "all_objects":
            found.append(
                checks.Error(
                    "The base manager must see deleted rows.",
                    hint="Let its Meta inherit from SoftDeleteModel.Meta.",
                    obj=model,
                    id="core.E001",
                )
            )
        unconditional = [
            field.name
            for field in model._meta.local_fields
            if field.unique and not field.primary_key
        ] + [
            rule.name
            for rule in model._meta.constraints
            if isinstance(rule, models.UniqueConstraint) and rule.condition is None
        ]
        found += [
            checks.Error(
                f"'{name}' is unique among deleted rows too.",
                hint="Use live_unique(...) in Meta.constraints instead.",
                obj=model,
                id="core.E002",
            )
            for name in unconditional
        ]
    plain = [model for model in apps.get_models() if not issubclass(model, SoftDeleteModel)]
    for child in plain:
        for field in child._meta.local_fields:
            target = field.related_model
            if (
                isinstance(field, models.ForeignKey)
                and isinstance(target, type)
                and issubclass(target, SoftDeleteModel)
                and field.remote_field.on_delete is models.CASCADE
            ):
                found.append(
                    checks.Error(
                        f"'{field.name}' cascades from {target._meta.label}, which is deleted "
                        "softly: these rows would stay visible.",
                        hint="Make this model a SoftDeleteModel, or use PROTECT or SET_NULL.",
                        obj=child,
                        id="core.E003",
                    )
                )
    return found
