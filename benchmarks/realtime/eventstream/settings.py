"""What its documentation asks for: events stored in the database, and passed on through Redis."""

import os
from urllib.parse import urlsplit

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "routes"
USE_TZ = True
INSTALLED_APPS = [
    "django_eventstream",
    "django.contrib.auth",
    "django.contrib.contenttypes",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": urlsplit(os.environ["DATABASE_URL"]).path[1:],
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
EVENTSTREAM_STORAGE_CLASS = "django_eventstream.storage.DjangoModelStorage"
redis = urlsplit(os.environ["BENCH_REDIS"])
EVENTSTREAM_REDIS = {"host": redis.hostname, "port": redis.port, "db": 1}
