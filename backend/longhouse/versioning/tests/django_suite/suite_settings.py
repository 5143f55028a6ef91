"""Settings of Django's own tests: two databases, both with an engine of ours."""

import os
from typing import Any
from urllib.parse import urlsplit

SECRET_KEY = "of no value"
USE_TZ = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
TEST_RUNNER = "longhouse.versioning.tests.django_suite.runner.Runner"

url = urlsplit(os.environ.get("DATABASE_URL", ""))
DATABASES: dict[str, Any]
if url.scheme:
    server = {
        "ENGINE": "longhouse.versioning.backends.postgresql",
        "USER": url.username,
        "PASSWORD": url.password or "",
        "HOST": url.hostname,
        "PORT": url.port,
    }
    DATABASES = {
        "default": {**server, "NAME": "django_suite"},
        "other": {**server, "NAME": "django_suite_other"},
    }
else:
    engine = "longhouse.versioning.backends.sqlite3"
    DATABASES = {"default": {"ENGINE": engine}, "other": {"ENGINE": engine}}
