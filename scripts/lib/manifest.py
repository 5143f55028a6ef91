"""features.toml: the removable features, what each needs, and what goes along with it."""

import dataclasses
import tomllib
from collections.abc import Iterable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "features.toml"


class FeatureError(Exception):
    """A request that cannot be met, with what to do about it."""


@dataclass(frozen=True)
class Feature:
    """One removable feature. Paths are relative to the root; a folder ends with a slash."""

    name: str
    gives: str
    owns: tuple[str, ...]
    requires: tuple[str, ...] = ()
    generated: tuple[str, ...] = ()  # owned paths that are written from the code
    python: tuple[str, ...] = ()  # dependencies in backend/pyproject.toml
    node: tuple[str, ...] = ()  # dependencies in package.json
    node_scripts: tuple[str, ...] = ()  # its scripts
    words: tuple[str, ...] = ()  # words that give it away in a file that it does not own
    stamped: bool = True  # False: part of Longhouse alone, never of a project made from it


# feature: template
@dataclass(frozen=True)
class Preset:
    name: str
    gives: str
    features: tuple[str, ...]  # the first is what it is about: with that it goes


# end feature: template
@dataclass(frozen=True)
class Manifest:
    features: dict[str, Feature]
    presets: dict[str, Preset] = dataclasses.field(default_factory=dict)  # feature: template

    # feature: template
    @classmethod
    def read(cls, root: Path) -> "Manifest":
        """Raises FeatureError when the file is missing or cannot be understood."""
        try:
            return cls.parse((root / FILE).read_text())
        except FileNotFoundError as error:
            raise FeatureError(f"There is no {root / FILE}.") from error

    # end feature: template
    @classmethod
    def parse(cls, text: str) -> "Manifest":
        """Raises FeatureError for what is no TOML, or names a feature that is not there.

        Keys that this version does not know are passed over: the text may be a newer one's.
        """
        known = {field.name for field in dataclasses.fields(Feature)}
        features: dict[str, Feature] = {}
        try:
            document = tomllib.loads(text)
            for name, entry in document["feature"].items():
                values: dict[str, Any] = {
                    key: tuple(value) if isinstance(value, list) else value
                    for key, value in entry.items()
                    if key in known
                }
                features[name] = Feature(name=name, **values)
            # feature: template
            presets = {
                name: Preset(name, entry["gives"], tuple(entry["features"]))
                for name, entry in document.get("preset", {}).items()
            }
            # end feature: template
        except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
            raise FeatureError(f"{FILE} cannot be understood: {error}") from error
        manifest = cls(features, presets)  # feature: template
        # without template: manifest = cls(features)
        for feature in features.values():
            manifest.known(feature.requires)
        # feature: template
        for preset in presets.values():
            manifest.known(preset.features)
        # end feature: template
        return manifest

    def known(self, names: Iterable[str]) -> set[str]:
        """`names` as a set. Raises FeatureError for a name that is no feature."""
        found = set(names)
        if unknown := sorted(found - set(self.features)):
            raise FeatureError(
                f"There is no feature {', '.join(unknown)}. There are: "
                f"{', '.join(sorted(self.stampable))}."
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

    def removal(
        self, names: Iterable[str], *, here: Set[str], with_dependents: bool = False
    ) -> set[str]:
        """What goes from the features `here`. Raises FeatureError when others need it."""
        gone = self.known(names)
        there = f"There are: {', '.join(sorted(here & self.stampable)) or 'none'}."
        if not gone:
            raise FeatureError(f"Say which: make remove feature=NAME. {there}")
        if missing := sorted(gone - here):
            raise FeatureError(f"{', '.join(missing)} is not here. {there}")
        dependents = self.dependents(gone) & here
        if dependents and not with_dependents:
            needed = sorted(name for name in gone if self.dependents([name]) & dependents)
            raise FeatureError(
                f"{', '.join(sorted(dependents))} cannot stay without {', '.join(needed)}. "
                "Remove them too: with-dependents=1 for make, --with-dependents for the script."
            )
        return gone | dependents


def listed(text: str) -> list[str]:
    """Names that somebody wrote, separated by commas or spaces."""
    return text.replace(",", " ").split()
