"""Takes a newer Longhouse, adds features or removes some, with your own changes kept.

The difference between what Longhouse made of this project then and what it would make of it now is
merged into your work three-way, as one commit on a branch of its own. Where you and Longhouse
changed the same lines, git shows a conflict as it always does.
"""

import argparse
import contextlib
import dataclasses
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from manifest import FeatureError, Manifest, listed
from origin import FILE, Origin, located, manifest_at, rendered
from project import (
    ROOT,
    discard_changes,
    ensure_identity,
    git,
    refresh,
    refuse_changes,
    stop_on_sigterm,
)

CACHE = ROOT / ".tools" / "longhouse.git"
REFRESH = "backend/.venv/bin/python scripts/lib/refresh.py"


class Conflict(Exception):
    """You and Longhouse changed the same lines of the files that the message lists."""


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/update", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--to", help="a commit, tag or branch of Longhouse; default: its newest")
    what.add_argument("--add", metavar="FEATURES", help="by commas; '' lists what there is")
    what.add_argument("--remove", metavar="FEATURES", help="separated by commas")
    parser.add_argument(
        "--with-dependents", action="store_true", help="remove what needs the feature as well"
    )
    parser.add_argument("--source", help=f"where Longhouse is; default: as {FILE} says")
    parser.add_argument(
        "--no-refresh",
        dest="refresh",
        action="store_false",
        help="leave packages and generated files to you: scripts/bootstrap, make check tell",
    )
    return parser.parse_args()


def fetch(source: str, commit: str) -> Path:
    """A bare copy of Longhouse's repository, up to date. SystemExit when it lacks `commit`."""
    if not CACHE.is_dir():
        CACHE.parent.mkdir(exist_ok=True)
        git("init", "--quiet", "--bare", str(CACHE))
    refs = ("+refs/*:refs/*", "+HEAD:refs/source")
    git("fetch", "--quiet", "--force", "--prune", "--update-shallow", source, *refs, cwd=CACHE)
    if not git("rev-parse", "--quiet", "--verify", f"{commit}^{{commit}}", cwd=CACHE, check=False):
        raise SystemExit(
            f"Longhouse at {source} does not have commit {commit[:12]}, from which this project "
            "was made. Push it there, or say where it is: make update source=../longhouse"
        )
    return CACHE


def plan(
    origin: Origin, repository: Path, arguments: argparse.Namespace
) -> tuple[Origin, str, str]:
    """What the project shall come from, the branch, and the commit's subject.

    Raises FeatureError for what cannot be met.
    """
    if not arguments.add and arguments.remove is None:
        return newer(origin, repository, arguments)
    manifest = manifest_at(repository, origin.commit)
    here = manifest.with_required(origin.features)
    if arguments.add:
        verb, names = "Add", listed(arguments.add)
        features = manifest.with_required(here.union(names))
        if features == here:
            raise FeatureError(f"{', '.join(names)} is here already.")
    else:
        verb, names = "Remove", listed(arguments.remove)
        features = here - manifest.removal(
            names, here=here, with_dependents=arguments.with_dependents
        )
    changed = sorted(features ^ here)
    new = dataclasses.replace(origin, features=tuple(sorted(features)))
    return new, "-".join([verb.lower(), *changed]), f"{verb} {', '.join(changed)}"


def newer(
    origin: Origin, repository: Path, arguments: argparse.Namespace
) -> tuple[Origin, str, str]:
    """The plan for the same features from another commit."""
    commit = git("rev-parse", f"{arguments.to or 'refs/source'}^{{commit}}", cwd=repository).strip()
    manifest = manifest_at(repository, commit)
    if dropped := ",".join(sorted(set(origin.features) - set(manifest.features))):
        raise FeatureError(
            f"Longhouse has no {dropped} there. First: make remove feature={dropped}"
        )
    new = dataclasses.replace(
        origin,
        commit=commit,
        source=arguments.source or origin.source,
        features=tuple(sorted(manifest.with_required(origin.features))),
    )
    subject = f"Update from Longhouse {origin.commit[:12]} to {commit[:12]}"
    return new, f"update-{commit[:12]}", subject


def difference(repository: Path, old: Origin, new: Origin, message: str) -> str | None:
    """A commit that turns Longhouse's old tree into its new one; None when they are the same."""
    manifests = [manifest_at(repository, origin.commit) for origin in (old, new)]
    generated = set().union(*(generated_by(manifest) for manifest in manifests))
    trees = []
    for origin, manifest in zip((old, new), manifests, strict=True):
        with rendered(repository, origin) as folder:
            own = generated_by(manifest, manifest.with_required(origin.features))
            trees.append(tree_of(folder, left_out=generated, as_here=own))
    base, target = trees
    if base == target:
        return None
    parent = git("commit-tree", base, "-m", "What Longhouse made of this project").strip()
    return git("commit-tree", target, "-p", parent, "-m", message).strip()


def generated_by(manifest: Manifest, names: Iterable[str] | None = None) -> set[str]:
    """Paths that these features generate, or all."""
    chosen = manifest.features if names is None else names
    return {path for name in chosen for path in manifest.features[name].generated}


def tree_of(folder: Path, *, left_out: Iterable[str], as_here: Iterable[str]) -> str:
    """The git tree of `folder` without generated files, or with them as they are in HEAD.

    So a merge never compares what Longhouse generated with what this project did: they stay as they
    are, go with the feature, or are generated when it comes.
    """
    git_dir = git("rev-parse", "--absolute-git-dir").strip()
    with tempfile.TemporaryDirectory(prefix="index-") as own:
        # An index of its own leaves yours as it is.
        here = os.environ | {"GIT_DIR": git_dir, "GIT_INDEX_FILE": f"{own}/index"}
        git("add", "--all", "--force", ".", env=here | {"GIT_WORK_TREE": str(folder)}, cwd=folder)
        for path in left_out:
            # Forced: they differ from HEAD and from your files, as they should.
            git("rm", "-r", "--quiet", "--cached", "--force", "--ignore-unmatch", path, env=here)
        for path in as_here:
            entries = git("ls-tree", "-r", "-z", "HEAD", path)
            git("update-index", "-z", "--index-info", env=here, text=entries)
        return git("write-tree", env=here).strip()


@contextlib.contextmanager
def on_branch(branch: str) -> Iterator[None]:
    """Work on a new branch. A failure takes it along; a conflict stays, to be resolved.

    SystemExit when there is such a branch with something that is not here.
    """
    if git("branch", "--list", branch) and git("rev-list", "--max-count=1", f"HEAD..{branch}"):
        raise SystemExit(
            f"There is a branch {branch} already. Take it: git merge {branch}. "
            f"Drop it: git branch -D {branch}"
        )
    start = git("rev-parse", "HEAD").strip()
    before = current_branch() or start
    git("switch", "--quiet", "--force-create", branch)
    try:
        yield
    except Conflict:
        raise
    except BaseException:
        discard_changes(start)
        if before != branch:
            git("checkout", "--quiet", before)
            git("branch", "--quiet", "--delete", "--force", branch)
        print(f"Nothing was changed; you are on {before}. Packages: scripts/bootstrap", flush=True)
        raise


def current_branch() -> str:
    """Empty when HEAD is on none."""
    return git("branch", "--show-current").strip()


def merge(commit: str, going: list[str]) -> None:
    """Three-way: base is what Longhouse made then, theirs what it makes now, ours this project.

    `going` are paths of features that go. Raises Conflict.
    """
    picked = subprocess.run(
        ["git", "cherry-pick", commit], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if going:
        # What git did not know: byte code, and what .gitignore does not name any more, as the
        # packages of Node, which the next `git add --all` would take for yours.
        caches = [f":(glob){path}**/__pycache__/**" for path in going]
        git("clean", "-d", "--force", "--quiet", "-X", "--", *caches)
        git("clean", "-d", "--force", "--quiet", "--", *going)
    if picked.returncode:
        conflicts = git("diff", "--name-only", "-z", "--diff-filter=U").split("\0")
        if not any(conflicts):
            raise SystemExit(f"git cherry-pick failed:\n{picked.stderr}")
        raise Conflict("".join(f"    {path}\n" for path in conflicts if path))


def show(manifest: Manifest, here: set[str]) -> None:
    """What could be added, and what is here."""
    width = max(map(len, manifest.stampable))
    for title, names in (("Here", here), ("Could be added", manifest.stampable - here)):
        print(f"\n  {title}:" if names else f"\n  {title}: nothing")
        for name in sorted(names):
            needs = ", ".join(manifest.features[name].requires)
            also = f" (needs {needs})" if needs else ""
            print(f"    {name:<{width}}  {manifest.features[name].gives}{also}")
    print("\n  make add feature=NAME, make remove feature=NAME; several by commas\n")


def main() -> None:
    arguments = parse()
    if not (ROOT / FILE).is_file():
        raise SystemExit(f"There is no {FILE}: this is Longhouse itself. Use git pull.")
    stop_on_sigterm()
    old = Origin.read(ROOT)
    if arguments.source:
        arguments.source = located(arguments.source, Path.cwd())
    if arguments.add != "":
        refuse_changes()
    repository = fetch(arguments.source or located(old.source, ROOT), old.commit)
    if arguments.add == "":
        manifest = manifest_at(repository, old.commit)
        show(manifest, manifest.with_required(old.features))
        return
    new, branch, subject = plan(old, repository, arguments)
    ensure_identity(old.title, old.slug)
    commit = None if new == old else difference(repository, old, new, subject)
    if commit is None:
        print("There is nothing new.")
        return
    known = manifest_at(repository, old.commit).features
    going = [path for name in {*old.features} - {*new.features} for path in known[name].owns]
    before = current_branch()
    back = "git switch " + (before if before not in {"", branch} else "-")
    try:
        with on_branch(branch):
            merge(commit, going)
            if arguments.refresh:
                refresh(ROOT)
                git("add", "--all")
                git("commit", "--quiet", "--amend", "--no-edit")
    except Conflict as conflict:
        print(f"\n  {subject}, on branch {branch}. You and Longhouse both changed:\n\n{conflict}")
        print("  Resolve them, then: git add --all && git cherry-pick --continue")
        print(f"  Then: {REFRESH} && git add --all && git commit --amend --no-edit")
        print(f"  Not now: git cherry-pick --abort && {back} && git branch -D {branch}\n")
        raise SystemExit(1) from None
    print(f"\n  {subject}: one commit on branch {branch}.")
    if new.commit != old.commit:
        print(f"  What is new: git -C {CACHE.relative_to(ROOT)}", end=" ")
        print(f"diff {old.commit[:12]} {new.commit[:12]} -- CHANGELOG.md")
    print("  Look: git show --stat.  Prove it: make check.")
    print(f"  Take it: {back} && git merge {branch}\n")


if __name__ == "__main__":
    try:
        main()
    except FeatureError as error:
        raise SystemExit(str(error)) from error
    except KeyboardInterrupt:
        raise SystemExit("Stopped.") from None
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{' '.join(map(str, error.cmd))} failed:\n{error.stderr}") from error
