"""The style sheet and the theme script of the pages that Django renders, from frontend/theme/."""

import argparse
import filecmp
import shutil
import tempfile
from pathlib import Path

from project import BACKEND, FRONTEND, ROOT, node_environment, run

THEME = FRONTEND / "theme"
STATIC = BACKEND / "apps" / "accounts" / "static" / "accounts"


def build(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    command = ["node", "theme/build.ts", "theme/accounts.css", str(folder / "accounts.css")]
    if run(command, cwd=FRONTEND, environment=node_environment()):
        raise SystemExit("The sheet could not be built: read the message above.")
    shutil.copyfile(THEME / "theme.js", folder / "theme.js")


def check() -> None:
    with tempfile.TemporaryDirectory(prefix="theme-check-") as name:
        build(Path(name))
        built = sorted(path.name for path in Path(name).iterdir())
        _, differ, missing = filecmp.cmpfiles(name, STATIC, built, shallow=False)
    if stale := sorted(differ + missing):
        raise SystemExit(f"Out of date with the theme (run make theme): {', '.join(stale)}")
    print("Django's own pages agree with the theme.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/theme", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail on drift")
    if parser.parse_args().check:
        check()
    else:
        build(STATIC)
        print(f"Wrote {STATIC.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
