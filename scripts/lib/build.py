"""Builds what the production server serves, with a compressed twin of every file."""

import hashlib
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from project import (
    BACKEND,
    FRONTEND,  # feature: pages|spa
    ROOT,
    manage,
    node_environment,  # feature: pages|spa
    node_tool,  # feature: pages|spa
    read_env_file,
    run,
)

GENERATED = {"__pycache__", "tests"}
GENERATED |= {"node_modules", "dist"}  # feature: frontend
GENERATED |= {".svelte-kit"}  # feature: spa
PAGES = "vite.pages.config.ts"  # feature: pages
LOCAL_ORIGIN = "http://localhost:8000"


def production_environment(port: int = 8000) -> dict[str, str]:
    """`.env` and the environment, completed for a visit from this machine on `port`."""
    configured = {name: value for name, value in read_env_file().items() if value}
    environment = {**configured, **{name: value for name, value in os.environ.items() if value}}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings.production"
    supplied = {
        "DJANGO_ALLOWED_HOSTS": "localhost,127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": f"http://localhost:{port},http://127.0.0.1:{port}",
        "CORS_ALLOWED_ORIGINS": f"http://localhost:{port}",  # feature: rest
    }
    for name, value in supplied.items():
        if name not in environment:
            environment[name] = value
            print(f"{name} is not set: using {value}, for this machine alone.")
    environment.setdefault("SITE_URL", environment["CSRF_TRUSTED_ORIGINS"].split(",")[0])
    environment.setdefault("BUILD_VERSION", commit())  # feature: spa
    return environment


# feature: spa
def commit() -> str:
    """The commit that is checked out; "dev" outside a repository or without git."""
    if not shutil.which("git"):
        return "dev"
    found = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or "dev"


# end feature: spa


def build(environment: Mapping[str, str]) -> None:
    """Everything, in order; SystemExit names the step that failed."""
    export_snapshot(environment)  # feature: spa
    build_front_end(environment)  # feature: spa
    build_pages(environment)  # feature: pages
    collect_static(environment)


# feature: spa
def export_snapshot(environment: Mapping[str, str]) -> None:
    step("Export the data of the public pages", manage("export_snapshot"), BACKEND, environment)


def build_front_end(environment: Mapping[str, str]) -> None:
    command = node_tool("vite/bin/vite.js", "build", "--logLevel", "warn")
    step("Build the front end", command, FRONTEND, node_environment(environment))


# end feature: spa
# feature: pages
def build_pages(environment: Mapping[str, str]) -> None:
    command = node_tool("vite/bin/vite.js", "build", "--config", PAGES, "--logLevel", "warn")
    step("Build scripts and sheets of pages", command, FRONTEND, node_environment(environment))


# end feature: pages


def collect_static(environment: Mapping[str, str]) -> None:
    collect = manage("collectstatic", "--no-input", "--verbosity", "0")
    step("Collect static files", collect, BACKEND, environment)
    step("Compress them", manage("precompress"), BACKEND, environment)


def step(title: str, command: list[str], cwd: Path, environment: Mapping[str, str]) -> None:
    started = time.monotonic()
    status = run(command, cwd=cwd, environment=environment)
    if status:
        raise SystemExit(f"{title}: failed with status {status}.")
    print(f"  {title:<58}{time.monotonic() - started:>6.1f} s", flush=True)


def digest(*folders: Path, extra: str = "") -> str:
    """One checksum over the names and contents of all files, generated ones left out."""
    total = hashlib.sha256(extra.encode())
    for folder in folders:
        for path in sorted(sources(folder)):
            total.update(str(path.relative_to(ROOT)).encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and path.name not in GENERATED:
            yield from sources(path)
        elif path.is_file():
            yield path


def main() -> None:
    environment = production_environment()
    # Building serves nobody: it needs no real key.
    environment.setdefault("DJANGO_SECRET_KEY", secrets.token_urlsafe(50))
    build(environment)
    # feature: spa
    site = Path(environment.get("FRONTEND_DIST") or FRONTEND / "dist") / "site"
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    pages = sum(1 for _ in site.rglob("*.html"))
    print(f"  {pages} pages, {size / 1e6:.1f} MB with compressed twins, in {site}")
    # end feature: spa


if __name__ == "__main__":
    main()
