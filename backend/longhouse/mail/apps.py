from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "longhouse.mail"
    label = "mail"

    def ready(self) -> None:
        from longhouse.mail import checks  # noqa: F401 - registers itself
