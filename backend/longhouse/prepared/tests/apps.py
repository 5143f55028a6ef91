from django.apps import AppConfig


class PreparedTestsConfig(AppConfig):
    name = "longhouse.prepared.tests"
    label = "prepared_tests"
    default_auto_field = "django.db.models.BigAutoField"
