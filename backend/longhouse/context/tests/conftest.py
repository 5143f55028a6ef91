"""Copies of the project, to change and to describe by the real command."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
SOURCES = (".env.example", "Makefile", "README.md", "backend", "frontend", "scripts")
LEFT_OUT = [".*cache", ".venv", "__pycache__", "staticfiles"]
LEFT_OUT += [".svelte-kit", "dist", "node_modules"]  # feature: spa


class Copy:
    """Our sources in another place; `context/` holds `files`."""

    def __init__(self, root: Path, files: Mapping[str, bytes]) -> None:
        self.root = root
        self.backend = root / "backend"
        root.mkdir(parents=True)
        for name in SOURCES:
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns(*LEFT_OUT)
                shutil.copytree(ROOT / name, root / name, ignore=ignored)
            elif (ROOT / name).is_file():
                shutil.copy(ROOT / name, root)
        for name, content in files.items():
            path = root / "context" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def context(
        self, option: str, environment: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """`manage.py context`, with development settings unless `environment` names others."""
        development = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DJANGO_SECRET_KEY": "of-a-copy-of-the-project-and-of-no-value-anywhere-else",
        }
        return subprocess.run(
            [sys.executable, self.backend / "manage.py", "context", option],
            cwd=cwd or self.backend,
            env=development | dict(environment or {}),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def files(self) -> dict[str, bytes]:
        folder = self.root / "context"
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.backend / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))


@pytest.fixture(scope="session")
def described(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the project as it is says of itself: the files by their path."""
    copy = Copy(tmp_path_factory.mktemp("described") / "house", {})
    done = copy.context("--write")
    assert done.returncode == 0, done.stderr
    return copy.files()


@pytest.fixture
def copy(tmp_path: Path, described: dict[str, bytes]) -> Copy:
    return Copy(tmp_path / "a copy", described)
