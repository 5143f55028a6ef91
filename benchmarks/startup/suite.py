"""How long until there is a page to see, and what a server needs that nobody asks anything."""

import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from project import ROOT, git

from benchmarks.api.databases import on_sqlite
from benchmarks.api.peers import Peer, peers
from benchmarks.harness import usage
from benchmarks.harness.environments import BENCH
from benchmarks.harness.processes import clean_environment
from benchmarks.harness.results import Measure, Result
from benchmarks.harness.rounds import Plan
from benchmarks.harness.servers import Program, free_port, running

TITLE = "Start: from clone to page, cold start, idle memory"
FOLDER = BENCH / "startup"
CLONE_ROUNDS = 3  # at most: each of them installs everything
LONG = 900  # seconds


def run(plan: Plan) -> Result:
    found, left_out = peers()
    measures = cold_start(found, plan) + from_clone_to_page(
        min(CLONE_ROUNDS, max(1, plan.rounds // 3))
    )
    facts = {name: peer.facts for name, peer in found.items()}
    notes = [
        "Cold start and idle memory: the servers of the api suite, on SQLite, one at a time.",
        "From clone to page: the last commit here, by git clone, scripts/bootstrap, scripts/dev.",
        "Packages come from the caches of uv and npm as far as these have them.",
        *left_out,
    ]
    return Result("startup", TITLE, "longhouse", facts, measures, notes)


def cold_start(found: Mapping[str, Peer], plan: Plan) -> list[Measure]:
    seconds: dict[str, list[float]] = {}
    memory: dict[str, list[float]] = {}
    with on_sqlite() as databases:
        programs = {name: peer.program(databases.url_of(name)) for name, peer in found.items()}
        for _ in range(plan.rounds):
            for name, program in programs.items():
                with running({name: program}, FOLDER / "logs") as servers:
                    seconds.setdefault(name, []).append(servers[name].ready_after)
                    memory.setdefault(name, []).append(usage.memory_mb(servers[name].pids()))
    print("    Cold start and idle memory", flush=True)
    return [
        Measure("cold", "Cold start", "Until the first answer", "seconds", seconds),
        Measure("idle", "Idle memory", "After the first answer", "MB (PSS)", memory),
    ]


def from_clone_to_page(rounds: int) -> list[Measure]:
    """Each step by itself, and all of them, in a folder that is removed afterwards."""
    clone = FOLDER / "clone"
    steps: dict[str, list[float]] = {"git clone": [], "bootstrap": [], "first page": [], "all": []}
    for _ in range(rounds):
        shutil.rmtree(clone, ignore_errors=True)
        try:
            begin = time.monotonic()
            git("clone", "--quiet", str(ROOT), str(clone))
            cloned = time.monotonic()
            bootstrap(clone)
            ready = time.monotonic()
            with running({"development": development(clone)}, FOLDER / "logs"):
                page = time.monotonic()
        finally:
            shutil.rmtree(clone, ignore_errors=True)
        times = (cloned - begin, ready - cloned, page - ready, page - begin)
        for taken, seconds in zip(steps.values(), times, strict=True):
            taken.append(seconds)
    print("    From clone to page", flush=True)
    return [
        Measure(name, "From clone to page", name, "seconds", {"longhouse": taken})
        for name, taken in steps.items()
    ]


def bootstrap(clone: Path) -> None:
    done = subprocess.run(
        ["scripts/bootstrap"],
        cwd=clone,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONG,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"scripts/bootstrap failed in a fresh clone:\n{done.stdout[-3000:]}")


def development(clone: Path) -> Program:
    return Program(
        command=lambda port: ["env", f"VITE_PORT={port}", "scripts/dev"],
        cwd=clone,
        environment={"DJANGO_PORT": str(free_port())},
        ready="/",
        host="localhost",
        patience=LONG,
    )
