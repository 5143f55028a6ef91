"""A project made from Longhouse takes what is newer there, and keeps what it changed itself."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import ROOT

sys.path.insert(0, str(ROOT / "scripts" / "lib"))
from features.manifest import Manifest
from origin import FILE, Origin, rendered

MANIFEST = Manifest.read(ROOT)
# Features that need no other.
ALONE = [name for name in sorted(MANIFEST.stampable) if not MANIFEST.features[name].requires]


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


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


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@pytest.fixture
def project(upstream: Path, tmp_path: Path) -> Path:
    """A project that was made from it, with one feature."""
    origin = Origin(
        source=str(upstream),
        commit=git(upstream, "rev-parse", "HEAD").strip(),
        title="My Site",
        slug="my-site",
        features=tuple(ALONE[:1]),
    )
    folder = tmp_path / "mysite"
    with rendered(upstream, origin) as tree:
        shutil.copytree(tree, folder, symlinks=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "config", "user.name", "Mine")
    git(folder, "config", "user.email", "mine@example.org")
    commit(folder, "Start")
    return folder


def update(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-B", "scripts/lib/update.py", "--no-refresh", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_what_is_new_arrives_and_what_was_edited_stays(upstream, project):
    change(project / "README.md", "## Start", "## How we start")
    commit(project, "Our own words")
    change(upstream / "README.md", "## Next", "## Where to go next")
    (upstream / "docs/new.md").write_text("# New in Longhouse\n")
    commit(upstream, "Newer")

    answer = update(project)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert git(project, "branch", "--show-current").startswith("update-")
    text = (project / "README.md").read_text()
    assert "## How we start" in text
    assert "## Where to go next" in text
    assert (project / "docs/new.md").read_text() == "# New in My Site\n"
    assert Origin.read(project).commit == git(upstream, "rev-parse", "HEAD").strip()
    assert git(project, "status", "--porcelain") == ""
    assert "nothing new" in update(project).stdout


def test_the_same_line_changed_on_both_sides_is_a_conflict_of_git(upstream, project):
    change(project / "README.md", "## Start", "## How we start")
    commit(project, "Our own words")
    change(upstream / "README.md", "## Start", "## Begin here")
    commit(upstream, "Newer")

    answer = update(project)
    assert answer.returncode == 1
    assert "README.md" in answer.stdout
    text = (project / "README.md").read_text()
    assert "<<<<<<<" in text
    assert "## How we start" in text
    assert "## Begin here" in text
    git(project, "cherry-pick", "--abort")
    assert (project / "README.md").read_text().count("## How we start") == 1


@pytest.mark.skipif(len(ALONE) < 2, reason="all but one have been removed")
def test_a_feature_comes_and_goes_later(upstream, project):
    here, new = ALONE[0], ALONE[-1]
    owned = {name: project / MANIFEST.features[name].owns[0] for name in (here, new)}
    assert owned[here].exists()
    assert not owned[new].exists()
    answer = update(project, "--add", new)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert owned[new].exists()
    assert Origin.read(project).features == (here, new)

    answer = update(project, "--remove", here)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert not owned[here].exists()
    assert owned[new].exists()


def test_changes_that_are_not_committed_stop_it(upstream, project):
    (project / "README.md").write_text("mine\n")
    answer = update(project)
    assert answer.returncode == 1
    assert "not committed" in answer.stderr
    assert (project / "README.md").read_text() == "mine\n"


def test_longhouse_itself_is_not_updated_this_way(upstream):
    answer = update(upstream)
    assert answer.returncode == 1
    assert FILE in answer.stderr
