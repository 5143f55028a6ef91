"""Stamps out a new project: the features that you choose, under the name that you give."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from features.names import Names
from manifest import FeatureError, Manifest, listed
from origin import Origin, located, render
from project import ROOT, ensure_identity, git, refresh, stop_on_sigterm


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/new", description=__doc__)
    parser.add_argument("folder", nargs="?", help="where to put it, e.g. ../mysite")
    parser.add_argument("--preset", help="a ready choice of features: see scripts/features")
    parser.add_argument("--features", help="the features themselves, separated by commas")
    parser.add_argument("--title", help="what people call it; default: from the folder's name")
    parser.add_argument("--offline", action="store_true", help="use what is downloaded already")
    return parser.parse_args()


def ask(question: str, default: str) -> str:
    answer = input(f"  {question} [{default}]: ").strip()
    return answer or default


def complete(arguments: argparse.Namespace, manifest: Manifest) -> None:
    """Ask for what is missing, on a terminal; SystemExit elsewhere."""
    asking = not arguments.folder
    if asking and not sys.stdin.isatty():
        raise SystemExit("Say where: make new name=../mysite preset=skeleton")
    if asking:
        print("\nA new project from Longhouse. Enter takes what stands in brackets.\n")
        arguments.folder = ask("Folder", "../mysite")
    if not arguments.title:
        title = Path(arguments.folder).resolve().name.replace("-", " ").replace("_", " ").title()
        arguments.title = ask("Name that people see", title) if asking else title
    if arguments.preset is None and arguments.features is None:
        if not asking:
            raise SystemExit("Choose: preset=NAME or features=NAME,NAME (make features lists them)")
        for preset in manifest.presets.values():
            print(f"    {preset.name:<10} {preset.gives}")
        answer = ask("Preset, or features separated by commas", next(iter(manifest.presets), ""))
        if answer in manifest.presets:
            arguments.preset = answer
        else:
            arguments.features = answer


def chosen(arguments: argparse.Namespace, manifest: Manifest) -> tuple[str, ...]:
    """The features to keep, with what they require. `all` and `none` are words for `features`."""
    names: set[str] = set()
    if arguments.preset:
        if arguments.preset not in manifest.presets:
            raise FeatureError(
                f"There is no preset {arguments.preset}. There are: {', '.join(manifest.presets)}."
            )
        names |= set(manifest.presets[arguments.preset].features)
    if arguments.features == "all":
        names |= manifest.stampable
    elif arguments.features and arguments.features != "none":
        names |= set(listed(arguments.features))
    return tuple(sorted(manifest.with_required(names)))


def source() -> str:
    """Where `make update` finds this commit later: at the remote, or in this folder."""
    remote = git("remote", "get-url", "origin", check=False).strip()
    if not git("branch", "--remotes", "--contains", "HEAD", "--list", "origin/*"):
        if remote:
            print(f"{remote} does not have this commit: make update will look into {ROOT}.")
        return str(ROOT)
    # A token in the address is nobody else's.
    return re.sub(r"(?<=://)[^/@]*@", "", located(remote, ROOT))


def checked_folder(name: str) -> Path:
    folder = Path(name).expanduser().resolve()
    if folder == ROOT or ROOT in folder.parents:
        raise SystemExit(f"{folder} lies inside Longhouse. Choose a folder beside it.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SystemExit(f"{folder} is there already. Choose a new or empty folder.")
    return folder


def build(folder: Path, origin: Origin, *, offline: bool) -> None:
    render(ROOT, origin, folder)
    git("init", "--quiet", "--initial-branch", "main", cwd=folder)
    if (uv := ROOT / ".tools" / "uv").is_dir():  # as scripts/bootstrap would fetch it
        shutil.copytree(uv, folder / ".tools" / "uv", symlinks=True)
    refresh(folder, *(["--offline"] if offline else []))
    git("add", "--all", cwd=folder)
    ensure_identity(origin.title, origin.slug, cwd=folder)
    message = f"Start from Longhouse {origin.commit[:12]}"
    git("commit", "--quiet", "--message", message, cwd=folder)


def main() -> None:
    stop_on_sigterm()
    arguments = parse()
    began = time.monotonic()
    try:
        manifest = Manifest.read(ROOT)
        complete(arguments, manifest)
        folder = checked_folder(arguments.folder)
        names = Names.of(arguments.title)
        features = chosen(arguments, manifest)
    except FeatureError as error:
        raise SystemExit(str(error)) from error
    if git("status", "--porcelain"):
        print("What is not committed here is left out.")
    origin = Origin(
        source=source(),
        commit=git("rev-parse", "HEAD").strip(),
        title=names.display,
        slug=names.slug,
        features=features,
    )
    print(
        f"Making {names.display} in {folder} with: {', '.join(features) or 'no feature'}",
        flush=True,
    )
    was_there = folder.exists()
    try:
        build(folder, origin, offline=arguments.offline)
    except BaseException:
        for path in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        if folder.is_dir() and not was_there:
            folder.rmdir()
        raise
    count = len(git("ls-files", cwd=folder).split("\n")) - 1
    print(
        f"\n  {names.display} stands in {folder}: {count} files, {time.monotonic() - began:.0f} s."
    )
    print(f"\n    cd {_shown(folder)}\n    make dev     # runs it\n    make test    # proves it\n")


def _shown(folder: Path) -> str:
    shown = os.path.relpath(folder)
    return f"'{shown}'" if " " in shown else shown


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, EOFError):
        raise SystemExit("\nStopped; nothing was left behind.") from None
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{error.cmd[0]} failed: {error.stderr or error}") from error
