"""Becomes the benchmark harness, a package at the root, with what the scripts share beside it."""

import os
import sys

from project import PYTHON, ROOT


def main() -> None:
    path = os.pathsep.join((str(ROOT), str(ROOT / "scripts" / "lib")))
    command = [PYTHON, "-m", "benchmarks.harness", *sys.argv[1:]]
    os.execve(PYTHON, command, os.environ | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"})


if __name__ == "__main__":
    main()
