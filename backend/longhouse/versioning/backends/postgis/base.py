"""Django's postgis engine, for versioned models."""

from django.contrib.gis.db.backends.postgis import base
from django.contrib.gis.db.backends.postgis.operations import PostGISOperations as DjangosOperations

from longhouse.versioning.compilers import LockingRows
from longhouse.versioning.operations import VersioningOperations, WithoutJit


class DatabaseOperations(VersioningOperations, DjangosOperations):
    compiler_of_main = LockingRows


class DatabaseWrapper(WithoutJit, base.DatabaseWrapper):
    ops_class = DatabaseOperations
