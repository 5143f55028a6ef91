from django.apps import AppConfig


class CoreTestsConfig(AppConfig):
    """Tables that only tests use, so that no test of the foundation needs a product's models."""

    name = "apps.core.tests"
    label = "core_tests"
