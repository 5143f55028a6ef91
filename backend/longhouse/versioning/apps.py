from django.apps import AppConfig


class VersioningConfig(AppConfig):
    name = "longhouse.versioning"
    label = "versioning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from longhouse.versioning import branches, checks  # noqa: F401 - register themselves
