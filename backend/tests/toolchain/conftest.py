"""A checkout of this project to try scripts in."""

import shutil
from pathlib import Path

import pytest

from config.env import ROOT

BACKEND = ROOT / "backend"
FRONTEND = ROOT / "frontend"  # feature: spa


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout, at a path with a space, that shares our installed packages."""
    if not (BACKEND / ".venv/.synced").is_file():
        pytest.skip("Run scripts/bootstrap first: the packages were installed by other means.")
    root = tmp_path / "a house"
    shutil.copytree(ROOT / "scripts", root / "scripts")
    shutil.copy(ROOT / ".env.example", root)
    (root / "backend").mkdir()
    for name in ("uv.lock", "pyproject.toml"):
        shutil.copy(BACKEND / name, root / "backend")
    (root / "backend/.venv").symlink_to(BACKEND / ".venv")
    # feature: spa
    (root / "frontend").mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(FRONTEND / name, root / "frontend")
    (root / "frontend/node_modules").symlink_to(FRONTEND / "node_modules")
    # end feature: spa
    if (ROOT / ".tools/uv").is_dir():
        (root / ".tools").mkdir()
        (root / ".tools/uv").symlink_to(ROOT / ".tools/uv")
    return root
