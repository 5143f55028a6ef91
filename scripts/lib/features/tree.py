"""Takes features out of a whole tree of files."""

import re
import shutil
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from manifest import FeatureError, Manifest

from features import locks, marks

MANIFEST = "features.toml"
NODE_PROJECT = "frontend/package.json"
LINE_LENGTH = 100  # as backend/pyproject.toml says to the formatter


def remove(root: Path, files: Iterable[str], gone: Set[str], *, strip: bool = False) -> None:
    """Take the features `gone` out of `root`; with `strip`, leave no mark of the others either.

    `files` are the paths to look into, relative to `root`: what git knows of. Owned paths go, then
    marked lines, dependencies, entries of features.toml and empty folders. Formatting is not done.
    Raises FeatureError when a mark is broken.
    """
    manifest = Manifest.read(root)
    owned = owned_paths(manifest, gone)
    stay = [path for path in files if not is_in(path, owned)]
    # Read everything before anything is written: a broken mark changes nothing.
    pruned = {path: _pruned(root / path, path, gone, strip=strip) for path in stay}
    for path, text in pruned.items():
        if text is not None:
            (root / path).write_text(text)
    _remove_dependencies(root, manifest, gone, owned)
    if not is_in(MANIFEST, owned):
        text = _without_entries((root / MANIFEST).read_text(), gone)
        (root / MANIFEST).write_text(_without_paths(text, owned))
    for path in owned:
        _delete(root / path)
    remove_empty_folders(root, stay, owned)


def _pruned(file: Path, path: str, gone: Set[str], *, strip: bool) -> str | None:
    """The text that a file shall have; None when it stays as it is."""
    text = text_of(file)
    if text is None or not ("feature:" in text or "without " in text):
        return None
    try:
        result = marks.prune(text, gone, strip=strip)
    except marks.MarkError as error:
        raise FeatureError(f"{path}:{error}") from error
    if path.endswith(".py"):
        result = _with_short_imports(result, text)
    return result if result != text else None


_IMPORT = re.compile(r"^(from \S+ import) \(\n((?:    [\w ]+,\n)+)\)$", re.MULTILINE)


def _with_short_imports(text: str, before: str) -> str:
    """Imports that lost a line, on one line where they fit: formatters keep what stands apart."""

    def joined(match: re.Match[str]) -> str:
        names = [name.strip() for name in match[2].split(",") if name.strip()]
        line = f"{match[1]} {', '.join(names)}"
        return line if match[0] not in before and len(line) <= LINE_LENGTH else match[0]

    return _IMPORT.sub(joined, text)


def _remove_dependencies(
    root: Path, manifest: Manifest, gone: Set[str], owned: Iterable[str]
) -> None:
    python, node = packages_of(root, manifest, gone)
    if python:
        locks.remove_python(root / "backend", python)
    scripts = {script for name in gone for script in manifest.features[name].node_scripts}
    if (node or scripts) and not is_in(NODE_PROJECT, owned):
        locks.remove_npm(root / "frontend", node, scripts)


def packages_of(root: Path, manifest: Manifest, gone: Set[str]) -> tuple[set[str], set[str]]:
    """Packages of Python and Node that the project asks for, and nobody needs without `gone`."""
    left = set(manifest.features) - gone
    python = _only_of(gone, left, {name: entry.python for name, entry in manifest.features.items()})
    node = _only_of(gone, left, {name: entry.node for name, entry in manifest.features.items()})
    if is_in(NODE_PROJECT, owned_paths(manifest, gone)) and (root / NODE_PROJECT).exists():
        node |= locks.asked_of_npm(root / NODE_PROJECT)
    return python, node


def owned_paths(manifest: Manifest, names: Iterable[str]) -> list[str]:
    return sorted(path for name in names for path in manifest.features[name].owns)


def is_in(path: str, owned: Iterable[str]) -> bool:
    """Whether `path` is one of the owned files or lies in an owned folder."""
    return any(path == place or (place.endswith("/") and path.startswith(place)) for place in owned)


def text_of(file: Path) -> str | None:
    """A file's text; None for what is no text, a link, or not there."""
    if file.is_symlink() or not file.is_file():
        return None
    data = file.read_bytes()
    if b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def remove_empty_folders(root: Path, *lists: Iterable[str]) -> None:
    """Remove folders that held one of these paths and hold nothing any more."""
    folders = {parent for paths in lists for path in paths for parent in Path(path).parents}
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        place = root / folder
        if folder.parts and place.is_dir() and not any(_contents(place)):
            shutil.rmtree(place)


def _contents(folder: Path) -> Iterator[Path]:
    """What a folder holds, apart from what Python and Node leave behind."""
    return (path for path in folder.iterdir() if path.name not in {"__pycache__", ".DS_Store"})


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _only_of(gone: Set[str], left: Set[str], lists: dict[str, tuple[str, ...]]) -> set[str]:
    """What the features that go list, and none that stays."""
    needed = {item for name in left for item in lists[name]}
    return {item for name in gone for item in lists[name]} - needed


_TABLE = re.compile(r"^\[(?P<kind>feature|preset)\.(?P<name>[a-z0-9-]+)\]\n", re.MULTILINE)
_CHOICE = re.compile(r"^features = \[(?P<names>[^\]]*)\]", re.MULTILINE)


def _without_entries(text: str, gone: Set[str]) -> str:
    """features.toml without these features, in the presets too; a preset goes with its first."""
    starts = [*_TABLE.finditer(text)]
    ends = [*(match.start() for match in starts[1:]), len(text)]
    result = text[: starts[0].start()] if starts else text
    for match, end in zip(starts, ends, strict=True):
        block = text[match.start() : end]
        if match["kind"] == "feature":
            result += "" if match["name"] in gone else block
            continue
        choice = _CHOICE.search(block)
        names = re.findall(r'"([^"]+)"', choice["names"]) if choice else []
        left = [name for name in names if name not in gone]
        if left[:1] == names[:1]:
            kept = ", ".join(f'"{name}"' for name in left)
            result += block if left == names else _CHOICE.sub(f"features = [{kept}]", block)
    return result.rstrip() + "\n"


_OWNS = re.compile(r"^owns = \[.*?\]$", re.MULTILINE | re.DOTALL)
_ITEM = re.compile(r'^ *"([^"]+)",\n', re.MULTILINE)


def _without_paths(text: str, owned: Iterable[str]) -> str:
    """features.toml without these paths, which features that stay may own too."""

    def left(owns: re.Match[str]) -> str:
        items = [item for item in re.findall(r'"([^"]+)"', owns[0]) if not is_in(item, owned)]
        if "\n" in owns[0] and items:
            return _ITEM.sub(lambda line: line[0] if line[1] in items else "", owns[0])
        inside = ", ".join(f'"{item}"' for item in items)
        return f"owns = [{inside}]"

    return _OWNS.sub(left, text)
