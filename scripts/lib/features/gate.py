"""What must hold so that every feature stays removable; each finding says how to mend it."""

from collections.abc import Iterable
from pathlib import Path

from manifest import Manifest

from features import locks, marks
from features.tree import MANIFEST, is_in, owned_paths, text_of

PROJECT = "backend/pyproject.toml"
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
        for place, other in owned:
            # Only what a feature requires may own the folder around its paths.
            inside = is_in(path, [place]) and (path, name) != (place, other)
            if inside and (path == place or other not in manifest.with_required([name]) - {name}):
                yield f"features.toml: {name} owns {path}, and so does {other} by {place}."
    for feature in manifest.features.values():
        for path in feature.generated:
            if not is_in(path, feature.owns):
                yield f"features.toml: {feature.name} generates {path}, and does not own it."


def _marks(root: Path, manifest: Manifest, files: list[str]) -> Iterable[str]:
    for path in files:
        text = text_of(root / path)
        if text is None or not ("feature:" in text or "without " in text):
            continue
        try:
            named = marks.names_in(text)
        except marks.MarkError as error:
            yield f"{path}:{error}"
            continue
        for name in sorted(named - set(manifest.features)):
            yield f"{path}: a mark names {name}, which features.toml does not list."


def _mentions(root: Path, manifest: Manifest, files: list[str]) -> Iterable[str]:
    """Lines that would speak of a feature that has been removed."""
    features = manifest.features.values()
    # Generated files follow; the tool itself, and the locks that it prunes, name features as data.
    passed_over = [path for feature in features for path in feature.generated]
    passed_over += [path for feature in features if not feature.stamped for path in feature.owns]
    passed_over += [*LOCKS, MANIFEST]
    for feature in features:
        if not feature.words:
            continue
        gone = {feature.name} | manifest.dependents([feature.name])
        owned = owned_paths(manifest, gone)
        own_packages = {locks.normalized(name) for name in feature.python}
        for path in files:
            text = None if is_in(path, [*owned, *passed_over]) else text_of(root / path)
            if text is None:
                continue
            try:
                found = marks.unmarked(text, feature.words, gone)
            except marks.MarkError:
                continue  # reported above
            for number, line in found:
                if path == PROJECT and locks.required(line) in own_packages:
                    continue
                yield (
                    f"{path}:{number}: speaks of {feature.name} without a mark "
                    f"(`feature: {feature.name}` in a comment): {line[:80]}"
                )
