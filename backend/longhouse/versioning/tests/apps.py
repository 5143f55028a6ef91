from django.apps import AppConfig


class VersioningTestsConfig(AppConfig):
    name = "longhouse.versioning.tests"
    label = "versioning_tests"
    default_auto_field = "django.db.models.BigAutoField"
