"""A stored file goes with its row: when that is removed for good, not when marked deleted."""

from functools import partial
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models.signals import post_delete

from apps.core.models import BaseModel


def connect() -> None:
    """Watch every model of the house that has files."""
    for model in apps.get_models():
        if issubclass(model, BaseModel) and _file_fields(model):
            post_delete.connect(
                _remove_files, sender=model, dispatch_uid=f"files-{model._meta.label}"
            )


def _remove_files(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    for field in _file_fields(sender):
        file = getattr(instance, field.name)
        if file:
            # Only once the row is really gone: a rollback must find its file again.
            transaction.on_commit(partial(file.storage.delete, file.name))


def _file_fields(model: type[models.Model]) -> list[models.FileField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, models.FileField)]
