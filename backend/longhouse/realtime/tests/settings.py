"""Settings of the servers that the tests start; TEST_HOME is theirs."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HOME = Path(os.environ["TEST_HOME"])
SECRET_KEY = "of no value"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = ["https://trusted.example"]
ROOT_URLCONF = "longhouse.realtime.tests.urls"
INSTALLED_APPS = [
    "longhouse.realtime",
    "longhouse.realtime.tests",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
url = urlsplit(os.environ.get("TEST_DATABASE", ""))
DATABASES: dict[str, Any]
if url.scheme:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path[1:],
            "USER": url.username,
            "PASSWORD": url.password or "",
            "HOST": url.hostname,
            "PORT": url.port,
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}},
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "db.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            },
        }
    }
USE_TZ = True
# Of Django Channels, which only channels_server.py uses.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [os.environ["TEST_REALTIME_URL"]]},
    }
}
STATIC_URL = "/static/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REALTIME_URL = os.environ.get("TEST_REALTIME_URL", "db://")
REALTIME_HEARTBEAT = float(os.environ.get("TEST_HEARTBEAT", "15"))
REALTIME_MAX_PER_PERSON = int(os.environ.get("TEST_MAX_PER_PERSON", "6000"))
REALTIME_MAX_CONNECTIONS = int(os.environ.get("TEST_MAX_CONNECTIONS", "10000"))
REALTIME_PRESENCE_AGE = float(os.environ.get("TEST_PRESENCE_AGE", "60"))
