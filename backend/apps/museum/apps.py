from django.apps import AppConfig


class MuseumConfig(AppConfig):
    name = "apps.museum"
    label = "museum"

    def ready(self) -> None:
        from apps.museum import (
            pages,  # noqa: F401 - connects its receivers
            personal_data,  # noqa: F401 - registers itself  # feature: accounts
            tasks,  # noqa: F401 - connects its receiver  # feature: jobs
        )
