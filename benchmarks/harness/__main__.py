"""The command line: run suites, print their figures, renew the page.

    scripts/bench [--full] [SUITE ...]
"""

import argparse
import importlib
import os
import sys
from dataclasses import replace
from pathlib import Path

from project import stop_on_sigterm

from benchmarks.harness import goals, machine, page, results, table
from benchmarks.harness.rounds import FULL, QUICK

HERE = Path(__file__).parents[1]
SUITES = sorted(path.parent.name for path in HERE.glob("*/suite.py"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join(SUITES))
    parser.add_argument("--full", action="store_true", help="more and longer rounds")
    options = parser.parse_args()
    if unknown := set(options.suites) - set(SUITES):
        parser.error(f"there is no suite {', '.join(sorted(unknown))}; there are {', '.join(SUITES)}")
    if not sys.platform.startswith("linux"):
        parser.error("CPU is read from Linux's /proc: run this on Linux, or in a container")
    stop_on_sigterm()  # servers are stopped as on Ctrl-C
    plan = FULL if options.full else QUICK
    for name in options.suites or SUITES:
        print(f"{name} ({'full' if options.full else 'quick'})", flush=True)
        facts = machine.facts(plan)
        suite = importlib.import_module(f"benchmarks.{name}.suite")
        result = replace(suite.run(plan), machine=facts)
        path = results.save(result)
        print(table.text(result))
        print(f"  Written to {os.path.relpath(path)}", flush=True)
    print(table.goals(goals.verdicts(goals.load(), results.load_all())))
    print(f"  The page: {os.path.relpath(page.write())}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
