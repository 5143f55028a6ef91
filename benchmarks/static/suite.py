"""Two static files with hashed names: our front door beside WhiteNoise under ASGI."""

import json
import shutil
import subprocess
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import django
from project import BACKEND, manage

from benchmarks.harness import house, usage
from benchmarks.harness.environments import BENCH, python_project, python_versions
from benchmarks.harness.load_generator import load_generator
from benchmarks.harness.processes import clean_environment
from benchmarks.harness.results import Measure, PeerFacts, Result
from benchmarks.harness.rounds import UNIT, Plan, measure
from benchmarks.harness.scenarios import Answer, Request, Scenario, Target
from benchmarks.harness.servers import Program, running

TITLE = "Static files: the front door beside WhiteNoise"
HERE = Path(__file__).parent
FOLDER = BENCH / "static"
SOURCE = FOLDER / "source"
# Real files of the two sizes, from Django's admin site; served under names of their own.
ADMIN = Path(django.__file__).parent / "contrib" / "admin" / "static" / "admin"
FILES = {
    "site.css": ADMIN / "css/autocomplete.css",
    "site.js": ADMIN / "js/vendor/jquery/jquery.min.js",
}


def run(plan: Plan) -> Result:
    shutil.rmtree(FOLDER, ignore_errors=True)
    SOURCE.mkdir(parents=True)
    for name, file in FILES.items():
        shutil.copy(file, SOURCE / name)
    peers = {"longhouse": ours(), **whitenoise()}
    asked = [scenario("css", "site.css"), scenario("js", "site.js")]
    programs = {name: program for name, (_, program) in peers.items()}
    with load_generator() as generator, running(programs, FOLDER / "logs") as servers:
        targets = {name: Target(server) for name, server in servers.items()}
        figures = measure(targets, asked, plan, generator)
        memory = {name: [usage.memory_mb(server.pids())] for name, server in servers.items()}
    measures = [Measure(one.name, "Files", one.title, UNIT, figures.own[one.name]) for one in asked]
    measures.append(Measure("memory", "Memory", "After the load", "MB (PSS)", memory))
    facts = {name: facts for name, (facts, _) in peers.items()}
    notes = ["Asked for with Accept-Encoding: br, gzip; all answer with Brotli."]
    return Result("static", TITLE, "longhouse", facts, measures, notes)


def ours() -> tuple[PeerFacts, Program]:
    project = HERE / "longhouse"
    environment = house.environment(
        project, FOLDER / "longhouse", STATIC_ROOT=str(root("longhouse")), STATIC_SOURCE=str(SOURCE)
    )
    for command in ("collectstatic", "--no-input"), ("precompress",):
        prepare(manage(*command), BACKEND, environment)
    return house.facts("Longhouse"), house.program(project, environment, address("site.css"))


def whitenoise() -> dict[str, tuple[PeerFacts, Program]]:
    """On our own server, so that only what stands before the file differs; and on uvicorn."""
    project = HERE / "whitenoise"
    python = str(python_project(project))
    environment = {
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": str(project),
        "STATIC_ROOT": str(root("whitenoise")),
        "STATIC_SOURCE": str(SOURCE),
    }
    prepare([python, "-m", "django", "collectstatic", "--no-input"], project, environment)
    granian = ("granian", "asgi:application", "--interface", "asginl", "--host", "127.0.0.1")
    uvicorn = ("uvicorn", "asgi:application", "--no-access-log")
    commands = {"whitenoise-asgi": granian, "whitenoise-uvicorn": uvicorn}
    found = {}
    for name, command in commands.items():

        def listen(port: int, command: tuple[str, ...] = command) -> list[str]:
            return [python, "-m", *command, "--port", str(port)]

        versions = python_versions(python, ("django", "whitenoise", command[0]))
        facts = PeerFacts(f"WhiteNoise, {command[0]}", ours=False, versions=versions)
        found[name] = facts, Program(listen, project, environment, address("site.css"))
    return found


def root(peer: str) -> Path:
    return FOLDER / peer / "static"


def address(name: str) -> str:
    """The path of a file, with the hash that both give it."""
    paths = json.loads((root("longhouse") / "staticfiles.json").read_text())["paths"]
    return f"/static/{paths[name]}"


def scenario(name: str, file: str) -> Scenario:
    content = (SOURCE / file).read_bytes()
    title = f"{file.rpartition('.')[2].upper()} of {len(content) / 1000:.0f} kB"
    headers = {"accept-encoding": "br, gzip"}
    return Scenario(name, title, [Request(address(file), content, headers=headers)], read=decoded)


def decoded(answer: Answer) -> bytes:
    """Raises ValueError unless the answer is compressed and may be kept for ever."""
    if answer.headers.get("content-encoding") != "br":
        raise ValueError(f"not compressed with Brotli: {answer.headers}")
    if "immutable" not in answer.headers.get("cache-control", ""):
        raise ValueError(f"not for ever: {answer.headers}")
    content: bytes = brotli.decompress(answer.body)
    return content


def prepare(command: list[str], cwd: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=clean_environment() | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}")
