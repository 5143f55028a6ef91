from django.apps import AppConfig


class TestsConfig(AppConfig):
    name = "longhouse.documents.tests"
    label = "documents_tests"
