"""Becomes the benchmark harness: a package at the root, which uses our scripts and our tests."""

import os
import sys

from project import BACKEND, PYTHON, ROOT


def main() -> None:
    path = os.pathsep.join(map(str, (ROOT, ROOT / "scripts" / "lib", BACKEND)))
    command = [PYTHON, "-m", "benchmarks.harness", *sys.argv[1:]]
    os.execve(PYTHON, command, os.environ | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"})


if __name__ == "__main__":
    main()
