from django.apps import AppConfig


class ContextConfig(AppConfig):
    name = "longhouse.context"
    label = "context"
    verbose_name = "Context"
