"""The command line: run suites, print their figures, renew the page."""

import argparse
import importlib
import os
import sys
from dataclasses import replace
from pathlib import Path

from project import stop_on_sigterm

from benchmarks.harness import goals, machine, page, results, table
from benchmarks.harness.rounds import FULL, QUICK, Plan

SUITES = sorted(path.parent.name for path in Path(__file__).parents[1].glob("*/suite.py"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "suites", nargs="*", metavar="SUITE", help=f"{', '.join(SUITES)}; without: all of them"
    )
    parser.add_argument("--full", action="store_true", help="more and longer rounds")
    parser.add_argument("--page", action="store_true", help="renew the page, measure nothing")
    options = parser.parse_args()
    if unknown := sorted(set(options.suites) - set(SUITES)):
        parser.error(f"there is no suite {', '.join(unknown)}, only {', '.join(SUITES)}")
    if not options.page:
        if not sys.platform.startswith("linux"):
            parser.error("CPU is read from /proc: run this on Linux, or in a container")
        stop_on_sigterm()  # servers are stopped as on Ctrl-C
        for name in options.suites or SUITES:
            run(name, FULL if options.full else QUICK)
    print(table.goals(goals.verdicts(goals.load(), results.load_all())))
    print(f"  The page: {os.path.relpath(page.write())}")


def run(name: str, plan: Plan) -> None:
    print(f"{name}: {plan.rounds} rounds", flush=True)
    facts = machine.facts(plan)
    suite = importlib.import_module(f"benchmarks.{name}.suite")
    result = replace(suite.run(plan), machine=facts)
    path = results.save(result)
    print(table.text(result))
    print(f"  Written to {os.path.relpath(path)}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
