from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "longhouse.mail"
    label = "mail"
