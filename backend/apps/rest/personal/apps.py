from django.apps import AppConfig


class PersonalTokensConfig(AppConfig):
    name = "apps.rest.personal"
    label = "personal_tokens"
