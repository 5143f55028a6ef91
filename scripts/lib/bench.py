"""Becomes the benchmark harness: a package at the root, which uses our scripts and our tests."""

import os
import sys

from project import BACKEND, ROOT


def main() -> None:
    sys.path.append(str(ROOT))
    from benchmarks.harness.environments import house

    python = str(house())
    path = os.pathsep.join(map(str, (ROOT, ROOT / "scripts" / "lib", BACKEND)))
    command = [python, "-m", "benchmarks.harness", *sys.argv[1:]]
    os.execve(python, command, os.environ | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"})


if __name__ == "__main__":
    main()
