"""features.toml: the removable features and the presets."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class FeatureError(Exception):
    """A request that cannot be met, with what to do about it."""


@dataclass(frozen=True)
class Feature:
    """One removable feature. Paths are relative to the root; a folder ends with a slash."""

    name: str
    gives: str
    owns: tuple[str, ...]
    requires: tuple[str, ...] = ()
    generated: tuple[str, ...] = ()  # owned paths that scripts/generate writes
    python: tuple[str, ...] = ()  # dependencies in backend/pyproject.toml
    npm: tuple[str, ...] = ()  # dependencies in frontend/package.json
    words: tuple[str, ...] = ()  # words that give it away in a file that it does not own
    stamped: bool = True  # False: part of Longhouse alone, never of a project made from it


@dataclass(frozen=True)
class Preset:
    name: str
    gives: str
    features: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    features: dict[str, Feature]
    presets: dict[str, Preset]

    @classmethod
    def read(cls, root: Path) -> "Manifest":
        """Raises FeatureError when the file is missing or names what is not there."""
        file = root / "features.toml"
        try:
            document = tomllib.loads(file.read_text())
        except FileNotFoundError as error:
            raise FeatureError(f"There is no {file}.") from error
        features: dict[str, Feature] = {}
        for name, entry in document["feature"].items():
            values: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in entry.items()
            }
            try:
                features[name] = Feature(name=name, **values)
            except TypeError as error:
                raise FeatureError(f"features.toml, {name}: {error}") from error
        presets = {
            name: Preset(name, entry["gives"], tuple(entry["features"]))
            for name, entry in document.get("preset", {}).items()
        }
        manifest = cls(features, presets)
        for feature in features.values():
            manifest.known(feature.requires)
        for preset in presets.values():
            manifest.known(preset.features)
        return manifest

    def known(self, names: Iterable[str]) -> set[str]:
        """`names` as a set. Raises FeatureError for a name that is no feature."""
        found = set(names)
        if unknown := sorted(found - set(self.features)):
            raise FeatureError(
                f"There is no feature {', '.join(unknown)}. There are: "
                f"{', '.join(sorted(self.features))}."
            )
        return found

    @property
    def stampable(self) -> set[str]:
        return {feature.name for feature in self.features.values() if feature.stamped}

    def with_required(self, names: Iterable[str]) -> set[str]:
        """`names` and all that they require, directly or not."""
        found: set[str] = set()
        waiting = self.known(names)
        while waiting:
            name = waiting.pop()
            found.add(name)
            waiting |= set(self.features[name].requires) - found
        return found

    def dependents(self, names: Iterable[str]) -> set[str]:
        """What cannot stay without `names`; they themselves are left out."""
        gone = self.known(names)
        return {name for name in self.features if self.with_required([name]) & gone} - gone
