"""Django's postgresql engine, for versioned models."""

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations as DjangosOperations

from longhouse.versioning.compilers import LockingRows
from longhouse.versioning.operations import VersioningOperations, WithoutJit


class DatabaseOperations(VersioningOperations, DjangosOperations):
    compiler_of_main = LockingRows


class DatabaseWrapper(WithoutJit, base.DatabaseWrapper):
    ops_class = DatabaseOperations
