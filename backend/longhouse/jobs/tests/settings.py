"""Settings of the processes that the crash suite starts: the queue, and nothing around it."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone


def database(url: str) -> dict[str, Any]:
    """An entry of DATABASES, from sqlite:///path or postgres://user@host:port/name."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path[1:],
        "USER": parts.username,
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname,
        "PORT": parts.port,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 4}, "server_side_binding": True},
    }


OPTIONS: dict[str, Any] = {"lease": 2.0, "kill_after": 0.5}
TASKS = {
    "default": {
        "BACKEND": "longhouse.jobs.backend.JobsBackend",
        "QUEUES": ["default", "slow"],
        "OPTIONS": OPTIONS,
    }
}
SECRET_KEY = "of no value"
USE_TZ = True
BROKER_URL = os.environ.get("JOBS_TEST_BROKER", "")
INSTALLED_APPS = ["longhouse.jobs", "django_tasks"]
if os.environ.get("JOBS_TEST_SCHEDULED"):
    INSTALLED_APPS.append("longhouse.jobs.tests.scheduled")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {process} {levelname} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"longhouse.jobs": {"level": "INFO"}},
}
if url := os.environ.get("JOBS_TEST_DATABASE"):
    DATABASES = {"default": database(url)}

if clock := os.environ.get("JOBS_TEST_CLOCK"):
    # This machine's clock goes wrong by as many seconds as the file says.
    _right, _shift = timezone.now, Path(clock)

    def _wrong() -> datetime:
        return _right() + timedelta(seconds=float(_shift.read_text()))

    timezone.now = _wrong
