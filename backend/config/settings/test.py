"""Tests: as development, without debug pages; every file in a temporary place."""

import tempfile
from pathlib import Path

from config.settings.base import *
from config.settings.base import DATABASES, INSTALLED_APPS

DEBUG = False
SECRET_KEY = "test-key-of-no-value-that-is-long-enough-for-every-check"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Tables for tests of the foundation.
INSTALLED_APPS = [
    *INSTALLED_APPS,
    "apps.core.tests",
    "longhouse.prepared.tests",  # feature: prepared
    "longhouse.versioning.tests",  # feature: versioning
]

SIGN_UP = "open"  # feature: accounts
REPORT_RATE = "10/h"  # feature: museum
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DATABASES = {"default": DATABASES["default"]}
if DATABASES["default"]["ENGINE"].endswith(".sqlite3"):
    # pytest-django gives every process a database by a name; of engines like ours it must be told.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
DATABASE_ROUTERS = []
_media = tempfile.TemporaryDirectory(prefix="longhouse-media-", ignore_cleanup_errors=True)
MEDIA_ROOT = Path(_media.name)
PRIVATE_ROOT = MEDIA_ROOT / "private"  # feature: museum
# feature: wiki
# Tests of versioning write to main; those of the wiki protect it.
WIKI_IS_PROTECTED = False
# end feature: wiki
