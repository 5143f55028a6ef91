"""What the settings modules refuse, asked of a process that has nothing but them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import ROOT


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout's backend without .env."""
    backend = tmp_path / "backend"
    for name in ("apps", "config", "longhouse"):
        shutil.copytree(
            ROOT / "backend" / name, backend / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "backend/manage.py", backend)
    return backend


def check(backend: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=backend,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_starts_without_a_secret_key(bare: Path) -> None:
    refused = check(bare)
    assert refused.returncode != 0
    last = refused.stderr.splitlines()[-1]
    assert "Set DJANGO_SECRET_KEY in the environment or in" in last
    assert str(bare.parent / ".env") in last
    assert check(bare, DJANGO_SECRET_KEY="k" * 50).returncode == 0


def test_production_names_all_that_is_missing_at_once(bare: Path) -> None:
    production = {"DJANGO_SETTINGS_MODULE": "config.settings.production"}
    refused = check(bare, **production, CSRF_TRUSTED_ORIGINS=" ")
    assert refused.returncode != 0
    last = refused.stderr.splitlines()[-1]
    assert "DJANGO_SECRET_KEY, DJANGO_ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS" in last
    assert "CORS_ALLOWED_ORIGINS" in last  # feature: rest


def test_a_password_alone_changes_no_database(bare: Path) -> None:
    (bare.parent / ".env").write_text(f"DJANGO_SECRET_KEY={'k' * 50}\nDB_PASSWORD=secret\n")
    command = "from django.conf import settings; print(settings.DATABASES['default']['ENGINE'])"
    engine = subprocess.run(
        [sys.executable, "-c", command],
        cwd=bare,
        env={"DJANGO_SETTINGS_MODULE": "config.settings.dev"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert engine.stdout == "django.db.backends.sqlite3\n"
