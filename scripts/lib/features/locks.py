"""Takes dependencies out of the manifests and lock files of uv and npm, by text.

Nothing is resolved anew and nothing is fetched: what stays keeps its locked version, and what
nobody needs any more goes. `uv sync --locked` and `npm ci` then accept the files.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_REQUIREMENT = re.compile(r'^\s*"(?P<name>[A-Za-z0-9][\w.-]*)[^"]*",?\s*(?:#.*)?$')
_LOCKED = re.compile(r'^\s*\{ name = "(?P<name>[^"]+)"')


def remove_python(backend: Path, gone: Iterable[str]) -> None:
    """Take requirements out of pyproject.toml, and all that only they need out of uv.lock."""
    names = {normalized(name) for name in gone}
    project, lock = backend / "pyproject.toml", backend / "uv.lock"
    project.write_text(_without_lines(project.read_text(), _REQUIREMENT, names))
    head, *blocks = split_uv_lock(lock.read_text())
    blocks = [
        _without_lines(block, _LOCKED, names) if 'source = { virtual = "." }' in block else block
        for block in blocks
    ]
    lock.write_text(_reachable(head, blocks))


def rename_python(backend: Path, name: str) -> None:
    """Give the project itself another name in uv.lock, which lists packages by name."""
    lock = backend / "uv.lock"
    head, *blocks = split_uv_lock(lock.read_text())
    blocks = [
        re.sub(r'name = "[^"]+"', f'name = "{name}"', block, count=1)
        if 'source = { virtual = "." }' in block
        else block
        for block in blocks
    ]
    blocks.sort(key=lambda block: tomllib.loads(block)["package"][0]["name"])
    lock.write_text(head + "".join(blocks))


def locked(backend: Path) -> set[str]:
    """The packages in uv.lock; the project itself is not among them."""
    packages = tomllib.loads((backend / "uv.lock").read_text())["package"]
    return {entry["name"] for entry in packages if entry["source"] != {"virtual": "."}}


def split_uv_lock(text: str) -> list[str]:
    """What stands before the first package, then one text for each package."""
    return re.split(r"^(?=\[\[package\]\]$)", text, flags=re.MULTILINE)


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required(line: str) -> str:
    """The package that a line of pyproject.toml requires; "" when it requires none."""
    match = _REQUIREMENT.match(line)
    return normalized(match["name"]) if match else ""


def _without_lines(text: str, pattern: re.Pattern[str], names: set[str]) -> str:
    kept = []
    for line in text.splitlines(keepends=True):
        match = pattern.match(line)
        if not match or normalized(match["name"]) not in names:
            kept.append(line)
    # uv writes an empty list on one line.
    return re.sub(r"= \[\n\]", "= []", "".join(kept))


def _reachable(head: str, blocks: list[str]) -> str:
    """The lock with the packages that the project still leads to."""
    packages = [tomllib.loads(block)["package"][0] for block in blocks]
    wanted: set[tuple[str, str]] = set()
    waiting = [package for package in packages if package["source"] == {"virtual": "."}]
    while waiting:
        package = waiting.pop()
        key = (package["name"], package["version"])
        if key in wanted:
            continue
        wanted.add(key)
        for edge in _edges(package):
            waiting += [
                candidate
                for candidate in packages
                if candidate["name"] == edge["name"]
                and candidate["version"] == edge.get("version", candidate["version"])
            ]
    kept = [
        block
        for block, package in zip(blocks, packages, strict=True)
        if (package["name"], package["version"]) in wanted
    ]
    return head + "".join(kept)


def _edges(package: dict[str, Any]) -> Iterable[dict[str, str]]:
    yield from package.get("dependencies", [])
    for group in ("optional-dependencies", "dev-dependencies"):
        for edges in package.get(group, {}).values():
            yield from edges


_NPM_GROUPS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def asked_of_npm(project: Path) -> set[str]:
    """Every package that a package.json asks for."""
    document = json.loads(project.read_text())
    return {name for group in _NPM_GROUPS for name in document.get(group, {})}


def remove_npm(frontend: Path, gone: Iterable[str], scripts: Iterable[str] = ()) -> None:
    """Take packages out of package.json, and all that only they need out of package-lock.json.

    `scripts` of package.json go along.
    """
    names = set(gone)

    def forget(entry: dict[str, Any]) -> None:
        for group in _NPM_GROUPS:
            if group in entry:
                kept = {name: v for name, v in entry[group].items() if name not in names}
                entry[group] = kept
                if not kept:
                    del entry[group]

    def forget_scripts(project: dict[str, Any]) -> None:
        for script in scripts:
            project.get("scripts", {}).pop(script, None)

    edit_json(frontend / "package.json", forget)
    edit_json(frontend / "package.json", forget_scripts)

    def prune(lock: dict[str, Any]) -> None:
        packages = lock["packages"]
        forget(packages[""])
        wanted: set[str] = set()
        waiting = [""]
        while waiting:
            place = waiting.pop()
            if place in wanted:
                continue
            wanted.add(place)
            entry = packages[place]
            # Only the project's own development dependencies are installed.
            groups = _NPM_GROUPS if place == "" else [g for g in _NPM_GROUPS if g[0] != "d"]
            groups = [*groups, "dependencies"]
            for group in groups:
                found = (_npm_place(packages, place, name) for name in entry.get(group, {}))
                waiting += [where for where in found if where is not None]
        lock["packages"] = {place: entry for place, entry in packages.items() if place in wanted}

    edit_json(frontend / "package-lock.json", prune)


def _npm_place(packages: dict[str, Any], place: str, name: str) -> str | None:
    """Where Node finds `name` from `place`: beside it, or in a folder further up."""
    while True:
        candidate = f"{place}/node_modules/{name}".lstrip("/")
        if candidate in packages:
            return candidate
        if not place:
            return None
        place = place.rpartition("node_modules/")[0].rstrip("/")


def edit_json(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a JSON file in place, keeping its indentation."""
    text = path.read_text()
    document = json.loads(text)
    change(document)
    indent = re.search(r"^([ \t]+)", text, re.MULTILINE)
    new = json.dumps(document, indent=indent[1] if indent else None, ensure_ascii=False)
    path.write_text(new + "\n")
