from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "apps.operations"
    label = "operations"

    # feature: accounts
    def ready(self) -> None:
        from apps.operations import personal_data  # noqa: F401 - registers itself

    # end feature: accounts
