from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "longhouse.metrics"

    def ready(self) -> None:
        from longhouse.metrics import checks  # noqa: F401 - they register themselves
