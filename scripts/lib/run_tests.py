"""All tests on embedded defaults. With arguments: pytest alone, with these arguments."""

import json
import os
import secrets
import shutil
import sys

import browser  # feature: frontend
import build
from project import (
    BACKEND,
    FRONTEND,  # feature: frontend
    PYTHON,
    SOURCES,
    VAR,
    manage,
    migrate,
    node_environment,  # feature: spa
    npm_run,  # feature: spa
    run,
)

# The server under test has demo data of its own, not what a developer has.
STATE = VAR / "test"
DIST = STATE / "dist"  # feature: frontend
STAMP = STATE / "sources.json"
# Many tests wait for processes that they start and kill: two at once take little more than one.
TWO_AT_ONCE = ["--numprocesses", "2", "--dist", "worksteal"]


def test_environment() -> dict[str, str]:
    """Embedded defaults, whatever .env or the shell say about services and origins."""
    environment = dict(os.environ)
    for name in ("DATABASE_URL", "DB_NAME", "CACHE_URL", "SITE_URL", "CSRF_TRUSTED_ORIGINS"):
        environment[name] = ""  # an empty variable wins over .env and means the default
    environment["BROKER_URL"] = ""  # feature: jobs
    return environment


def build_when_stale() -> None:
    """Prepare what the tests serve, unless the last time the sources were the very same."""
    sources = {
        "backend": build.digest(*SOURCES),
        "front_end": build.digest(FRONTEND),  # feature: frontend
    }
    if STAMP.is_file() and json.loads(STAMP.read_text()) == sources:
        return
    print("Building what the tests serve: its sources changed.", flush=True)
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.mkdir(parents=True)
    environment = test_environment() | {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
        "DJANGO_ALLOWED_HOSTS": "localhost",
        "CSRF_TRUSTED_ORIGINS": build.LOCAL_ORIGIN,
        "CORS_ALLOWED_ORIGINS": build.LOCAL_ORIGIN,  # feature: rest
        "SITE_URL": build.LOCAL_ORIGIN,
        "VAR_DIR": str(STATE),
        "FRONTEND_DIST": str(DIST),  # feature: frontend
        "BUILD_VERSION": "test",  # feature: spa
    }
    migrate(environment)
    if run(manage("load_demo", "--force"), environment=environment):
        raise SystemExit("manage.py load_demo failed: read the message above.")
    build.build(environment)
    STAMP.write_text(json.dumps(sources))


def main() -> int:
    arguments = sys.argv[1:]
    environment = test_environment()
    command = [PYTHON, "-m", "pytest", *(arguments or TWO_AT_ONCE)]
    command += browser.pytest_options(environment)  # feature: frontend
    build_when_stale()
    # feature: spa
    if not arguments:
        print("Front end (Vitest)", flush=True)
        if status := run(npm_run("test"), cwd=FRONTEND, environment=node_environment()):
            return status
        print("Back end (pytest)", flush=True)
    # end feature: spa
    # Last, so that its summary is the last thing on the screen.
    return run(command, cwd=BACKEND, environment=environment)


if __name__ == "__main__":
    sys.exit(main())
