"""The benchmarks without any load: the arithmetic, the goals, the page, what is committed."""

import asyncio
import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.env import ROOT

BENCHMARKS = ROOT / "benchmarks"


@pytest.fixture
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Imports a module of the benchmarks, as scripts/lib/bench.py lets it be found."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts" / "lib"))
    monkeypatch.syspath_prepend(str(ROOT))
    yield lambda name: importlib.import_module(f"benchmarks.{name}")
    for name in [name for name in sys.modules if name.partition(".")[0] == "benchmarks"]:
        del sys.modules[name]


@pytest.fixture
def harness(benchmarks: Any) -> Any:
    """Imports a module of the harness."""
    return lambda name: benchmarks(f"harness.{name}")


def result_of(harness: Any, **samples: list[float]) -> Any:
    results = harness("results")
    facts = {
        name: results.PeerFacts(f"The {name}", ours=name == "ours", versions={"python": "3"})
        for name in samples
    }
    measure = results.Measure("list", "SQLite", "A <list>", "µs", samples)
    return results.Result("api", "The API", "ours", facts, [measure], ["A note."], {"cores": 2})


def test_medians_spread_and_ratios(harness: Any) -> None:
    results = harness("results")
    assert results.median([5.0, 1.0, 3.0]) == 3
    assert results.spread([5.0, 1.0, 4.0]) == 1  # (5 - 1) / 4
    assert results.spread([0.0, 0.0]) == 0
    ratio = results.ratio([10.0, 20.0, 30.0], [20.0, 10.0, 20.0])
    assert (ratio.middle, ratio.low, ratio.high) == (1.0, 0.5, 2.0)


def test_a_ratio_is_of_the_same_rounds(harness: Any) -> None:
    with pytest.raises(ValueError, match="longer"):
        harness("results").ratio([1.0], [1.0, 2.0])


@pytest.mark.parametrize(("ours", "met"), [([70.0, 71.0, 60.0], True), ([71.0, 72.0, 60.0], False)])
def test_a_goal_is_met_by_the_ratio_of_medians(harness: Any, ours: list[float], met: bool) -> None:
    goals = harness("goals")
    result = result_of(harness, ours=ours, theirs=[100.0, 100.0, 100.0])
    goal = goals.Goal("A list", "api", ["list"], "ours", "theirs", 0.7)
    assert [verdict.met for verdict in goals.verdicts([goal], [result])] == [met]


def test_what_is_farthest_from_its_goal_comes_first(harness: Any) -> None:
    goals = harness("goals")
    result = result_of(harness, ours=[10.0], near=[10.0], far=[2.0])
    wanted = [
        goals.Goal(against, "api", ["list"], "ours", against, 0.7)
        for against in ("near", "far", "absent")
    ]
    found = goals.verdicts(wanted, [result])
    assert [verdict.goal.title for verdict in found] == ["absent", "far", "near"]
    assert found[0].ratio is None
    assert not found[0].met


def test_a_result_comes_back_as_it_was_saved(
    harness: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = harness("results")
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    result = result_of(harness, ours=[1.0, 2.0], theirs=[3.0, 4.0])
    assert results.load(results.save(result)) == result


def test_the_page_and_the_table_show_every_figure(harness: Any) -> None:
    result = result_of(harness, ours=[1200.0], theirs=[600.0])
    goals = harness("goals")
    verdicts = goals.verdicts([goals.Goal("Goal", "api", ["list"], "ours", "theirs", 3)], [result])
    page = harness("page").render([result], verdicts)
    table = harness("table").text(result) + harness("table").goals(verdicts)
    for shown in ("1,200", "600"):
        assert shown in page
        assert shown in table
    assert "A &lt;list&gt;" in page
    assert "The theirs" in page
    assert "A note." in page
    assert "2.00×" in page
    assert "A <list>" in table
    assert "2.00x" in table


def test_the_committed_page_is_made_from_the_committed_results(harness: Any) -> None:
    page, goals, results = harness("page"), harness("goals"), harness("results").load_all()
    fresh = page.render(results, goals.verdicts(goals.load(), results))
    assert page.PAGE.read_text() == fresh, "scripts/bench --page renews it"


def test_the_page_needs_nothing_else(harness: Any) -> None:
    text = harness("page").PAGE.read_text()
    for tag in ("<script", "<link", "<img", "@import", "url("):
        assert tag not in text
    assert "prefers-color-scheme: dark" in text


def test_every_suite_has_results(harness: Any) -> None:
    suites = {path.parent.name for path in BENCHMARKS.glob("*/suite.py")}
    assert {result.suite for result in harness("results").load_all()} == suites


def test_every_goal_names_what_is_measured(harness: Any) -> None:
    results = {result.suite: result for result in harness("results").load_all()}
    for goal in harness("goals").load():
        for name in goal.measures:
            measure = results[goal.suite].measure(name)
            assert measure, f"{goal.title}: {goal.suite} measures no {name}"
            assert goal.against in measure.samples


def test_results_name_the_version_of_every_peer(harness: Any) -> None:
    for result in harness("results").load_all():
        measured = {peer for measure in result.measures for peer in measure.samples}
        assert measured == set(result.peers)
        assert result.machine["cores"]
        assert all(samples for measure in result.measures for samples in measure.samples.values())


PEER = """
import http.server, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/ready" else 404)
        self.end_headers()
        self.wfile.write(b"{}")

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def program_of(harness: Any, folder: Path, source: str) -> Any:
    (folder / "peer.py").write_text(source)

    def command(port: int) -> list[str]:
        return [sys.executable, "peer.py", str(port)]

    return harness("servers").Program(command, folder, {}, "/ready")


def test_a_server_is_stopped_whatever_happens(harness: Any, tmp_path: Path) -> None:
    programs = {"peer": program_of(harness, tmp_path, PEER)}
    seen: list[int] = []

    def interrupted() -> None:
        with harness("servers").running(programs, tmp_path / "logs") as running:
            assert running["peer"].ready_after > 0
            seen.extend(running["peer"].pids())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert seen
    assert not [pid for pid in seen if Path(f"/proc/{pid}").exists()]


def test_a_server_that_ends_is_named_with_its_log(harness: Any, tmp_path: Path) -> None:
    programs = {"peer": program_of(harness, tmp_path, "raise ValueError('no such table')")}
    with (
        pytest.raises(SystemExit, match=r"peer ended(.|\n)*no such table"),
        harness("servers").running(programs, tmp_path / "logs"),
    ):
        pass


@pytest.mark.parametrize(
    ("path", "expected", "complaint"),
    [("/", {}, "expected 200"), ("/ready", {"message": "hello"}, "expected {'message': 'hello'}")],
)
def test_a_wrong_answer_ends_the_run_with_the_peers_name(
    harness: Any, tmp_path: Path, path: str, expected: Any, complaint: str
) -> None:
    scenarios = harness("scenarios")
    scenario = scenarios.Scenario("hello", "Hello", [scenarios.Request(path, expected)])
    programs = {"peer": program_of(harness, tmp_path, PEER)}
    with harness("servers").running(programs, tmp_path / "logs") as running:
        target = scenarios.Target(running["peer"])
        with pytest.raises(SystemExit, match=f"peer, hello: {complaint}"):
            scenarios.prove(target, scenario)


def test_a_turn_of_jobs_measures_everything(
    benchmarks: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    systems, turn = benchmarks("jobs.systems"), benchmarks("jobs.turn")
    for module in (systems, turn):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    ours = systems._ours("SQLite", "sqlite")
    url = systems.Servers().database("ours", ours)
    figures = turn.turn("ours", ours, url, jobs=20, starts=2)
    assert figures.keys() == benchmarks("jobs.suite").MEASURES.keys()
    assert all(value > 0 for value in figures.values())


def test_a_job_that_ran_twice_or_never_ends_the_run(benchmarks: Any, tmp_path: Path) -> None:
    record = benchmarks("jobs.shared.trace_of_jobs").RECORD
    trace = tmp_path / "trace"
    trace.write_bytes(b"".join(record.pack(number, 1.0) for number in (0, 1, 1)))
    turn = benchmarks("jobs.turn").Turn("peer", trace, None)
    turn.enqueued = 3
    with pytest.raises(SystemExit, match=r"peer: .* exactly once: \{1: 2, 2: 0\}"):
        turn.check()


def test_lost_doubled_and_disordered_messages_are_counted(benchmarks: Any) -> None:
    clients = benchmarks("realtime.clients")
    one, other = (clients.Client(0, "/", websocket=False) for _ in range(2))
    one.got = [(0, 0.3), (2, 0.1), (1, 0.2), (2, 0.4)]
    other.got = [(0, 0.5), (1, 0.6), (2, 0.7), (3, 0.8)]
    found = clients.tally([one, other], range(4))
    assert (found.delivered, found.lost, found.doubled, found.disordered) == (7, 1, 1, 1)
    assert found.seconds == [0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8]


def test_our_server_tells_all_clients_everything(
    benchmarks: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    suite, processes = benchmarks("realtime.suite"), benchmarks("harness.processes")
    monkeypatch.setattr(suite, "FOLDER", tmp_path)
    monkeypatch.setattr(suite, "CLIENTS", 3)
    system = suite._ours("SQLite", suite._sqlite("ours"))
    system.make_tables()
    scenario = suite.Scenario("resume", "Cut off", messages=20, pause=0.02, dropped=1)
    with benchmarks("harness.servers").running({"ours": system.program()}, tmp_path) as servers:
        publisher = system.publisher("ours")
        try:
            figures = asyncio.run(suite.measure(system, servers["ours"], publisher, scenario))
        finally:
            processes.stop([publisher])
    assert figures == {"resume lost": 0, "resume doubled": 0, "resume disordered": 0}


def test_cpu_and_memory_are_read_of_a_whole_tree_of_processes(harness: Any) -> None:
    usage = harness("usage")
    if not usage.PROC.is_dir():
        pytest.skip("There is no /proc here.")
    burn = "import time\nwhile time.process_time() < 0.2: pass"
    child = f"{sys.executable} -c '{burn}'"
    # The first child ends before the clock is read, the second is alive.
    script = f"{child}; {child} & echo ready; sleep 60 & wait"
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, process_group=0) as shell:
        try:
            assert shell.stdout
            shell.stdout.readline()
            pids = usage.tree(shell.pid)
            assert len(pids) >= 2
            assert usage.cpu_seconds(pids) > 0.15
            assert usage.memory_mb(pids) > 0.1
        finally:
            os.killpg(shell.pid, signal.SIGKILL)
