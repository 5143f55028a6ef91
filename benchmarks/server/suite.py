"""Which way into Django costs the server least: the front door beside the other ways."""

import shutil
import subprocess
import sys
from pathlib import Path

from project import BACKEND, ROOT

from benchmarks.harness import house
from benchmarks.harness.environments import BENCH
from benchmarks.harness.load_generator import load_generator
from benchmarks.harness.processes import clean_environment
from benchmarks.harness.results import Measure, PeerFacts, Result
from benchmarks.harness.rounds import UNIT, Plan, measure
from benchmarks.harness.scenarios import Answer, Request, Scenario, Target
from benchmarks.harness.servers import Program, running

TITLE = "Server: ways into Django, one Granian worker each"
PROJECT = Path(__file__).with_name("django")
PROXIED_BY = Path(__file__).with_name("proxied.py")
FOLDER = BENCH / "server"
# name: (title, entry of app.py, Granian's interface, threads)
CANDIDATES = {
    "door": ("Front door, ASGI, 2 threads", "door", "asginl", 2),
    "door-1": ("Front door, ASGI, 1 thread", "door", "asginl", 1),
    "door-4": ("Front door, ASGI, 4 threads", "door", "asginl", 4),
    "door-rsgi": ("Front door, RSGI, 2 threads", "rsgi", "rsgi", 2),
    "django-asgi": ("Django's ASGI handler", "asgi", "asginl", 2),
    "wsgi": ("Plain WSGI, 2 threads", "wsgi", "wsgi", 2),
}
PROXIED = "wsgi-nginx"
STATIC = "/static/page.css"


def run(plan: Plan) -> Result:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    subprocess.run(
        [sys.executable, "app.py"],
        cwd=PROJECT,
        env=clean_environment() | environment("wsgi", 2),
        check=True,
    )
    programs = {
        name: program(entry, interface, threads)
        for name, (_, entry, interface, threads) in CANDIDATES.items()
    }
    facts = {
        name: PeerFacts(title, ours=name == "door", versions=house.versions())
        for name, (title, *_) in CANDIDATES.items()
    }
    notes = ["Only the front door serves files."]
    if nginx := shutil.which("nginx"):
        programs[PROXIED] = behind(nginx, programs["wsgi"])
        facts[PROXIED] = PeerFacts("Plain WSGI behind nginx", ours=False, versions={})
    else:
        notes.append("The row with a proxy was left out: nginx is not installed.")
    with load_generator() as generator, running(programs, FOLDER / "logs") as servers:
        targets = {name: Target(server) for name, server in servers.items()}
        doors = {name: target for name, target in targets.items() if name.startswith("door")}
        figures = measure(targets, scenarios(), plan, generator).own
        figures |= measure(doors, [file_scenario()], plan, generator).own
    measures = [
        Measure(one.name, "Requests", one.title, UNIT, figures[one.name])
        for one in [*scenarios(), file_scenario()]
    ]
    return Result("server", TITLE, "door", facts, measures, notes)


def environment(entry: str, threads: int) -> dict[str, str]:
    return {
        "BENCH_HOME": str(FOLDER),
        "BENCH_ENTRY": entry,
        "BENCH_THREADS": str(threads),
        "PYTHONPATH": f"{PROJECT}:{BACKEND}:{ROOT}",
    }


def program(entry: str, interface: str, threads: int) -> Program:
    def command(port: int) -> list[str]:
        granian = [sys.executable, "-m", "granian", "app:application", "--interface", interface]
        blocking = ["--blocking-threads", str(threads)] if interface == "wsgi" else []
        return [*granian, *blocking, "--port", str(port), "--no-log"]

    return Program(command, PROJECT, environment(entry, threads), "/hello")


def behind(nginx: str, wsgi: Program) -> Program:
    """nginx and the server behind it, as one group of processes."""

    def command(port: int) -> list[str]:
        return [sys.executable, str(PROXIED_BY), nginx, str(port), str(FOLDER), *wsgi.command(0)]

    return Program(command, PROJECT, wsgi.environment, "/hello")


def scenarios() -> list[Scenario]:
    machines = [
        {"id": n + 1, "name": f"Machine {n:04}", "year": 1950 + n % 70, "maker": f"Maker {n % 10}"}
        for n in range(10, 20)
    ]
    return [
        Scenario("hello", "An empty view", [Request("/hello", b"hello, world")], read=raw),
        Scenario(
            "machines", "Ten rows with a join", [Request("/machines", {"machines": machines})]
        ),
    ]


def file_scenario() -> Scenario:
    content = (FOLDER / "static" / "page.css").read_bytes()
    return Scenario("file", "A file of 10 kB", [Request(STATIC, content)], read=raw)


def raw(answer: Answer) -> bytes:
    return answer.body
