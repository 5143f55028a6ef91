"""Becomes the benchmark harness: a package at the root, which uses our scripts and our tests."""

import os
import sys
from importlib import import_module

from project import BACKEND, ROOT


def main() -> None:
    sys.path.append(str(ROOT))
    python = str(import_module("benchmarks.harness.environments").house())
    path = os.pathsep.join(map(str, (ROOT, ROOT / "scripts" / "lib", BACKEND)))
    command = [python, "-m", "benchmarks.harness", *sys.argv[1:]]
    os.execve(python, command, os.environ | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"})


if __name__ == "__main__":
    main()
