"""A project made from Longhouse takes what is newer there, and keeps what it changed itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from origin import FILE, Origin

from tests.template.house import ALONE, GENERATING, MANIFEST, NEEDED, NEEDING, commit, git


def update(
    project: Path, *arguments: str, refresh: bool = False
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(*arguments, refresh=refresh),
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


def command(*arguments: str, refresh: bool = False) -> list[str]:
    options = [] if refresh else ["--no-refresh"]
    return [sys.executable, "-B", "scripts/lib/update.py", *options, *arguments]


def branches(project: Path) -> list[str]:
    return git(project, "branch", "--format=%(refname:short)").split()


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
    assert "git commit --amend" in answer.stdout
    # Not now, by the advice; and once more, having forgotten the branch.
    git(project, "cherry-pick", "--abort")
    assert (project / "README.md").read_text().count("## How we start") == 1
    again = update(project)
    assert "README.md" in again.stdout, again.stderr
    git(project, "cherry-pick", "--abort")
    git(project, "switch", "main")
    third = update(project)
    assert "README.md" in third.stdout, third.stderr
    advice = third.stdout.partition("Not now: ")[2].splitlines()[0]
    subprocess.run(["/bin/sh", "-c", advice], cwd=project, check=True, capture_output=True)
    assert branches(project) == ["main"]


def test_a_branch_with_work_on_it_is_not_replaced(upstream, project):
    (upstream / "docs/new.md").write_text("new\n")
    commit(upstream, "Newer")
    assert update(project).returncode == 0
    git(project, "switch", "main")
    answer = update(project)
    assert answer.returncode == 1
    assert "git merge update-" in answer.stderr


@pytest.mark.skipif(not GENERATING, reason="no feature generates anything")
def test_generated_files_are_this_project_s_own(upstream, make):
    project = make(GENERATING)
    generated = {name: project / MANIFEST.features[name].generated[0] for name in GENERATING}
    for folder in generated.values():
        file = next(path for path in sorted(folder.rglob("*")) if path.is_file())
        file.write_text("as generated here\n")
        (folder / "own.json").write_text("{}\n")
    commit(project, "Generated anew")
    (upstream / "docs/new.md").write_text("new\n")
    for name in GENERATING:
        (upstream / MANIFEST.features[name].generated[0] / "theirs.json").write_text("{}\n")
    commit(upstream, "Newer")

    answer = update(project)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert git(project, "diff", "--name-only", "main").split() == ["docs/new.md", FILE]

    first = GENERATING[0]
    answer = update(project, "--remove", first, "--with-dependents")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert not generated[first].exists()


@pytest.mark.skipif(not NEEDED, reason="no feature needs another")
def test_what_others_need_stays_unless_they_go_too(make):
    needed = NEEDED[-1]
    needing = NEEDING[needed]
    project = make(needing)
    answer = update(project, "--remove", needed)
    assert answer.returncode == 1
    assert f"cannot stay without {needed}" in answer.stderr
    assert "with-dependents=1" in answer.stderr
    folders = [
        project / path
        for name in (needed, *needing)
        for path in MANIFEST.features[name].owns
        # What needs a feature that is not in this project is not there.
        if path.endswith("/") and (project / path).is_dir()
    ]
    ignored = [folder / "__pycache__" / "made.pyc" for folder in folders]
    if project / "frontend" in folders:
        ignored.append(project / "frontend" / "dist" / "made.js")
    for file in ignored:
        file.parent.mkdir()
        file.write_text("made by tools\n")
    answer = update(project, "--remove", needed, "--with-dependents")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert not {needed, *needing} & set(Origin.read(project).features)
    for name in (needed, *needing):
        assert git(project, "ls-files", *MANIFEST.features[name].owns) == ""
    assert not [file for file in ignored if file.parent.exists()]


@pytest.mark.skipif(not NEEDED, reason="no feature needs another")
def test_what_a_feature_needs_comes_along(make):
    needing = min(NEEDING[NEEDED[-1]])
    project = make([])
    assert update(project, "--add", needing).returncode == 0
    assert set(Origin.read(project).features) == MANIFEST.with_required([needing])


def test_several_features_are_separated_by_commas(make):
    project = make([])
    wanted = sorted(MANIFEST.stampable)
    answer = update(project, "--add", ",".join(wanted))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert Origin.read(project).features == tuple(wanted)


def test_what_could_be_added_is_listed(project):
    (project / "unfinished.txt").write_text("no matter\n")
    here, _, others = update(project, "--add", "").stdout.partition("Could be added")
    assert ALONE[0] in here
    assert all(f"  {name} " in others for name in MANIFEST.stampable - {ALONE[0]})
    assert "template" not in others


def test_the_template_itself_is_no_feature_of_a_project(project):
    for name in ("template", "nonsense"):
        answer = update(project, "--add", name)
        assert answer.returncode == 1
        assert "template," not in answer.stderr
    assert branches(project) == ["main"]


def bootstrap(project: Path, text: str) -> None:
    """What comes first when packages and generated files are renewed."""
    (project / "scripts/bootstrap").write_text(f"#!/bin/sh\n{text}\n")
    commit(project, "Our own way to get ready")


def test_a_failure_leaves_nothing_behind(upstream, project):
    bootstrap(project, "echo half > half-done.txt; exit 1")
    (upstream / "docs/new.md").write_text("new\n")
    commit(upstream, "Newer")
    answer = update(project, refresh=True)
    assert answer.returncode == 1
    assert git(project, "branch", "--show-current") == "main\n"
    assert branches(project) == ["main"]
    assert git(project, "status", "--porcelain") == ""


def test_a_stop_leaves_nothing_behind(upstream, project, tmp_path):
    bootstrap(project, 'echo > "$TMPDIR/began"; sleep 60; echo late > late.txt')
    (upstream / "docs/new.md").write_text("new\n")
    commit(upstream, "Newer")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    # As a shell starts what runs in the background: Ctrl-C is not for it.
    running = subprocess.Popen(
        ["/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh", *command(refresh=True)],
        cwd=project,
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    began = temporary / "began"
    deadline = time.monotonic() + 60
    while not began.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    # Ends only when everything that it started has ended, too.
    _, complaint = running.communicate(timeout=30)
    assert running.returncode == 1, complaint
    assert "Stopped" in complaint
    assert branches(project) == ["main"]
    assert git(project, "status", "--porcelain") == ""
    assert [path.name for path in temporary.iterdir()] == ["began"]


def test_a_commit_that_longhouse_does_not_have_is_named(upstream, project):
    change(project / FILE, Origin.read(project).commit, "0123456789abcdef" * 2 + "01234567")
    commit(project, "Made from what was never pushed")
    answer = update(project)
    assert answer.returncode == 1
    assert f"{upstream} does not have commit 0123456789ab" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_source_is_seen_from_where_you_are(upstream, project):
    (upstream / "docs/new.md").write_text("new\n")
    commit(upstream, "Newer")
    answer = update(project, "--source", f"../{upstream.name}")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert Origin.read(project).source == str(upstream)


def source(house: Path) -> str:
    code = "import sys; sys.path.insert(0, 'scripts/lib'); import new; print(new.source())"
    asked = [sys.executable, "-B", "-c", code]
    answer = subprocess.run(asked, cwd=house, check=True, capture_output=True, text=True)
    return answer.stdout.splitlines()[-1]


def test_a_new_project_remembers_where_its_commit_is(upstream, tmp_path):
    assert source(upstream) == str(upstream)
    house = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(upstream), str(house))
    git(house, "remote", "set-url", "origin", f"../{upstream.name}")
    assert source(house) == str(upstream)
    git(house, "remote", "set-url", "origin", "https://me:secret@git.example.org/longhouse.git")
    assert source(house) == "https://git.example.org/longhouse.git"
    git(house, "commit", "--quiet", "--allow-empty", "--message", "Not pushed")
    assert source(house) == str(house)


@pytest.mark.usefixtures("nobody")
def test_without_an_identity_the_project_commits_as_itself(upstream, project):
    git(project, "config", "--unset", "user.name")
    git(project, "config", "--unset", "user.email")
    (upstream / "docs/new.md").write_text("new\n")
    commit(upstream, "Newer")
    answer = update(project)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert git(project, "log", "-1", "--format=%an %ae") == "My Site developers@my-site.example\n"


@pytest.mark.skipif(len(ALONE) < 2, reason="all but one have been removed")
def owned_alone(feature: str) -> str:
    """A path that needs no other feature."""
    others = [
        path for name, other in MANIFEST.features.items() if name != feature for path in other.owns
    ]
    return next(
        path for path in MANIFEST.features[feature].owns if not path.startswith(tuple(others))
    )


def test_a_feature_comes_and_goes_later(upstream, project):
    here, new = ALONE[0], ALONE[-1]
    owned = {name: project / owned_alone(name) for name in (here, new)}
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
