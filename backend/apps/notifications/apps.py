from django.apps import AppConfig


class NotificationsAPIConfig(AppConfig):
    name = "apps.notifications"
    label = "notifications_api"

    # feature: accounts
    def ready(self) -> None:
        from apps.notifications import personal_data  # noqa: F401 - registers itself

    # end feature: accounts
