from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RealtimeConfig(AppConfig):
    name = "longhouse.realtime"
    label = "realtime"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from longhouse.realtime import checks  # noqa: F401 - registers itself

        # Apps register their topics and channels in realtime.py.
        autodiscover_modules("realtime")
