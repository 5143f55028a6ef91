"""make remove in Longhouse itself: one commit, or nothing."""

import subprocess
import sys
from pathlib import Path

import pytest
from manifest import Manifest

from tests.template.house import ALONE, MANIFEST, NEEDED, commit, git


@pytest.fixture
def house(upstream: Path) -> Path:
    """Longhouse with nothing to renew after a removal."""
    (upstream / "scripts/lib/refresh.py").write_text("")
    commit(upstream, "Nothing to renew")
    return upstream


def remove(house: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-B", "scripts/lib/remove.py", *arguments]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("nobody")
def test_without_an_identity_the_removal_is_still_one_commit(house):
    answer = remove(house, ",".join(ALONE[:2]), "--with-dependents")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert git(house, "log", "-1", "--format=%an: %s").startswith("Longhouse: Remove ")
    assert git(house, "status", "--porcelain") == ""
    assert not any((house / MANIFEST.features[name].owns[0]).exists() for name in ALONE[:2])


def test_a_commit_that_fails_leaves_everything_as_it_was(house):
    hook = house / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    hook.chmod(0o755)
    answer = remove(house, ALONE[0], "--with-dependents")
    assert answer.returncode == 1
    assert "no\n" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert git(house, "status", "--porcelain") == ""
    assert (house / MANIFEST.features[ALONE[0]].owns[0]).exists()


def test_what_takes_features_out_stays(house):
    answer = remove(house, "template")
    assert answer.returncode == 1
    assert "make new" in answer.stderr
    assert git(house, "status", "--porcelain") == ""


@pytest.mark.skipif(not NEEDED, reason="no feature needs another")
def test_what_others_need_is_refused_with_the_way_out(house):
    other = next(name for name in ALONE if name not in NEEDED)
    answer = remove(house, f"{other},{NEEDED[-1]}")
    assert answer.returncode == 1
    assert f" cannot stay without {NEEDED[-1]}. " in answer.stderr
    assert "with-dependents=1 for make, --with-dependents for the script" in answer.stderr
    answer = remove(house, NEEDED[-1], "--with-dependents")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    gone = {NEEDED[-1]} | MANIFEST.dependents([NEEDED[-1]])
    assert set(Manifest.read(house).features) == set(MANIFEST.features) - gone


def test_nothing_said_is_asked_for(house):
    answer = remove(house, "")
    assert answer.returncode == 1
    assert "Say which" in answer.stderr
