from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules  # feature: spa


class FrontDoorConfig(AppConfig):
    name = "longhouse.frontdoor"
    label = "frontdoor"
    verbose_name = "Front door"

    # feature: spa
    def ready(self) -> None:
        from longhouse.frontdoor import checks  # noqa: F401 - registers itself

        autodiscover_modules("heads")

    # end feature: spa
