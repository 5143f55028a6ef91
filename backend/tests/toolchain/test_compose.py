"""compose.yaml: one .env feeds Django and PostgreSQL, and both read the same out of it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.env import ROOT
from tests.toolchain.test_bootstrap import bootstrap

PODMAN_COMPOSE = Path(sys.executable).with_name("podman-compose")


@pytest.fixture
def composed(checkout: Path) -> Path:
    """A checkout with what compose.yaml and the settings need."""
    (checkout / "compose.yaml").symlink_to(ROOT / "compose.yaml")
    for name in ("config", "longhouse"):
        (checkout / "backend" / name).mkdir()
        for path in (ROOT / "backend" / name).rglob("*.py"):
            copy = checkout / "backend" / path.relative_to(ROOT / "backend")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    # podman-compose asks for the engine's version, whatever it is told to do.
    (checkout / "bin").mkdir()
    engine = checkout / "bin" / "podman"
    engine.write_text("#!/bin/sh\necho podman version 5.4.2\n")
    engine.chmod(0o755)
    return checkout


def compose(composed: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PODMAN_COMPOSE, "config"],
        cwd=composed,
        env={"PATH": f"{composed / 'bin'}:{os.defpath}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def services(composed: Path) -> dict[str, Any]:
    answer = compose(composed)
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Any] = yaml.safe_load(answer.stdout)["services"]
    return found


def database(composed: Path, settings: str, environment: dict[str, str]) -> dict[str, Any]:
    """What Django's settings make of `environment` and of .env."""
    code = (
        "import json; from django.conf import settings;"
        "print(json.dumps(settings.DATABASES['default'], default=str))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=composed / "backend",
        env=environment | {"DJANGO_SETTINGS_MODULE": f"config.settings.{settings}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def credentials(found: dict[str, Any]) -> tuple[str, str, str]:
    return found["NAME"], found["USER"], found["PASSWORD"]


def write_env(composed: Path, **values: str) -> None:
    (composed / ".env").write_text(
        "".join(f"{name}={value}\n" for name, value in {"DJANGO_SECRET_KEY": "k", **values}.items())
    )


def assert_all_agree(composed: Path) -> tuple[str, str, str]:
    """PostgreSQL's, the web container's and this machine's credentials; they must be one."""
    found = services(composed)
    given = found["db"]["environment"]
    postgres = (given["POSTGRES_DB"], given["POSTGRES_USER"], given["POSTGRES_PASSWORD"])
    web = database(composed, "production", found["web"]["environment"] | {"VAR_DIR": "var"})
    assert credentials(web) == postgres
    assert (web["HOST"], web["PORT"]) == ("db", "5432")
    here = database(composed, "dev", {"DB_NAME": postgres[0]})
    assert credentials(here) == postgres
    return postgres


def test_a_fresh_env_gives_all_of_them_the_same(composed: Path) -> None:
    assert bootstrap(composed, "--tools", "--offline").returncode == 0
    assert database(composed, "dev", {})["ENGINE"].endswith(".backends.sqlite3")
    name, user, password = assert_all_agree(composed)
    assert name == user != ""
    assert len(password) >= 50

    env = composed / ".env"
    env.write_text(env.read_text().replace("#DB_NAME=", "DB_NAME="))
    assert database(composed, "dev", {})["ENGINE"].endswith(".backends.postgresql")
    assert credentials(database(composed, "dev", {})) == (name, user, password)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("'a#b c\"d$e'", 'a#b c"d$e'),
        ("'$start #1'", "$start #1"),
        ("'  %40@/:?&=;  '", "  %40@/:?&=;  "),
        ('"two words"', "two words"),
        ("with#hash", "with#hash"),
        ("Zürich", "Zürich"),
    ],
)
def test_special_characters_arrive_everywhere(composed: Path, written: str, meant: str) -> None:
    write_env(composed, DB_NAME="shop", DB_USER="'the owner'", DB_PASSWORD=written)
    assert assert_all_agree(composed) == ("shop", "the owner", meant)


@pytest.mark.parametrize("values", [{}, {"DB_PASSWORD": ""}])
def test_without_a_password_nothing_starts(composed: Path, values: dict[str, str]) -> None:
    write_env(composed, **values)
    answer = compose(composed)
    assert answer.returncode != 0
    assert "Set DB_PASSWORD in .env" in answer.stderr + answer.stdout


def test_origins_follow_env_and_are_this_machine_by_default(composed: Path) -> None:
    write_env(composed, DB_PASSWORD="x", PORT="9000")
    web = services(composed)["web"]
    assert web["environment"]["CSRF_TRUSTED_ORIGINS"] == "http://localhost:9000"
    assert web["ports"] == ["127.0.0.1:9000:8000"]
    write_env(composed, DB_PASSWORD="x", CSRF_TRUSTED_ORIGINS="https://a.example.org")
    web = services(composed)["web"]
    assert web["environment"]["CSRF_TRUSTED_ORIGINS"] == "https://a.example.org"
    assert "CSRF_TRUSTED_ORIGINS=https://a.example.org" in web["build"]["args"]  # feature: spa


def test_nothing_is_reached_from_elsewhere(composed: Path) -> None:
    write_env(composed, DB_PASSWORD="x")
    ports = [port for service in services(composed).values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:5432:5432", "127.0.0.1:8000:8000"]
