from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import pre_migrate


class VersioningConfig(AppConfig):
    name = "longhouse.versioning"
    label = "versioning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from longhouse.versioning import branches, checks  # noqa: F401 - register themselves

        # Before any migration that writes, and for tables that are made without migrations.
        pre_migrate.connect(_install, sender=self)


def _install(using: str, **_: Any) -> None:
    from longhouse.versioning.functions import install

    install(connections[using])
