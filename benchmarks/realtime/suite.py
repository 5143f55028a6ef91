"""One publisher, a hundred clients: what arrives, how soon, and what that costs the server."""

import asyncio
import contextlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import brokers
import run_service_tests
import server as production

from benchmarks.harness import house, usage
from benchmarks.harness.environments import BENCH, python_project, python_versions
from benchmarks.harness.processes import Conversation, Start, clean_environment, stop
from benchmarks.harness.results import Measure, PeerFacts, Result, median
from benchmarks.harness.rounds import Plan
from benchmarks.harness.servers import Program, Server, running
from benchmarks.realtime.clients import Client, Tally, tally

TITLE = "Realtime: one publisher, a hundred clients"
HERE = Path(__file__).parent
SHARED = HERE / "shared"
FOLDER = BENCH / "realtime"
CLIENTS = 100
SILENCE = 2.0  # seconds in which nothing came: nothing will
SETTLE = 0.5  # seconds that subscriptions may take to reach Redis


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    messages: int
    pause: float  # seconds from one message to the next
    dropped: int = 0  # clients that are cut off halfway and come again


SCENARIOS = (
    Scenario("steady", "25 messages a second", messages=75, pause=0.04),
    Scenario("burst", "As fast as can be published", messages=300, pause=0),
    Scenario("resume", "20 clients are cut off and come again", 75, pause=0.04, dropped=20),
)
WARM_UP = Scenario("warm-up", "", messages=10, pause=0.01)
FAULTS = {"lost": "Lost", "doubled": "Doubled", "disordered": "Out of order"}


@dataclass(frozen=True)
class System:
    facts: PeerFacts
    folder: Path
    python: str
    environment: dict[str, str]
    path: str = "/events/"
    websocket: bool = False
    has_tables: bool = True

    def program(self) -> Program:
        return Program(self._command, self.folder, self.environment, "/ready")

    def _command(self, port: int) -> list[str]:
        """As the house starts its own server: the same for all."""
        _, *options = production.granian(port)
        return [self.python, *(x.replace(house.ENTRY, "server:application") for x in options)]

    def publisher(self, name: str) -> Conversation:
        start = Start([self.python, str(SHARED / "publisher.py")], self.folder, self.environment)
        return Conversation(f"{name}'s publisher", start, FOLDER / "logs" / f"{name}-publisher.log")

    def make_tables(self) -> None:
        done = subprocess.run(
            [self.python, "-m", "django", "migrate", "--verbosity=0"],
            cwd=self.folder,
            env={**clean_environment(), **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{self.facts.title}: no tables:\n{done.stderr[-3000:]}")


@dataclass
class Samples:
    """Figures of every round, by measure and system."""

    found: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, measure: str, system: str, value: float) -> None:
        self.found.setdefault(measure, {}).setdefault(system, []).append(value)


def run(plan: Plan) -> Result:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    samples = Samples()
    with systems() as (parts, left_out), contextlib.ExitStack() as stack:
        for system in parts.values():
            if system.has_tables:
                system.make_tables()
        programs = {name: system.program() for name, system in parts.items()}
        servers = stack.enter_context(running(programs, FOLDER / "logs"))
        publishers = {name: system.publisher(name) for name, system in parts.items()}
        stack.callback(stop, publishers.values())
        for name, system in parts.items():
            asyncio.run(measure(system, servers[name], publishers[name], WARM_UP))
        for number in range(plan.rounds):
            print(f"    Round {number + 1} of {plan.rounds}", flush=True)
            for scenario in SCENARIOS:
                for name, system in parts.items():
                    figures = asyncio.run(
                        measure(system, servers[name], publishers[name], scenario)
                    )
                    for measured, value in figures.items():
                        samples.add(measured, name, value)
    notes = [
        f"{CLIENTS} clients; the publisher is a process of its own; one server process each.",
        "Django Channels has no log to resume from: who was cut off lost what came meanwhile.",
        "CPU is the server's alone: Redis and PostgreSQL are not in it, SQLite is.",
        *left_out,
    ]
    facts = {name: system.facts for name, system in parts.items()}
    return Result("realtime", TITLE, "longhouse-sqlite", facts, measures(samples), notes)


def measures(samples: Samples) -> list[Measure]:
    steady, burst, _ = SCENARIOS
    way = "From publishing to the client"
    shown = [
        ("p50", way, f"{steady.title}: p50", "milliseconds"),
        ("p99", way, "p99", "milliseconds"),
        ("burst", "Burst", f"{burst.title}, until all is there", "µs per delivered message"),
        ("cpu", "Server CPU", steady.title, "CPU µs per delivered message"),
        ("burst cpu", "Server CPU", burst.title, "CPU µs per delivered message"),
    ]
    for scenario in SCENARIOS:
        due = CLIENTS * scenario.messages
        shown += [
            (f"{scenario.name} {fault}", f"Faults: {scenario.title}", title, f"messages of {due:,}")
            for fault, title in FAULTS.items()
        ]
    return [
        Measure(name, group, title, unit, samples.found[name]) for name, group, title, unit in shown
    ]


async def measure(
    system: System, server: Server, publisher: Conversation, scenario: Scenario
) -> dict[str, float]:
    """Figures by name of one scenario."""
    clients = [Client(server.port, system.path, system.websocket) for _ in range(CLIENTS)]
    try:
        try:
            await asyncio.gather(*(client.connect() for client in clients))
        except (OSError, EOFError) as error:
            raise SystemExit(f"{server.name}: {error}\n{server.log_tail()}") from error
        await asyncio.sleep(SETTLE)
        before, began = usage.cpu_seconds(server.pids()), time.monotonic()
        publisher.say(0, scenario.messages, scenario.pause)
        if scenario.dropped:
            await _cut_off(clients[: scenario.dropped], scenario)
        await asyncio.to_thread(publisher.answer)
        ended = await _until_silent(clients, CLIENTS * scenario.messages)
        cpu = usage.cpu_seconds(server.pids()) - before
    finally:
        for client in clients:
            await client.drop()
    found = tally(clients, range(scenario.messages))
    return _figures(scenario, found, seconds=ended - began, cpu=cpu)


def _figures(scenario: Scenario, found: Tally, *, seconds: float, cpu: float) -> dict[str, float]:
    each = max(1, found.delivered)
    figures = {f"{scenario.name} {fault}": float(getattr(found, fault)) for fault in FAULTS}
    if scenario.name == "steady":
        figures["p50"] = median(found.seconds) * 1e3
        figures["p99"] = found.seconds[int(len(found.seconds) * 0.99)] * 1e3
        figures["cpu"] = cpu / each * 1e6
    if scenario.name == "burst":
        figures["burst"] = seconds / each * 1e6
        figures["burst cpu"] = cpu / each * 1e6
    return figures


async def _cut_off(clients: list[Client], scenario: Scenario) -> None:
    """One after the other, over half of the time; each is away for a tenth of it."""
    length = scenario.messages * scenario.pause

    async def away(client: Client, begin: float) -> None:
        await asyncio.sleep(begin)
        await client.drop()
        await asyncio.sleep(length / 10)
        await client.connect()

    await asyncio.gather(
        *(
            away(client, length * (0.25 + place / len(clients) / 2))
            for place, client in enumerate(clients)
        )
    )


async def _until_silent(clients: list[Client], due: int) -> float:
    """When the last message came, once all have come or nothing comes any more."""
    count, moment = -1, time.monotonic()
    while time.monotonic() - moment < SILENCE:
        now = sum(len(client.got) for client in clients)
        if now != count:
            count, moment = now, time.monotonic()
        if count >= due:
            break
        await asyncio.sleep(0.005)
    return moment


@contextlib.contextmanager
def systems() -> Iterator[tuple[dict[str, System], list[str]]]:
    """Those whose servers are installed, ours first; and a line for each that is left out."""
    left_out = []
    with contextlib.ExitStack() as stack:
        found = {"longhouse-sqlite": _ours("SQLite", _sqlite("longhouse"))}
        if programs := run_service_tests.programs():
            url = stack.enter_context(run_service_tests.server(programs, durable=True))
            found["longhouse-postgresql"] = _ours("PostgreSQL", url)
        else:
            left_out.append("Ours on PostgreSQL was left out: it is not installed.")
        redis = stack.enter_context(brokers.brokers()).get("JOBS_TEST_REDIS")
        if redis:
            found["eventstream"] = _eventstream(redis)
            found["channels"] = _channels("core", "RedisChannelLayer", redis)
            found["channels-pubsub"] = _channels("pubsub", "RedisPubSubChannelLayer", redis)
        else:
            left_out.append("The peers were left out: they need Redis, which is not installed.")
        yield found, left_out


def _sqlite(name: str) -> str:
    return f"sqlite:///{FOLDER / name}.sqlite3"


def _ours(title: str, url: str) -> System:
    folder = HERE / "longhouse"
    environment = house.environment(folder, FOLDER, DATABASE_URL=url, REALTIME_URL="")
    environment["PYTHONPATH"] += f":{SHARED}"
    facts = PeerFacts(f"Longhouse: SSE, {title}", ours=True, versions=house.versions())
    return System(facts, folder, sys.executable, environment, "/events/?topic=fanout")


def _eventstream(redis: str) -> System:
    title = "django-eventstream: SSE, SQLite, Redis"
    packages = ("django", "django-eventstream", "granian", "redis")
    return _peer("eventstream", title, packages, redis)


def _channels(module: str, layer: str, redis: str) -> System:
    title = f"Django Channels: WebSocket, Redis, {module} layer"
    packages = ("django", "channels", "channels-redis", "granian")
    system = _peer("channels", title, packages, redis)
    environment = system.environment | {"BENCH_LAYER": f"channels_redis.{module}.{layer}"}
    return replace(
        system, environment=environment, path="/socket", websocket=True, has_tables=False
    )


def _peer(name: str, title: str, packages: tuple[str, ...], redis: str) -> System:
    folder = HERE / name
    python = str(python_project(folder))
    environment = {
        "PYTHONPATH": f"{folder}:{SHARED}",
        "DJANGO_SETTINGS_MODULE": "settings",
        "DJANGO_SECRET_KEY": house.SECRET,
        "DATABASE_URL": _sqlite(name),
        "BENCH_REDIS": redis,
    }
    facts = PeerFacts(title, ours=False, versions=python_versions(python, packages))
    return System(facts, folder, python, environment)
