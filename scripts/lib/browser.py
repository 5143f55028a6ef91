"""Finds a Chromium for the browser tests, or gets one."""

import atexit
import os
import shutil
import subprocess
from pathlib import Path

from project import PYTHON

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ADVICE = (
    "Install Chromium (Debian: apt install chromium; macOS: brew install --cask chromium) or run "
    "backend/.venv/bin/python -m playwright install chromium, or name one in CHROMIUM_PATH."
)


def find() -> str | None:
    """CHROMIUM_PATH, a browser on PATH or in /Applications, or Playwright's own; no network."""
    named = os.environ.get("CHROMIUM_PATH")
    if named:
        if not os.access(named, os.X_OK):
            raise SystemExit(f"CHROMIUM_PATH={named} is not a program.")
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for candidate in (*APPLICATIONS, playwrights_own()):
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    return None


def playwrights_own() -> str:
    """Where Playwright keeps its Chromium, whether or not it is there."""
    code = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    found = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
    return found.stdout.strip()


def install() -> str | None:
    """Download Playwright's Chromium; as root on Debian, the distribution's."""
    print("No Chromium found: trying to install one for the browser tests.", flush=True)
    attempts = [[PYTHON, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        attempts.insert(0, ["apt-get", "install", "-y", "--no-install-recommends", "chromium"])
        subprocess.run(["apt-get", "update"], env=environment, check=False, capture_output=True)
    else:
        environment = dict(os.environ)
    for command in attempts:
        try:
            done = subprocess.run(
                command, env=environment, check=False, capture_output=True, text=True, timeout=600
            )
        except subprocess.TimeoutExpired:
            continue
        if done.returncode == 0 and (found := find()) and Path(found).exists():
            return found
    return None


def pytest_options(environment: dict[str, str]) -> list[str]:
    """Options for pytest; without a browser its tests are left out, which the last line says."""
    found = find() or install()
    if found:
        environment["CHROMIUM_PATH"] = found
        return []
    if environment.get("REQUIRE_BROWSER") == "1":
        raise SystemExit(f"REQUIRE_BROWSER=1, and no Chromium was found. {ADVICE}")
    warning = f"\n*** The browser tests did NOT run: no Chromium was found. {ADVICE} ***"
    atexit.register(print, warning)
    return ["-m", "not browser"]
