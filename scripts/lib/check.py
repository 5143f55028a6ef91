"""All that must hold before a commit, one step after the other; a summary says what failed."""

import argparse
import os
import secrets
import sys
import time
from pathlib import Path

from project import (
    BACKEND,
    FRONTEND,  # feature: frontend
    PYTHON,
    ROOT,
    manage,
    node_environment,  # feature: frontend
    npm_run,  # feature: pages|spa
    run,
)

# What a real site would set: the deployment check must find nothing to say about it.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
    "DJANGO_ALLOWED_HOSTS": "www.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://www.example.org",
    "CORS_ALLOWED_ORIGINS": "https://app.example.org",  # feature: rest
    "JWT_SIGNING_KEY": "",  # feature: rest
    "SITE_URL": "https://www.example.org",
    "EMAIL_URL": "smtp://mail.example.org",  # feature: mail
    "DATABASE_URL": "",
    "DB_NAME": "",
    "CACHE_URL": "",
}


LIB = ROOT / "scripts" / "lib"
SCRIPTS = sorted(str(path.relative_to(LIB)) for path in LIB.rglob("*.py"))


# feature: benchmarks
# The applications below them import what only their own environments have.
BENCHMARKS = ["--strict", "--config-file=", "--explicit-package-bases", "--follow-imports=silent"]
BENCHMARKS += sorted(str(path) for path in (ROOT / "benchmarks").glob("*/*.py"))
# end feature: benchmarks


def script(name: str, *arguments: str) -> list[str]:
    return [str(ROOT / "scripts" / name), *arguments]


def steps(fast: bool) -> list[tuple[str, list[str], Path, dict[str, str]]]:
    """Title, command, folder, additional environment."""
    found: list[tuple[str, list[str], Path, dict[str, str]]] = [
        ("Lint", script("lint"), ROOT, {}),
        ("Features and marks", script("features", "--check"), ROOT, {}),  # feature: template
        ("Types: back end", [PYTHON, "-m", "mypy"], BACKEND, {}),
        ("Types: scripts", [PYTHON, "-m", "mypy", "--strict", "--config-file=", *SCRIPTS], LIB, {}),
        # feature: benchmarks
        (
            "Types: benchmarks",
            [PYTHON, "-m", "mypy", *BENCHMARKS],
            ROOT,
            {"MYPYPATH": f"{LIB}:{BACKEND}:{ROOT}"},
        ),
        # end feature: benchmarks
        ("Types: front end", npm_run("check"), FRONTEND, {}),  # feature: spa
        ("Types: pages", npm_run("check:pages"), FRONTEND, {}),  # feature: pages
        ("Missing migrations", manage("makemigrations", "--check", "--dry-run"), BACKEND, {}),
        (
            "Production settings",
            manage("check", "--deploy", "--fail-level", "WARNING"),
            BACKEND,
            PRODUCTION,
        ),
        ("API contract and client", script("api", "--check"), ROOT, {}),  # feature: spa
        # feature: frontend
        ("Django's own pages", script("theme", "--check"), ROOT, {}),  # feature: accounts
        # end feature: frontend
        ("Context files", manage("context", "--check"), BACKEND, {}),  # feature: context
    ]
    if not fast:
        found.append(("Tests", script("test"), ROOT, {}))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/check", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="leave out the tests")
    fast = parser.parse_args().fast
    results = []
    for title, command, cwd, extra in steps(fast):
        print(f"\n── {title}", flush=True)
        started = time.monotonic()
        environment = os.environ | extra
        environment = node_environment(environment)  # feature: frontend
        status = run(command, cwd=cwd, environment=environment)
        results.append((title, status, time.monotonic() - started))
    print("\n── Summary")
    for title, status, seconds in results:
        print(f"  {title:<28}{'FAILED' if status else 'ok':<8}{seconds:>7.1f} s")
    return 1 if any(status for _, status, _ in results) else 0


if __name__ == "__main__":
    sys.exit(main())
