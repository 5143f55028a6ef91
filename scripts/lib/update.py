"""Takes a newer Longhouse, adds a feature or removes one, with your own changes kept.

The difference between what Longhouse made of this project then and what it would make of it now is
merged into your work three-way, as one commit on a branch of its own. Where you and Longhouse
changed the same lines, git shows a conflict as it always does.
"""

import argparse
import dataclasses
import os
import subprocess
import tempfile
import tomllib
from pathlib import Path

from origin import FILE, MANIFEST, Origin, rendered
from project import ROOT, git, refresh, refuse_changes

CACHE = ROOT / ".tools" / "longhouse.git"


def fetch(source: str) -> Path:
    """A bare copy of Longhouse's repository, up to date."""
    if not CACHE.is_dir():
        CACHE.parent.mkdir(exist_ok=True)
        git("init", "--quiet", "--bare", str(CACHE))
    git(
        "fetch",
        "--quiet",
        "--force",
        "--prune",
        source,
        "+refs/*:refs/*",
        "+HEAD:refs/source",
        cwd=CACHE,
    )
    return CACHE


def tree_of(folder: Path, generated: list[str]) -> str:
    """The git tree of `folder`, with the generated files as they are in HEAD: never merged."""
    git_dir = git("rev-parse", "--absolute-git-dir").strip()
    with tempfile.TemporaryDirectory(prefix="index-") as own:
        # An index of its own leaves yours as it is.
        here = os.environ | {"GIT_DIR": git_dir, "GIT_INDEX_FILE": f"{own}/index"}
        git("add", "--all", "--force", ".", env=here | {"GIT_WORK_TREE": str(folder)}, cwd=folder)
        for path in generated:
            git("rm", "-r", "--quiet", "--cached", "--ignore-unmatch", path, env=here)
            entries = git("ls-tree", "-r", "-z", "HEAD", path)
            git("update-index", "-z", "--index-info", env=here, text=entries)
        return git("write-tree", env=here).strip()


def generated_paths(repository: Path, *commits: str) -> list[str]:
    """What the features of Longhouse generate, at any of these commits."""
    found: set[str] = set()
    for commit in commits:
        text = git("show", f"{commit}:{MANIFEST}", cwd=repository)
        for entry in tomllib.loads(text)["feature"].values():
            found |= set(entry.get("generated", ()))
    return sorted(found)


def difference(repository: Path, old: Origin, new: Origin, message: str) -> str | None:
    """A commit that turns Longhouse's old tree into its new one; None when they are the same."""
    generated = generated_paths(repository, old.commit, new.commit)
    with rendered(repository, old) as before, rendered(repository, new) as after:
        base, target = tree_of(before, generated), tree_of(after, generated)
    if base == target:
        return None
    parent = git("commit-tree", base, "-m", "What Longhouse made of this project").strip()
    return git("commit-tree", target, "-p", parent, "-m", message).strip()


def plan(
    origin: Origin, repository: Path, arguments: argparse.Namespace
) -> tuple[Origin, str, str]:
    """What the project shall come from, the branch, and the commit's subject."""
    features = set(origin.features)
    if arguments.add:
        name = arguments.add
        if name in features:
            raise SystemExit(f"{name} is here already.")
        new = dataclasses.replace(origin, features=tuple(sorted({*features, name})))
        return new, f"add-{name}", f"Add {name}"
    if arguments.remove:
        name = arguments.remove
        if name not in features:
            raise SystemExit(
                f"{name} is not here. There are: {', '.join(origin.features) or 'none'}."
            )
        new = dataclasses.replace(origin, features=tuple(sorted(features - {name})))
        return new, f"remove-{name}", f"Remove {name}"
    commit = git("rev-parse", f"{arguments.to or 'refs/source'}^{{commit}}", cwd=repository).strip()
    new = dataclasses.replace(origin, commit=commit, source=arguments.source or origin.source)
    return (
        new,
        f"update-{commit[:12]}",
        f"Update from Longhouse {origin.commit[:12]} to {commit[:12]}",
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/update", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--to", help="a commit, tag or branch of Longhouse; default: its newest")
    what.add_argument("--add", metavar="FEATURE")
    what.add_argument("--remove", metavar="FEATURE")
    parser.add_argument("--source", help=f"where Longhouse is; default: as {FILE} says")
    parser.add_argument(
        "--no-refresh",
        dest="refresh",
        action="store_false",
        help="leave packages and generated files to you: scripts/bootstrap, make check tell",
    )
    arguments = parser.parse_args()
    if not (ROOT / FILE).is_file():
        raise SystemExit(f"There is no {FILE}: this is Longhouse itself. Use git pull.")
    refuse_changes()
    old = Origin.read(ROOT)
    repository = fetch(arguments.source or old.source)
    new, branch, subject = plan(old, repository, arguments)
    commit = None if new == old else difference(repository, old, new, subject)
    if commit is None:
        print("There is nothing new.")
        return
    git("switch", "--quiet", "--create", branch)
    # Three-way: base is what Longhouse made then, theirs what it makes now, ours this project.
    picked = subprocess.run(
        ["git", "cherry-pick", commit], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if picked.returncode:
        conflicts = git("diff", "--name-only", "--diff-filter=U").split()
        if not conflicts:
            git("cherry-pick", "--abort", check=False)
            raise SystemExit(f"git cherry-pick failed:\n{picked.stderr}")
        print(f"\n  {subject}, on branch {branch}. You and Longhouse both changed:\n")
        print("".join(f"    {path}\n" for path in conflicts))
        print("  Resolve them, then: git add --all && git cherry-pick --continue")
        print("  Then: python3 scripts/lib/refresh.py && make check")
        print("  Not now: git cherry-pick --abort\n")
        raise SystemExit(1)
    if arguments.refresh:
        refresh(ROOT)
        git("add", "--all")
        git("commit", "--quiet", "--amend", "--no-edit")
    print(f"\n  {subject}: one commit on branch {branch}.")
    print("  Look: git show --stat.  Prove it: make check.")
    print(f"  Take it: git switch - && git merge {branch}\n")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{' '.join(map(str, error.cmd))} failed:\n{error.stderr}") from error
