"""The removable features: a table, or with --check what would keep one from being removable."""

import argparse
import shutil
import sys
from collections.abc import Sequence

from features.gate import findings
from features.tree import is_in, text_of
from manifest import Feature, FeatureError, Manifest
from project import ROOT, tracked_files


def cost(feature: Feature, files: list[str]) -> tuple[int, int]:
    """Files that the feature owns, and their lines."""
    texts = [text_of(ROOT / path) for path in files if is_in(path, feature.owns)]
    return len(texts), sum(text.count("\n") for text in texts if text)


def table(manifest: Manifest, files: list[str]) -> None:
    rows = [("feature", "needs", "files", "lines", "packages", "gives")]
    for feature in manifest.features.values():
        count, lines = cost(feature, files)
        packages = len(feature.python) + len(feature.node)
        needs = ", ".join(feature.requires) or "-"
        rows.append(
            (feature.name, needs, str(count), f"{lines:,}", str(packages or "-"), feature.gives)
        )
    _print(rows, right={2, 3, 4})
    print()
    presets = manifest.presets.values()
    _print(
        [("preset", "features", "gives")]
        + [(preset.name, ", ".join(preset.features), preset.gives) for preset in presets],
        right=set(),
    )
    print("\nTake one out: make remove feature=NAME.  Start from a preset: make new name=../mysite")


def _print(rows: Sequence[tuple[str, ...]], right: set[int]) -> None:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    room = shutil.get_terminal_size((120, 24)).columns
    for row in rows:
        cells = [
            cell.rjust(widths[n]) if n in right else cell.ljust(widths[n])
            for n, cell in enumerate(row)
        ]
        line = "  " + "  ".join(cells).rstrip()
        print(line if len(line) <= room or not sys.stdout.isatty() else line[: room - 1] + "…")


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/features", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a rule is broken")
    check = parser.parse_args().check
    files = tracked_files()
    try:
        if not check:
            table(Manifest.read(ROOT), files)
            return 0
        found = findings(ROOT, files)
    except FeatureError as error:
        raise SystemExit(str(error)) from error
    for line in found:
        print(line)
    print(f"{len(found)} findings." if found else "Every feature can be removed.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
