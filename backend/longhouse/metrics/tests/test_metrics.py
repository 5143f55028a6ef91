"""What Prometheus reads, and who else does not."""

import asyncio
import re
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import OperationalError, connection
from django.test import Client

from longhouse.jobs import services  # feature: jobs
from longhouse.jobs.tests import tasks  # feature: jobs
from longhouse.metrics import registry
from longhouse.metrics.requests import Measured

# feature: versioning
from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.conflicts import MergeConflict
from longhouse.versioning.merge import merge
from longhouse.versioning.models import Commit
from longhouse.versioning.tests.models import Area

# end feature: versioning

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-enough-characters"


@pytest.fixture(autouse=True)
def on(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    registry.discover()


def scraped() -> dict[str, float]:
    """Sample, as Prometheus writes it -> value."""
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    lines = answer.content.decode().splitlines()
    found = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in found}


def test_nothing_is_there_without_a_token(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    for given in ("Bearer ", "Bearer", ""):
        assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer ", f"Bearer {TOKEN}x", TOKEN, "Bearer \u00e9"])
def test_another_token_reads_nothing(given: str) -> None:
    answer = Client().get("/metrics", headers={"Authorization": given})
    assert answer.status_code == 401
    assert b"python_info" not in answer.content


def test_a_token_that_can_be_guessed_is_refused(settings: Any) -> None:
    assert [found for found in run_checks() if found.id == "metrics.E001"] == []
    settings.METRICS_TOKEN = "short"
    assert [found.id for found in run_checks()].count("metrics.E001") == 1


def test_the_process_is_told_of() -> None:
    assert scraped()["process_resident_memory_bytes"] > 0


def test_requests_are_counted_by_method_and_status() -> None:
    async def answering(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 418, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    async def ignored(message: Any) -> None:
        pass

    def count(method: str) -> float:
        name = f'http_request_seconds_count{{method="{method}",status="418"}}'
        return scraped().get(name, 0)

    measured: Any = Measured(answering)
    before = {method: count(method) for method in ("GET", "other")}
    for scope in (
        {"type": "http", "method": "GET"},
        {"type": "http", "method": "BREW"},
        {"type": "websocket"},
    ):
        asyncio.run(measured(scope, None, ignored))
    assert count("GET") == before["GET"] + 1
    assert count("other") == before["other"] + 1
    assert not [name for name in scraped() if "BREW" in name]


def test_a_database_that_is_away_leaves_what_the_process_knows() -> None:
    def refuse(*_: Any) -> Any:
        raise OperationalError("away")

    with connection.execute_wrapper(refuse):
        found = scraped()
    assert found["process_resident_memory_bytes"] > 0
    assert not [name for name in found if name.startswith(("jobs", "versioning_branches"))]


@pytest.fixture
def processes(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))


def test_processes_that_share_a_folder_are_told_of_together(processes: None) -> None:
    found = scraped()
    assert "process_resident_memory_bytes" not in found  # of one process alone
    assert [name for name in found if name.startswith("jobs{")]  # feature: jobs


# feature: jobs
def test_queues_are_told_of() -> None:
    services.enqueue(tasks.add, (1,))
    found = scraped()
    assert found['jobs{queue="default",state="available"}'] == 1
    assert found['jobs_oldest_seconds{queue="default"}'] >= 0
    assert found["jobs_workers"] == 0


# end feature: jobs
# feature: versioning
def test_version_control_is_told_of() -> None:
    def counts() -> dict[str, float]:
        found = scraped()
        prefix = "versioning_operation_seconds_count"
        return {
            "/".join(re.findall(r'"([a-z]+)"', name)): value
            for name, value in found.items()
            if name.startswith(prefix)
        }

    before = counts()
    Area.objects.create(name="North")
    branch = create_branch("draft")
    with branch_context(branch):
        Area.objects.update(name="Arctic")
    Area.objects.update(name="Nordic")
    with as_of(Commit.objects.latest("pk")):
        list(Area.objects.all())
    with pytest.raises(MergeConflict):
        merge(branch)
    assert scraped()["versioning_conflicts"] == 1
    assert scraped()['versioning_overlay_rows{model="versioning_tests.area"}'] == 1
    merge(branch, prefer="theirs")
    after = counts()
    # labels in the order of their names: operation, outcome, place
    for what in (
        *("insert/done/main", "update/done/branch", "update/done/main"),
        *("read/done/past", "merge/conflict/main", "merge/done/main"),
    ):
        assert after[what] == before.get(what, 0) + 1, what
    found = scraped()
    assert found['versioning_overlay_rows{model="versioning_tests.area"}'] == 0
    assert found['versioning_branches{status="draft"}'] == 1
    assert found["versioning_unsealed_commits"] == Commit.objects.count()


# end feature: versioning
