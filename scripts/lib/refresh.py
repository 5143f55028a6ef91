"""Brings a checkout up to date after its files changed: packages, generated files, format."""

import os
import sys

from project import BOOTSTRAPPED, ROOT, run

# Commands, from the root, that write files which are made from the rest.
GENERATORS: list[list[str]] = [
    ["scripts/api"],  # feature: spa
    ["backend/.venv/bin/python", "backend/manage.py", "context", "--write"],  # feature: context
]


def main() -> None:
    environment = dict(os.environ)
    for program, *arguments in (["scripts/bootstrap", "--tools", *sys.argv[1:]], *GENERATORS):
        if run([str(ROOT / program), *arguments], cwd=ROOT, environment=environment):
            raise SystemExit(f"{program} {' '.join(arguments)} failed: read the message above.")
        # Done by the first; not once more by each of the others.
        environment[BOOTSTRAPPED] = "1"
    # What it cannot repair, make check will tell.
    run([str(ROOT / "scripts" / "lint"), "--fix"], cwd=ROOT, environment=environment)


if __name__ == "__main__":
    main()
