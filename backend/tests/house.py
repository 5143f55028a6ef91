"""A house under test: the production server as its own process, on a copy of the demo data."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError

from config.env import ROOT
from tests.postgres import copy_of_demo

sys.path.insert(0, str(ROOT / "scripts" / "lib"))
from server import server_command  # the very command that scripts/serve becomes

BACKEND = ROOT / "backend"
# scripts/test fills these before it starts pytest.
DEMO = ROOT / "var" / "test"
DIST = DEMO / "dist"  # feature: frontend
# scripts/test-services names a PostgreSQL; without, each house has its own SQLite file.
SERVER = os.environ.get("DATABASE_URL", "")


class House:
    """The running server. `url` is its origin; `folder` holds its database and uploads."""

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        shutil.copytree(DEMO, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("dist"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "DJANGO_SECRET_KEY": "a-key-for-the-house-under-test-and-for-nothing-else",
            "DJANGO_ALLOWED_HOSTS": "localhost",
            "CSRF_TRUSTED_ORIGINS": self.url,
            "CORS_ALLOWED_ORIGINS": self.url,  # feature: rest
            "SITE_URL": self.url,
            "VAR_DIR": str(folder),
            "FRONTEND_DIST": str(DIST),  # feature: frontend
            "DATABASE_URL": copy_of_demo(SERVER, DEMO) if SERVER else "",
            "CACHE_URL": "",
            # Many tests sign in from one address.
            "SIGN_IN_RATE": "1000/m",
            "SIGN_UP": "open",  # feature: accounts
            "EMAIL_URL": "",  # feature: mail
            **(settings or {}),
        }
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BACKEND,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                server_command(self.port),
                cwd=BACKEND,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5):
                    return
            except (URLError, OSError):
                alive = self.process is not None and self.process.poll() is None
                assert alive, self.log.read_text()
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.1)

    def stop(self) -> None:
        """As an operator does; the status says whether it ended well."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
            self.process = None

    def worker(self) -> int:
        """Process id of the worker that answers requests, as Granian's log tells it."""
        return int(re.findall(r"Spawning worker-1 with PID: (\d+)", self.log.read_text())[-1])
