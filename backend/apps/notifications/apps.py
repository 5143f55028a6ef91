from django.apps import AppConfig


class NotificationsAPIConfig(AppConfig):
    name = "apps.notifications"
    label = "notifications_api"

    def ready(self) -> None:
        from apps.notifications import personal_data  # noqa: F401 - registers itself  # feature: accounts
