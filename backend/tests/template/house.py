"""What the tests of the template share: its features, and git in folders of their own."""

import subprocess
from pathlib import Path

from manifest import Manifest

from config.env import ROOT

MANIFEST = Manifest.read(ROOT)
# Features that need no other.
ALONE = [name for name in sorted(MANIFEST.stampable) if not MANIFEST.features[name].requires]
GENERATING = [name for name in sorted(MANIFEST.stampable) if MANIFEST.features[name].generated]
# Features that others of a project may need, and those others.
NEEDING = {
    name: needing
    for name in sorted(MANIFEST.stampable)
    if (needing := MANIFEST.dependents([name]) & MANIFEST.stampable)
}
NEEDED = list(NEEDING)


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
