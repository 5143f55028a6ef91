"""Takes a feature out of this checkout: files, lines, dependencies, documents; one commit."""

import argparse
import subprocess

from features import tree
from manifest import FILE, FeatureError, Manifest, listed
from project import (
    ROOT,
    discard_changes,
    ensure_identity,
    git,
    refresh,
    refuse_changes,
    stop_on_sigterm,
    tracked_files,
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/remove", description=__doc__)
    parser.add_argument("feature", nargs="+")
    parser.add_argument(
        "--with-dependents", action="store_true", help="remove what needs the feature as well"
    )
    arguments = parser.parse_args()
    stop_on_sigterm()
    refuse_changes()
    try:
        manifest = Manifest.read(ROOT)
        gone = manifest.removal(
            listed(" ".join(arguments.feature)),
            here=set(manifest.features),
            with_dependents=arguments.with_dependents,
        )
        if tool := [name for name in gone if FILE in manifest.features[name].owns]:
            raise FeatureError(
                f"{tool[0]} is what takes features out, and what this checkout is kept up to date "
                "by. A project without it is made by make new."
            )
        names = ", ".join(sorted(gone))
        print(f"Removing {names}", flush=True)
        try:
            tree.remove(ROOT, tracked_files(), gone)
            refresh(ROOT)
            ensure_identity("Longhouse", "longhouse")
            git("add", "--all")
            message = ("--message", f"Remove {names}", "--message", "Made by make remove.")
            git("commit", "--quiet", *message)
        except BaseException:
            discard_changes()
            print("Nothing was changed. Packages: scripts/bootstrap", flush=True)
            raise
    except FeatureError as error:
        raise SystemExit(str(error)) from error
    changed = git("diff", "--shortstat", "HEAD~1").strip()
    print(f"\n  Removed {names} in one commit:{changed and ' ' + changed}.")
    print("  Prove it: make check.  Undo it: git revert HEAD && scripts/bootstrap\n")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("Stopped.") from None
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{' '.join(map(str, error.cmd))} failed:\n{error.stderr}") from error
