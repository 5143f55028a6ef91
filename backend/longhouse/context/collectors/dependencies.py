"""What the project asks for itself, and the version that the lock file answers."""

import json  # feature: spa
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from longhouse.context.project import Project, read

QUESTION = "Which packages does the project depend on directly, for what, in which version?"


@dataclass(frozen=True)
class Dependency:
    """`group`: "main", or the group it is declared in; `locked`: more than one where they fork."""

    name: str
    group: str
    requirement: str = ""
    locked: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Dependencies:
    """Direct dependencies; the lock files have the rest."""

    python: list[Dependency]
    npm: list[Dependency]  # feature: spa


def collect(project: Project) -> Dependencies:
    return Dependencies(
        python=_python(project),
        npm=_npm(project.root / "frontend"),  # feature: spa
    )


def count(document: Dependencies) -> str:
    number = len(document.python)
    return f"{number} of Python, {len(document.npm)} of npm"  # feature: spa
    # without spa: return f"{number} of Python"


def _python(project: Project) -> list[Dependency]:
    folders: tuple[Path, ...] = (project.source, project.root)
    folder = next((path for path in folders if (path / "pyproject.toml").is_file()), project.root)
    declared = tomllib.loads(read(folder / "pyproject.toml"))
    locked = defaultdict(list)
    for package in tomllib.loads(read(folder / "uv.lock")).get("package", []):
        locked[package["name"]].append(package.get("version", ""))
    groups: dict[str, list[Any]] = {
        "main": declared.get("project", {}).get("dependencies", []),
        **declared.get("project", {}).get("optional-dependencies", {}),
        **declared.get("dependency-groups", {}),
    }
    found = []
    for group, requirements in groups.items():
        for requirement in requirements:
            if isinstance(requirement, str):  # a table includes another group
                name, rest = _split(requirement)
                found.append(Dependency(name, group, rest, sorted(locked[name])))
    return sorted(found, key=lambda item: (item.name, item.group))


def _split(requirement: str) -> tuple[str, str]:
    """Name, as lock files write it (PEP 503), and what is asked of it."""
    name, rest = re.split(r"(?![A-Za-z0-9._-])", requirement.strip() + " ", maxsplit=1)
    return re.sub(r"[-_.]+", "-", name).lower(), _without_address(rest.strip())


def _without_address(requirement: str) -> str:
    # An address may carry a token.
    return "" if "://" in requirement or "@" in requirement else requirement


# feature: spa
def _npm(folder: Path) -> list[Dependency]:
    declared = json.loads(read(folder / "package.json") or "{}")
    locked = json.loads(read(folder / "package-lock.json") or "{}").get("packages", {})
    groups = {"dependencies": "main", "devDependencies": "dev", "optionalDependencies": "optional"}
    found = []
    for key, group in groups.items():
        for name, requirement in declared.get(key, {}).items():
            version = locked.get(f"node_modules/{name}", {}).get("version")
            asked = _without_address(requirement)
            found.append(Dependency(name, group, asked, [version] if version else []))
    return sorted(found, key=lambda item: (item.name, item.group))


# end feature: spa
