from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "longhouse.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from longhouse.jobs import checks  # noqa: F401 - registers itself
