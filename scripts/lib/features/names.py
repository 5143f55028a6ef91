"""Gives a project its own name: what people read, and what packages and services are called."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from manifest import FeatureError

from features import locks
from features.tree import text_of

DISPLAY = re.compile(r"[^\W\d_](?:[\w .-]{0,48}[\w.])?")
SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

ANOTHER = 'Say another one, in latin letters: title="My Site"'

# "Longhouse" stays where it means the project that this one was made from.
_DISPLAY_NAME = re.compile(r"(?<!from )(?<!newer )(?<!of )\bLonghouse\b(?! itself)")
# The Python package backend/longhouse keeps its name: it is the platform, which `make update`
# renews. Everything else that is called so belongs to the project.
_SLUG = re.compile(
    r"""
    \blonghouse(?=-[a-z])           # longhouse-light, longhouse-frontend
    | (?<=[@/])longhouse(?=\.example\b)
    | (?<=^name\ =\ ")longhouse(?=")  # pyproject.toml, Chart.yaml
    | (?<=^name:\ )longhouse\b
    | (?<=/lib/)longhouse\b | (?<=/srv/)longhouse\b | (?<=5432/)longhouse\b
    | (?<=default=")longhouse(?=")  # DB_USER
    | (?<=(?:NAME|USER)=)longhouse\b | (?<=(?:NAME|USER):-)longhouse\b
    """,
    re.VERBOSE | re.MULTILINE,
)
# Speak of Longhouse itself, whatever the project is called.
_KEPT = {
    "LICENSE",
    "docs/updates.md",
    "scripts/lib/manifest.py",
    "scripts/lib/origin.py",
    "scripts/lib/update.py",
    "scripts/update",
}


@dataclass(frozen=True)
class Names:
    display: str  # "My Site"
    slug: str  # "my-site"

    @classmethod
    def of(cls, display: str, slug: str = "") -> "Names":
        """Raises FeatureError for a name that cannot be used everywhere."""
        if not DISPLAY.fullmatch(display):
            raise FeatureError(
                f"'{display}' cannot be a project's name: begin with a letter, then at most 50 "
                f"letters, digits, spaces, dots and hyphens. {ANOTHER}"
            )
        slug = slug or re.sub(r"[^a-z0-9]+", "-", display.lower()).strip("-")
        if not SLUG.fullmatch(slug):
            raise FeatureError(
                f"'{display}' cannot name packages, which take small latin letters, digits and "
                f"hyphens, and begin with a letter. {ANOTHER}"
            )
        return cls(display, slug)


def rename(root: Path, files: Iterable[str], names: Names) -> None:
    """Write the project's own names into the files of `root` that are there.

    Raises FeatureError, before anything is written, when a package has that name already.
    """
    if names.slug in locks.locked(root / "backend"):
        raise FeatureError(f"'{names.slug}' is a package that the project needs. {ANOTHER}")
    for path in files:
        file = root / path
        text = text_of(file)
        if text is None or path in _KEPT:
            continue
        renamed = _SLUG.sub(names.slug, _DISPLAY_NAME.sub(names.display, text))
        if renamed != text:
            file.write_text(renamed)
    locks.rename_python(root / "backend", names.slug)
