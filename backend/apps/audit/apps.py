from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "apps.audit"
    label = "audit"
    verbose_name = "Security events"

    def ready(self) -> None:
        from apps.audit import receivers  # noqa: F401 - they register themselves
