"""The same small API in several frameworks, one worker process each, on the same rows."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import run_service_tests

from benchmarks.api.databases import CREATED, FOLDER, Databases, on_postgresql, on_sqlite
from benchmarks.api.peers import Peer, peers
from benchmarks.harness import usage
from benchmarks.harness.load_generator import LoadGenerator, load_generator
from benchmarks.harness.results import Measure, Result
from benchmarks.harness.rounds import UNIT, Plan, measure
from benchmarks.harness.scenarios import Answer, Request, Scenario, Target, read_json
from benchmarks.harness.servers import running

TITLE = "API: the same five operations in several frameworks"
PAGE_SIZE = 20
MEMORY = "Memory"
SHORTER = 7 / 3  # windows, and as many more: a shared machine changes its pace within seconds
NEW = {"name": CREATED, "price": "12.50", "quantity": 3, "active": True, "category_id": 4}
NOT_VALID: list[dict[str, Any]] = [
    {"name": ""},
    {"name": "x" * 101},
    {"price": "0.00"},
    {"price": "1.005"},
    {"quantity": -1},
    {"category_id": 999},
]


def run(plan: Plan) -> Result:
    plan = replace(plan, rounds=round(plan.rounds * SHORTER), seconds=plan.seconds / SHORTER)
    found, left_out = peers()
    notes = ["What was created is deleted after every window, so that no list grows.", *left_out]
    kinds: list[AbstractContextManager[Databases]] = [on_sqlite()]
    if programs := run_service_tests.programs():
        kinds.append(on_postgresql(programs))
    else:
        notes.append("PostgreSQL was left out: its programs are not installed.")
    measures: list[Measure] = []
    with load_generator() as generator:
        for kind in kinds:
            with kind as databases:
                print(f"  {databases.title}", flush=True)
                measures += measure_on(databases, found, plan, generator)
    measures.sort(key=lambda measure: measure.group == MEMORY)  # last
    facts = {name: peer.facts for name, peer in found.items()}
    return Result("api", TITLE, "longhouse", facts, measures, notes)


def measure_on(
    databases: Databases, found: Mapping[str, Peer], plan: Plan, generator: LoadGenerator
) -> list[Measure]:
    """All scenarios on one kind of database, then the memory that the peers have come to."""
    programs = {name: peer.program(databases.url_of(name)) for name, peer in found.items()}
    asked = scenarios(databases)
    with running(programs, FOLDER / "logs" / databases.name) as servers:
        targets = {
            name: Target(server, partial(found[name].sign_in, databases.facts))
            for name, server in servers.items()
        }
        figures = measure(targets, asked, plan, generator, databases.cpu_seconds)
        memory = {name: [usage.memory_mb(server.pids())] for name, server in servers.items()}
    kind = databases.title
    measures = [
        Measure(
            f"{databases.name} {scenario.name}",
            kind,
            scenario.title,
            UNIT,
            figures.own[scenario.name],
        )
        for scenario in asked
    ]
    if databases.name == "postgresql":
        measures += [
            Measure(
                f"database {scenario.name}",
                f"{kind} itself",
                scenario.title,
                f"CPU of {kind}, µs per request",
                figures.shared[scenario.name],
            )
            for scenario in asked[1:]
        ]
    measures.append(
        Measure(f"{databases.name} memory", MEMORY, f"After the load, {kind}", "MB (PSS)", memory)
    )
    return measures


def scenarios(databases: Databases) -> list[Scenario]:
    rows = [canonical(row) for row in databases.facts.items]
    user = databases.facts.user
    mine = [row for row in rows if row["owner_id"] == user]
    created = NEW | {"category": "Category 4", "owner_id": user}
    del created["category_id"]
    return [
        Scenario("hello", "Hello", [Request("/api/hello", {"message": "hello"})]),
        Scenario(
            "one",
            "One row with its category",
            [Request(f"/api/items/{row['id']}", row) for row in rows[::100]],
            read=read_items,
        ),
        Scenario(
            "list",
            "A page of 20 of 1,000 rows, with a join",
            [
                Request(f"/api/items?page={page}", rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
                for page in range(1, 11)
            ],
            read=read_items,
        ),
        Scenario(
            "my",
            "The signed-in person's 20 rows",
            [Request("/api/my/items", mine, signed_in=True)],
            read=read_items,
            refused=[Request("/api/my/items")],
        ),
        Scenario(
            "create",
            "Create a row, with validation",
            [creation({}, created)],
            read=read_created,
            fields=list(created),
            refused=[creation(wrong) for wrong in NOT_VALID] + [creation({}, signed_in=False)],
            reset=databases.reset,
        ),
    ]


def creation(change: dict[str, Any], expected: Any = None, *, signed_in: bool = True) -> Request:
    return Request(
        "/api/items",
        expected,
        method="POST",
        data=NEW | change,
        signed_in=signed_in,
        status=201,
    )


def canonical(row: dict[str, Any]) -> dict[str, Any]:
    """Times as frameworks write them differently (Z, +00:00, fractions) in one form."""
    created_at = datetime.fromisoformat(row["created_at"])
    if created_at.utcoffset() != timedelta(0):
        raise ValueError(f"{row['created_at']} is not in UTC")
    return row | {"created_at": created_at.isoformat()}


def read_items(answer: Answer) -> Any:
    found = read_json(answer)
    return canonical(found) if isinstance(found, dict) else [canonical(row) for row in found]


def read_created(answer: Answer) -> Any:
    """What was created, without what is new every time: its id and the time."""
    row = canonical(read_json(answer))
    UUID(row.pop("id"))
    age = datetime.now(UTC) - datetime.fromisoformat(row.pop("created_at"))
    if abs(age) > timedelta(minutes=1):
        raise ValueError(f"created {age} ago")
    return row
