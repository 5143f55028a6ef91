"""Longhouse as a repository of its own, and projects made from it."""

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from config.env import ROOT

sys.path.insert(0, str(ROOT / "scripts" / "lib"))
from origin import Origin, rendered

from tests.template.house import ALONE, MANIFEST, commit, git


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """Longhouse as it is in this checkout, as a repository of its own."""
    folder = tmp_path / "longhouse"
    folder.mkdir()
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for path in filter(None, listed):
        if (ROOT / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, folder / path, follow_symlinks=False)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "Begin")
    return folder


@pytest.fixture
def make(upstream: Path, tmp_path: Path) -> Callable[[Iterable[str]], Path]:
    """Makes a project from it, with these features."""

    def project(features: Iterable[str]) -> Path:
        origin = Origin(
            source=str(upstream),
            commit=git(upstream, "rev-parse", "HEAD").strip(),
            title="My Site",
            slug="my-site",
            features=tuple(sorted(MANIFEST.with_required(features))),
        )
        folder = tmp_path / "mysite"
        with rendered(upstream, origin) as tree:
            shutil.copytree(tree, folder, symlinks=True)
        git(folder, "init", "--quiet", "--initial-branch", "main")
        git(folder, "config", "user.name", "Mine")
        git(folder, "config", "user.email", "mine@example.org")
        tools = ROOT / "frontend" / "node_modules"
        if tools.is_dir() and (folder / "frontend").is_dir():  # its formatter, as bootstrap does
            (folder / "frontend" / "node_modules").symlink_to(tools)
            (folder / ".git" / "info" / "exclude").write_text("node_modules\n")
        commit(folder, "Start")
        return folder

    return project


@pytest.fixture
def project(make) -> Path:
    return make(ALONE[:1])


@pytest.fixture
def nobody(monkeypatch):
    """Git does not know who you are."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.useConfigOnly")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")
    for role in ("AUTHOR", "COMMITTER"):
        for what in ("NAME", "EMAIL"):
            monkeypatch.delenv(f"GIT_{role}_{what}", raising=False)
