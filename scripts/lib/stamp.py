"""Turns a copy of Longhouse into a project: features out, marks out, names in. Runs on the copy.

`make new` and `make update` call it on files that `git archive` wrote, with the interpreter of
whoever calls; it imports nothing but its own folder and the standard library.
"""

import argparse
from pathlib import Path

from features import tree
from features.names import Names, rename
from manifest import FeatureError, Manifest


def stamp(root: Path, keep: set[str], names: Names) -> None:
    """Raises FeatureError for unknown features or broken marks."""
    manifest = Manifest.read(root)
    kept = manifest.with_required(keep)
    if alien := kept - manifest.stampable:
        raise FeatureError(f"{', '.join(sorted(alien))} cannot be part of a new project.")
    files = sorted(
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file() or path.is_symlink()
    )
    tree.remove(root, files, set(manifest.features) - kept, strip=True)
    rename(root, files, names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--features", default="", help="separated by commas")
    parser.add_argument("--title", required=True)
    parser.add_argument("--slug", required=True)
    arguments = parser.parse_args()
    keep = set(filter(None, arguments.features.split(",")))
    try:
        stamp(arguments.root.resolve(), keep, Names.of(arguments.title, arguments.slug))
    except FeatureError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
