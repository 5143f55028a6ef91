"""The removable features: a table, or with --check what would keep one from being removable."""

import argparse
import shutil
import sys
from collections.abc import Sequence

from features import gate, marks, tree
from features.tree import is_in, owned_paths, text_of
from manifest import Feature, FeatureError, Manifest
from project import ROOT, tracked_files


def cost(
    manifest: Manifest, feature: Feature, texts: dict[str, str | None]
) -> tuple[int, int, int]:
    """Files, lines and packages that go when the feature goes; `texts` are the files that count."""
    gone = {feature.name} | manifest.dependents([feature.name])
    owned = owned_paths(manifest, gone)
    files = lines = 0
    for path, text in texts.items():
        if is_in(path, owned):
            files += 1
            lines += text.count("\n") if text else 0
        elif text:
            lines += sum(not line.stays(gone) for line in marks.read(text))
    python, node = tree.packages_of(ROOT, manifest, gone)
    return files, lines, len(python) + len(node)


def table(manifest: Manifest, files: list[str]) -> None:
    generated = [path for feature in manifest.features.values() for path in feature.generated]
    texts = {
        path: text_of(ROOT / path)
        for path in files
        if not is_in(path, generated) and path not in gate.LOCKS
    }
    rows: list[tuple[str, ...]] = [("feature", "needs", "files", "lines", "packages", "gives")]
    for feature in manifest.features.values():
        counts = (f"{count:,}" if count else "-" for count in cost(manifest, feature, texts))
        rows.append((feature.name, ", ".join(feature.requires) or "-", *counts, feature.gives))
    _print(rows, right={2, 3, 4})
    print(
        "\n  Counted is what goes with a feature and with all that needs it: files that are neither"
        "\n  generated nor a lock, lines of shared files too, and packages of Python and Node that"
        "\n  the project asks for itself.\n"
    )
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
        found = gate.findings(ROOT, files)
    except FeatureError as error:
        raise SystemExit(str(error)) from error
    for line in found:
        print(line)
    print(f"{len(found)} findings." if found else "Every feature can be removed.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
