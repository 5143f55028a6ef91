"""Providers of OpenID Connect that run as processes of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

from config.env import ROOT

HERE = Path(__file__).parent


def commands() -> dict[str, list[str]]:
    """The providers that can be started here."""
    return {
        "allauth": [sys.executable, str(HERE / "allauth_provider.py")],
        **npm_provider(),  # feature: spa
    }


# feature: spa
def npm_provider() -> dict[str, list[str]]:
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    return {"npm": [node, str(HERE / "npm_provider.mjs"), str(ROOT / "frontend")]} if node else {}


# end feature: spa
@contextmanager
def running(name: str, *, callback: str) -> Iterator[str]:
    """Start a provider that sends people back to `callback`; yields its issuer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with subprocess.Popen(
        [*commands()[name], port, callback],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        try:
            lines = list(takewhile(lambda line: line != "ready\n", process.stdout))
            assert process.poll() is None, "".join(lines)
            yield f"http://localhost:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # node is a child of its own launcher
