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


# feature: museum
@pytest.mark.parametrize("name", ["Europe/Atlantis", "../etc/passwd", "/etc/passwd"])
def test_a_time_zone_that_is_none_is_told(bare: Path, name: str) -> None:
    refused = check(bare, DJANGO_SECRET_KEY="k" * 50, MUSEUM_TIME_ZONE=name)
    assert refused.returncode != 0
    assert f"MUSEUM_TIME_ZONE: there is no time zone '{name}'" in refused.stderr.splitlines()[-1]


# end feature: museum
def test_production_names_all_that_is_missing_at_once(bare: Path) -> None:
    production = {"DJANGO_SETTINGS_MODULE": "config.settings.production"}
    refused = check(bare, **production, CSRF_TRUSTED_ORIGINS=" ")
    assert refused.returncode != 0
    last = refused.stderr.splitlines()[-1]
    assert "DJANGO_SECRET_KEY, DJANGO_ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS" in last
    assert "CORS_ALLOWED_ORIGINS" in last  # feature: rest


PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "DJANGO_SECRET_KEY": "k" * 50,
    "DJANGO_ALLOWED_HOSTS": "www.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://www.example.org",
    "CORS_ALLOWED_ORIGINS": "https://www.example.org",  # feature: rest
}


@pytest.mark.parametrize("wanted", [False, True])
def test_https_binds_other_hosts_of_the_domain_only_when_asked_to(bare: Path, wanted: bool) -> None:
    names = ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    command = "from django.conf import settings as s; print(s.SECURE_HSTS_SECONDS > 0, "
    command += ", ".join(f"s.{name}" for name in names) + ")"
    printed = subprocess.run(
        [sys.executable, "-c", command],
        cwd=bare,
        env=PRODUCTION | (dict.fromkeys(names, "true") if wanted else {}),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed == f"True {wanted} {wanted}\n"


@pytest.mark.parametrize(
    ("origin", "cookies"),
    [
        ("https://www.example.org", "__Host-sessionid True __Host-csrftoken True"),
        ("http://localhost:8000", "sessionid False csrftoken False"),
    ],
)
def test_behind_https_cookies_belong_to_this_host_alone(
    bare: Path, origin: str, cookies: str
) -> None:
    names = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME")
    command = "from django.conf import settings as s; print("
    command += ", ".join(f"s.{name}" for name in (*names, "CSRF_COOKIE_SECURE")) + ")"
    printed = subprocess.run(
        [sys.executable, "-c", command],
        cwd=bare,
        env=PRODUCTION | {"CSRF_TRUSTED_ORIGINS": origin},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed == f"{cookies}\n"


# feature: accounts
def test_forms_may_lead_to_the_providers_that_are_set_up_and_nowhere_else(bare: Path) -> None:
    command = "from django.conf import settings as s; print(s.SECURE_CSP['form-action'][1:])"
    provider = {"OIDC_ISSUER": "https://id.example.org/realms/staff", "OIDC_CLIENT_ID": "x"}
    provider["OIDC_CLIENT_SECRET"] = "y"
    printed = [
        subprocess.run(
            [sys.executable, "-c", command],
            cwd=bare,
            env=PRODUCTION | extra,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for extra in ({}, provider)
    ]
    assert printed == ["[]\n", "['https://id.example.org']\n"]


# end feature: accounts
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
    assert engine.stdout.endswith(".backends.sqlite3\n")
