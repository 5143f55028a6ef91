from django.apps import AppConfig
from django.conf import settings


class MetricsConfig(AppConfig):
    name = "longhouse.metrics"

    def ready(self) -> None:
        from longhouse.metrics import checks, registry  # noqa: F401 - checks register themselves

        if settings.METRICS_TOKEN:
            registry.discover()
