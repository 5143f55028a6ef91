"""Style and structure of everything in the repository."""

import argparse
import subprocess
import sys
from pathlib import Path

from project import (
    BACKEND,
    FRONTEND,  # feature: frontend
    PYTHON,
    ROOT,
    node_environment,  # feature: frontend
    npm_run,  # feature: frontend
)

TOOLS = Path(PYTHON).parent
PYTHON_SOURCES = [str(path) for path in (BACKEND, ROOT / "scripts", ROOT / "benchmarks")]


def shell_scripts() -> list[str]:
    """Every script that a shell runs, by its first line."""
    candidates = [*(ROOT / "scripts").rglob("*"), *(ROOT / ".ci").glob("*")]
    return sorted(
        str(path)
        for path in candidates
        if path.is_file()
        and path.read_bytes().partition(b"\n")[0] in (b"#!/bin/sh", b"#!/usr/bin/env bash")
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/lint", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="repair what can be repaired")
    fix = parser.parse_args().fix
    python = [path for path in PYTHON_SOURCES if Path(path).exists()]
    ruff = [PYTHON, "-m", "ruff"]
    formatted = ("Python format", [*ruff, "format", *([] if fix else ["--check"]), *python], ROOT)
    steps: list[tuple[str, list[str], Path]] = [
        *([formatted] if fix else []),  # so that no line is too long for the check
        (
            "Python",
            [*ruff, "check", "--output-format", "concise", *(["--fix"] if fix else []), *python],
            ROOT,
        ),
        formatted,
        ("Python imports between floors", [str(TOOLS / "lint-imports"), "--no-cache"], BACKEND),
        ("Front end", npm_run("format" if fix else "lint"), FRONTEND),  # feature: frontend
        ("Shell", [str(TOOLS / "shellcheck"), "--external-sources", *shell_scripts()], ROOT),
        ("Container", [str(TOOLS / "hadolint"), "deploy/Containerfile"], ROOT),  # feature: compose
        ("Workflows", [str(TOOLS / "zizmor"), "--offline", "--quiet", ".github"], ROOT),
    ]
    failed = []
    for name, command, cwd in steps:
        if not Path(command[0]).exists():  # some tools have no build for ARM
            print(f"  {name:<32}LEFT OUT: {Path(command[0]).name} is not made for this machine")
            continue
        done = subprocess.run(
            command,
            cwd=cwd,
            env=node_environment(),  # feature: frontend
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(f"  {name:<32}{'FAILED' if done.returncode else 'ok'}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout, flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}. make fix repairs what can be repaired.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
