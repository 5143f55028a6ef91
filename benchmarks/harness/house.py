"""Our own server under measurement: started as scripts/serve starts it, on settings of our own."""

import sys
from pathlib import Path

import server
from project import BACKEND, PYTHON

from benchmarks.harness.environments import python_versions
from benchmarks.harness.results import PeerFacts
from benchmarks.harness.servers import Program

SECRET = "a-key-for-benchmarks-alone-of-no-value-anywhere-else"  # noqa: S105 - it protects nothing
ENTRY = "config.asgi:application"
ORIGIN = "http://127.0.0.1"


def versions() -> dict[str, str]:
    return python_versions(sys.executable, ("django", "django-ninja", "granian"))


def facts(title: str) -> PeerFacts:
    return PeerFacts(title, ours=True, versions=versions())


def environment(project: Path, state: Path, **more: str) -> dict[str, str]:
    """What production settings ask for; `project` holds settings.py, `state` all that is written.

    Empty variables win over .env and mean the default.
    """
    return {
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": f"{project}:{BACKEND}",
        "DJANGO_SECRET_KEY": SECRET,
        "DJANGO_ALLOWED_HOSTS": "127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": ORIGIN,
        "CORS_ALLOWED_ORIGINS": ORIGIN,
        "SITE_URL": ORIGIN,
        "VAR_DIR": str(state),
        "STATIC_ROOT": "",
        "FRONTEND_DIST": str(state / "dist"),
        "DATABASE_URL": "",
        "DB_NAME": "",
        "CACHE_URL": "",
        **more,
    }


def program(project: Path, environment: dict[str, str], ready: str, entry: str = ENTRY) -> Program:
    """The production server; `entry` in the place of the house's own application."""

    def command(port: int) -> list[str]:
        ours = {ENTRY: entry, PYTHON: sys.executable}
        return [ours.get(word, word) for word in server.server_command(port)]

    return Program(command, project, environment, ready)
