"""Takes a feature out of this checkout: files, lines, dependencies, documents; one commit."""

import argparse

from features import tree
from manifest import FeatureError, Manifest
from project import ROOT, git, refresh, refuse_changes, stop_on_sigterm, tracked_files


def plan(manifest: Manifest, names: list[str], *, with_dependents: bool) -> set[str]:
    """The features that go. Raises FeatureError when others need them."""
    gone = manifest.known(names)
    dependents = manifest.dependents(gone)
    if dependents and not with_dependents:
        raise FeatureError(
            f"{', '.join(sorted(dependents))} cannot stay without {', '.join(sorted(gone))}. "
            "Remove them too with --with-dependents, or leave it."
        )
    return gone | dependents


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
        gone = plan(manifest, arguments.feature, with_dependents=arguments.with_dependents)
        names = ", ".join(sorted(gone))
        print(f"Removing {names}", flush=True)
        try:
            tree.remove(ROOT, tracked_files(), gone)
            refresh(ROOT)
        except BaseException:
            # The tree was clean: back to it.
            git("reset", "--hard", "--quiet")
            git("clean", "-d", "--force", "--quiet")
            print("Nothing was changed.", flush=True)
            raise
    except FeatureError as error:
        raise SystemExit(str(error)) from error
    git("add", "--all")
    git("commit", "--quiet", "--message", f"Remove {names}", "--message", "Made by make remove.")
    changed = git("diff", "--shortstat", "HEAD~1").strip()
    print(f"\n  Removed {names} in one commit:{changed and ' ' + changed}.")
    print("  Prove it: make check.  Undo it: git revert HEAD && scripts/bootstrap\n")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("Stopped.") from None
