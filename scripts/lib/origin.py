"""Where a project comes from: longhouse.toml, and the tree that Longhouse makes of it.

`rendered` is that tree for one commit of Longhouse, one choice of features and one name: what a
project starts from, and both sides of the difference that `make update` merges.
"""

import contextlib
import dataclasses
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from manifest import FILE as MANIFEST
from manifest import Manifest
from project import (
    ROOT,
    git,
    node,  # feature: frontend
    node_environment,  # feature: frontend
    run_whole,
)

FILE = "longhouse.toml"
HEAD = """\
# Where this project comes from, and what it has taken. `make update`, `make add` and
# `make remove` read it and write it anew.
"""


@dataclass(frozen=True)
class Origin:
    source: str  # address or path of the repository of Longhouse
    commit: str  # of that repository
    title: str
    slug: str
    features: tuple[str, ...]

    @classmethod
    def read(cls, root: Path) -> "Origin":
        values = tomllib.loads((root / FILE).read_text())
        return cls(**{**values, "features": tuple(values["features"])})

    def write(self, root: Path) -> None:
        lines = [
            f"{name} = {json.dumps(value, ensure_ascii=False)}\n"
            for name, value in dataclasses.asdict(self).items()
        ]
        (root / FILE).write_text(HEAD + "".join(lines))


def manifest_at(repository: Path, commit: str) -> Manifest:
    """The features of Longhouse at a commit. Raises FeatureError when they make no sense."""
    return Manifest.parse(git("show", f"{commit}:{MANIFEST}", cwd=repository))


def located(source: str, folder: Path) -> str:
    """An address that means the same everywhere: a path, seen from `folder`, becomes absolute."""
    path = folder / Path(source).expanduser()
    return str(path.resolve()) if path.exists() else source


@contextlib.contextmanager
def rendered(repository: Path, origin: Origin) -> Iterator[Path]:
    """A temporary folder with the files of `origin`, formatted; generated files are not renewed.

    `repository` holds the commit. SystemExit when Longhouse refuses, e.g. an unknown feature.
    """
    with tempfile.TemporaryDirectory(prefix="rendered-") as folder:
        root = Path(folder) / "project"
        render(repository, origin, root)
        tidy(root)
        yield root


def render(repository: Path, origin: Origin, root: Path) -> None:
    """Write the files of `origin` into the new or empty folder `root`, not formatted."""
    archive = subprocess.run(
        ["git", "archive", "--format=tar", origin.commit],
        cwd=repository,
        check=True,
        capture_output=True,
    )
    root.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(root, filter="data")
    # The tool of that commit, which knows that commit's files. It removes itself on the way.
    command = [
        *(sys.executable, "-B", str(root / "scripts" / "lib" / "stamp.py"), str(root)),
        *("--features", ",".join(origin.features)),
        *("--title", origin.title, "--slug", origin.slug),
    ]
    done = subprocess.run(command, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
    origin.write(root)


def tidy(root: Path) -> None:
    """Format `root` with the formatters of this checkout: cut lines leave gaps."""
    # What cannot be repaired is no matter of format: scripts/lint tells.
    ruff = [sys.executable, "-m", "ruff"]
    for command in ([*ruff, "check", "--fix"], [*ruff, "format"]):
        run_whole([*command, "--quiet", "--no-cache", "."], cwd=root, quiet=True)
    # feature: frontend
    biome = ROOT / "frontend" / "node_modules" / "@biomejs" / "biome" / "bin" / "biome"
    if (root / "frontend" / "biome.json").exists() and biome.exists():
        run_whole(
            [node(), str(biome), "check", "--write", "--log-level=none", "."],
            cwd=root / "frontend",
            environment=node_environment(),
            quiet=True,
        )
    # end feature: frontend
