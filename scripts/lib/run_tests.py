"""All tests on embedded defaults. With arguments: pytest alone, with these arguments."""

import json
import os
import secrets
import shutil
import sys

import browser
import build
from project import (
    BACKEND,
    FRONTEND,
    PYTHON,
    SOURCES,
    VAR,
    manage,
    migrate,
    node_environment,
    npm_run,
    run,
)

# The pages under test are built from demo data of their own, not from what a developer has.
STATE = VAR / "test"
DIST = STATE / "dist"
STAMP = STATE / "sources.json"


def test_environment() -> dict[str, str]:
    """Embedded defaults, whatever .env or the shell say about services and origins."""
    environment = dict(os.environ)
    for name in ("DATABASE_URL", "DB_NAME", "CACHE_URL", "SITE_URL", "CSRF_TRUSTED_ORIGINS"):
        environment[name] = ""  # an empty variable wins over .env and means the default
    return environment


def build_when_stale() -> None:
    """Build the front end unless the last build was made from the very same sources."""
    sources = {
        "backend": build.digest(*SOURCES),
        "front_end": build.digest(FRONTEND),
    }
    if STAMP.is_file() and json.loads(STAMP.read_text()) == sources:
        return
    print("Building the front end for the tests: its sources changed.", flush=True)
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
        "FRONTEND_DIST": str(DIST),
        "BUILD_VERSION": "test",
    }
    migrate(environment)
    if run(manage("load_demo", "--force"), environment=environment):
        raise SystemExit("manage.py load_demo failed: read the message above.")
    build.build(environment)
    STAMP.write_text(json.dumps(sources))


def browser_options(environment: dict[str, str]) -> tuple[list[str], str]:
    """pytest's options, and a warning when the browser tests are left out."""
    found = browser.find() or browser.install()
    if found:
        environment["CHROMIUM_PATH"] = found
        return [], ""
    if environment.get("REQUIRE_BROWSER") == "1":
        raise SystemExit(f"REQUIRE_BROWSER=1, and no Chromium was found. {browser.ADVICE}")
    return ["-m", "not browser"], (
        f"\n*** The browser tests did NOT run: no Chromium was found. {browser.ADVICE} ***"
    )


def main() -> int:
    arguments = sys.argv[1:]
    environment = test_environment()
    options, warning = browser_options(environment)
    build_when_stale()
    front_end = 0
    if not arguments:
        print("Front end (Vitest)", flush=True)
        front_end = run(npm_run("test"), cwd=FRONTEND, environment=node_environment())
        print("Back end (pytest)", flush=True)
    # Last, so that its summary is the last thing on the screen.
    pytest = [PYTHON, "-m", "pytest", *options, *arguments]
    back_end = run(pytest, cwd=BACKEND, environment=environment)
    if warning:
        print(warning)
    if front_end:
        print("\nThe front end's tests failed: their report stands above pytest's.")
    return front_end or back_end


if __name__ == "__main__":
    sys.exit(main())
