"""Django's sqlite3 engine, for versioned models."""

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.operations import DatabaseOperations as DjangosOperations

from longhouse.versioning.operations import VersioningOperations


class DatabaseOperations(VersioningOperations, DjangosOperations):
    pass


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
