from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "apps.rest"
    label = "rest"

    def ready(self) -> None:
        from apps.rest import checks, receivers  # noqa: F401 - they register themselves
