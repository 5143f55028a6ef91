"""What must hold so that every feature stays removable; each finding says how to mend it."""

import re
from collections.abc import Iterable
from pathlib import Path

from manifest import Manifest

from features import locks, marks
from features.tree import MANIFEST, is_in, owned_paths, text_of

PROJECT = "backend/pyproject.toml"
MAYBE_MARKED = re.compile(r"feature:|without", re.IGNORECASE)
LOCKS = ("backend/uv.lock", "frontend/package.json", "frontend/package-lock.json")


def findings(root: Path, files: Iterable[str]) -> list[str]:
    """Broken or unknown marks, owned paths that are not there, unmarked mentions of a feature."""
    manifest = Manifest.read(root)
    files = sorted(files)
    return [
        *_ownership(manifest, files),
        *_marks(root, manifest, files),
        *_mentions(root, manifest, files),
    ]


def _ownership(manifest: Manifest, files: list[str]) -> Iterable[str]:
    owned = [
        (path, feature.name) for feature in manifest.features.values() for path in feature.owns
    ]
    for path, name in owned:
        if not any(is_in(file, [path]) for file in files):
            yield f"features.toml: {name} owns {path}, which git does not know."
        # What needs two features, each of them lists: it goes with the first that goes.
        places = [place for place, other in owned if other == name and is_in(path, [place])]
        if len(places) > 1:
            yield f"features.toml: {name} owns {path} twice: {', '.join(places)}."
    for feature in manifest.features.values():
        for path in feature.generated:
            if not is_in(path, feature.owns):
                yield f"features.toml: {feature.name} generates {path}, and does not own it."


def _marks(root: Path, manifest: Manifest, files: list[str]) -> Iterable[str]:
    tool = _of_the_tool(manifest)
    for path in files:
        text = text_of(root / path)
        if text is None or not MAYBE_MARKED.search(text):
            continue
        try:
            named = marks.names_in(text)
        except marks.MarkError as error:
            yield f"{path}:{error}"
            continue
        for name in sorted(named - set(manifest.features)):
            yield f"{path}: a mark names {name}, which features.toml does not list."
        if not is_in(path, tool):
            for number, line in marks.malformed(text, set(manifest.features)):
                yield (
                    f"{path}:{number}: looks like a mark and is none; a mark ends its line, in "
                    f"small letters, two names with a bar between them: {line[:80]}"
                )


def _of_the_tool(manifest: Manifest) -> list[str]:
    """Files of what is never stamped out: it names features as data, and shows marks."""
    return owned_paths(manifest, set(manifest.features) - manifest.stampable)


def words(manifest: Manifest) -> dict[frozenset[str], list[str]]:
    """What must not be said without a mark once all of these features are gone.

    Their own words, and the names of the packages that nobody else depends on.
    """
    found: dict[frozenset[str], list[str]] = {}
    packages: dict[str, set[str]] = {}
    for feature in manifest.features.values():
        found[frozenset([feature.name])] = [*feature.words]
        for package in (*feature.python, *feature.node):
            packages.setdefault(package, set()).add(feature.name)
    for package, names in packages.items():
        word = re.sub(r"[-_.]+", "[-_.]", re.escape(package).replace("\\", ""))
        found.setdefault(frozenset(names), []).append(rf"\b{word}\b")
    return {names: said for names, said in found.items() if said}


def _mentions(root: Path, manifest: Manifest, files: list[str]) -> Iterable[str]:
    """Lines that would speak of a feature that has been removed."""
    features = manifest.features.values()
    # Generated files follow; the locks are pruned.
    passed_over = [path for feature in features for path in feature.generated]
    passed_over += [*LOCKS, MANIFEST, *_of_the_tool(manifest)]
    texts = {path: text_of(root / path) for path in files if not is_in(path, passed_over)}
    for names, said in words(manifest).items():
        gone = names | manifest.dependents(names)
        owned = owned_paths(manifest, gone)
        own_packages = {
            locks.normalized(package) for name in gone for package in manifest.features[name].python
        }
        for path, text in texts.items():
            if text is None or is_in(path, owned):
                continue
            try:
                found = marks.unmarked(text, said, gone)
            except marks.MarkError:
                continue  # reported above
            for number, line in found:
                if path == PROJECT and locks.required(line) in own_packages:
                    continue
                speaker = "|".join(sorted(names))
                yield (
                    f"{path}:{number}: speaks of {speaker} without a mark "
                    f"(`feature: {speaker}` in a comment): {line[:80]}"
                )
