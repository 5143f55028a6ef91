from django.apps import AppConfig


class MuseumConfig(AppConfig):
    name = "apps.museum"
    label = "museum"
