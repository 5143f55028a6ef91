"""Settings of the servers that the tests start."""

import os

from longhouse.realtime.tests.settings import *  # noqa: F403 - settings build on settings

INSTALLED_APPS = [*INSTALLED_APPS, "longhouse.documents", "longhouse.documents.tests"]  # noqa: F405
DOCUMENTS_COMPACT_AT = int(os.environ.get("TEST_COMPACT_AT", "100"))
DOCUMENTS_RATE = float(os.environ.get("TEST_RATE", "10000"))
DOCUMENTS_BURST = int(os.environ.get("TEST_BURST", "10000"))
