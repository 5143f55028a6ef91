"""Packages of the peers, from their lock files, in git-ignored folders under var/bench/."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path

from project import BACKEND, ROOT, VAR, node, node_environment

BENCH = VAR / "bench"
ENVIRONMENTS = BENCH / "environments"


def house() -> Path:
    """The Python that the harness and ours run on, with the packages of the house."""
    return python_project(BACKEND, groups=("--group", "dev"))


def python_project(folder: Path, *, groups: Sequence[str] = ("--no-dev",)) -> Path:
    """Install pyproject.toml and uv.lock of `folder`; returns the Python to run it with.

    It is the same Python that ours runs on, unless the project needs a newer one. Raises
    NoInterpreter when there is none, SystemExit with what uv said when it fails.
    """
    target = ENVIRONMENTS / _slug(folder)
    interpreter = _interpreter(folder)
    key = _digest([folder / "pyproject.toml", folder / "uv.lock"], interpreter)
    if _stale(target, key):
        command = [_uv(), "sync", "--locked", *groups, "--project", str(folder)]
        command += ["--python", interpreter]
        _install(folder, command, os.environ | {"UV_PROJECT_ENVIRONMENT": str(target)})
        (target / ".installed").write_text(key)
    return target / "bin" / "python"


def node_project(folder: Path) -> Path:
    """Install package.json and package-lock.json of `folder`; returns the copy to run it in.

    Node looks for packages beside the sources, so these are copied there. Raises SystemExit with
    what npm said.
    """
    target = ENVIRONMENTS / _slug(folder)
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(
        folder, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules")
    )
    key = _digest([folder / "package.json", folder / "package-lock.json"], node())
    if _stale(target, key):
        npm = Path(node()).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        _install(target, [node(), str(npm), "ci"], node_environment())
        (target / ".installed").write_text(key)
    return target


def python_versions(python: Path | str, packages: Iterable[str]) -> dict[str, str]:
    """Installed versions of these packages in the environment of `python`."""
    site = [str(path) for path in Path(python).parents[1].glob("lib/python3*/site-packages")]
    found = {
        re.sub(r"[-_.]+", "-", package.name).lower(): package.version
        for package in metadata.distributions(path=site)
    }
    asked = subprocess.run([str(python), "-V"], capture_output=True, text=True, check=True)
    version = asked.stdout.strip().removeprefix("Python ")
    return {name: found[name] for name in packages} | {"python": version}


def node_versions(folder: Path, packages: Iterable[str]) -> dict[str, str]:
    locked = json.loads((folder / "package-lock.json").read_text())["packages"]
    return {name: locked[f"node_modules/{name}"]["version"] for name in packages}


class NoInterpreter(Exception):
    """This machine has no Python that is new enough for a peer."""


def _interpreter(folder: Path) -> str:
    """Our own Python, or the first on this machine that is new enough.

    One that was compiled without profile-guided optimization, as pyenv does it, takes about an
    eighth longer, and no image has such a one: the distribution's goes before that.
    """
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    least = str(project["requires-python"]).removeprefix(">=")
    question = (
        f"import sqlite3, ssl, sys; sys.exit(sys.version_info < ({least.replace('.', ', ')}))"
    )
    others = [shutil.which(f"python3.{minor}") for minor in (13, 12, 14)]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = [sys.executable, *filter(None, others)]
    if "--enable-optimizations" not in (sysconfig.get_config_var("CONFIG_ARGS") or ""):
        candidates[:0] = map(str, sorted(Path("/usr/bin").glob("python3.1[1-4]"), reverse=True))
    candidates += map(str, pyenv.glob("versions/3.1[2-4]*/bin/python3"))
    for candidate in candidates:
        asked = subprocess.run([candidate, "-c", question], capture_output=True, check=False)
        if asked.returncode == 0:
            return os.path.realpath(candidate)
    raise NoInterpreter(f"it needs Python {least}")


def _install(folder: Path, command: list[str], environment: dict[str, str]) -> None:
    print(f"  Installing {_slug(folder)} from its lock file", flush=True)
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}")


def _stale(target: Path, key: str) -> bool:
    stamp = target / ".installed"
    return not stamp.is_file() or stamp.read_text() != key


def _digest(files: Iterable[Path], *more: str) -> str:
    total = hashlib.sha256("\n".join(more).encode())
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


def _slug(folder: Path) -> str:
    if folder == BACKEND:
        return "house"
    for base in (ENVIRONMENTS, ROOT / "benchmarks"):
        if folder.is_relative_to(base):
            return "-".join(folder.relative_to(base).parts)
    raise ValueError(f"{folder} is no folder of the benchmarks")


def _uv() -> str:
    """The uv that scripts/bootstrap chose: its own when it installed one."""
    own = ROOT / ".tools" / "uv" / "bin" / "uv"
    found = str(own) if own.is_file() else shutil.which("uv")
    if not found:
        raise SystemExit("uv was not found: run scripts/bootstrap.")
    return found
