"""The demo data in PostgreSQL: exported from SQLite and imported once, then copied per house."""

import atexit
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

from config.env import ROOT

BACKEND = ROOT / "backend"
# Made anew by `migrate` in every database.
OF_EVERY_DATABASE = ("admin", "auth", "contenttypes", "sessions")
# A history is not a matter of single rows: `loaddata` would write another one.
UNDER_VERSION_CONTROL: list[str] = []
UNDER_VERSION_CONTROL += ["versioning"]  # feature: versioning
UNDER_VERSION_CONTROL += ["wiki"]  # feature: wiki


def copy_of_demo(server: str, demo: Path) -> str:
    """DATABASE_URL of a new database on `server` with the data of the SQLite house in `demo`."""
    return _create(server, template=_template(server, demo))


@cache
def _template(server: str, demo: Path) -> str:
    url = _create(server)
    with tempfile.NamedTemporaryFile(suffix=".json") as export:
        excluded = [f"--exclude={app}" for app in (*OF_EVERY_DATABASE, *UNDER_VERSION_CONTROL)]
        # --all: the deleted rows too
        _manage("", demo, "dumpdata", "--all", "--natural-foreign", *excluded, "-o", export.name)
        _manage(url, demo, "migrate", "--verbosity", "0")
        _manage(url, demo, "loaddata", "--verbosity", "0", export.name)
    return urlsplit(url).path[1:]


def _create(server: str, *, template: str = "template1") -> str:
    name = f"house_{uuid4().hex[:12]}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    atexit.register(_execute, server, f"DROP DATABASE {name} WITH (FORCE)")
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def _execute(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())


def _manage(url: str, demo: Path, *arguments: str) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": url,
        "VAR_DIR": str(demo),
    }
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=BACKEND, env=environment, check=True
    )
