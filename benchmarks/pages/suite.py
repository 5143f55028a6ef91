"""What the public pages cost a visitor: a phone on a slow connection, with a slow processor."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import browser
import run_tests
from playwright.sync_api import Browser, sync_playwright

from benchmarks.harness import house
from benchmarks.harness.environments import BENCH
from benchmarks.harness.results import Measure, PeerFacts, Result
from benchmarks.harness.rounds import Plan
from tests.browser.speed import BUDGET, MEASURE, Weights, slow_phone
from tests.browser.visitors import PHONE, Visitor
from tests.house import House
from tests.journeys.museum import fill_in  # feature: museum

TITLE = "Pages: a slow phone visits"
FOLDER = BENCH / "pages"
PATIENCE = 60_000  # ms
RIDES = 10_000  # of the wiki  # feature: wiki
TIMES = {
    "fcp": "First contentful paint",
    "lcp": "Largest contentful paint",
    "tti": "Time to interactive",
    "tbt": "Total blocking time",
}
KINDS = ("document", "stylesheet", "script", "image", "font")


def run(plan: Plan) -> Result:
    pages: list[str] = list(BUDGET["bytes"])
    samples: dict[str, dict[str, list[float]]] = {}
    with served() as site, chromium() as running:
        for _ in range(plan.rounds):
            for path in pages:
                for name, value in visit(running, site, path).items():
                    samples.setdefault(name, {}).setdefault(path, []).append(value)
        versions = {"chromium": running.version, **house.versions()}
    measures = []
    for name, title in TIMES.items():
        budget = {"budget": [float(BUDGET["milliseconds"][name])]}
        measures.append(Measure(name, "Times", title, "milliseconds", samples[name] | budget))
    budget = {"budget": [float(BUDGET["layout_shift"])]}
    measures.append(
        Measure("cls", "Layout shift", "Cumulative layout shift", "score", samples["cls"] | budget)
    )
    measures += [
        Measure(kind, "Weight", kind.capitalize(), "kB over the wire", samples[kind])
        for kind in KINDS
        if any(map(any, samples[kind].values()))
    ]
    throttling = ", ".join(f"{name} {value}" for name, value in BUDGET["throttling"].items())
    notes = [
        f"Throttled: {throttling}.",
        "A test asserts the budgets of the weights: benchmarks/pages/budgets.toml.",
        f"The wiki has {RIDES:,} rides.",  # feature: wiki
    ]
    facts = {path: PeerFacts(path, ours=True, versions=versions) for path in pages}
    facts["budget"] = PeerFacts("Budget", ours=False, versions={})
    return Result("pages", TITLE, "", facts, measures, notes)


def visit(chromium: Browser, site: House, path: str) -> dict[str, float]:
    """One visit by somebody who was never here: milliseconds, layout shift, kilobytes by kind."""
    phone: dict[str, Any] = PHONE
    context = chromium.new_context(base_url=site.url, **phone)
    context.set_default_timeout(PATIENCE)
    try:
        visitor = Visitor(context, site)
        visitor.expected = ["404 (Not Found)"]  # /nope is one on purpose
        path = fill_in(visitor.page, path)  # feature: museum
        devtools = slow_phone(visitor)
        rate = BUDGET["throttling"]["cpu_slowdown"]
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": rate})
        counted = Weights(visitor.page)
        answer = visitor.page.goto(path, wait_until="networkidle")
        if not answer or answer.status != (404 if path == "/nope" else 200):
            raise SystemExit(f"{path} answers {answer and answer.status}")
        seen = visitor.page.evaluate(MEASURE)
        if complaints := visitor.unexpected():
            raise SystemExit(f"{path}: the console says {complaints}")
        weights = dict.fromkeys(KINDS, 0.0)
        weights |= {kind: size / 1000 for kind, size in counted.by_kind().items()}
    finally:
        context.close()
    return {name: float(seen[name]) for name in (*TIMES, "cls")} | weights


@contextmanager
def served() -> Iterator[House]:
    """The production server on a copy of the demo data, as the journeys visit it."""
    run_tests.build_when_stale()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    site = House(FOLDER)
    site.manage("fill_wiki", str(RIDES), "--force")  # feature: wiki
    try:
        site.start()
        yield site
    finally:
        site.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    path = browser.find() or browser.install()
    if not path:
        raise SystemExit(f"No Chromium was found. {browser.ADVICE}")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield running
        running.close()
