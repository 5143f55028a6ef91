"""What a public page weighs, how often it asks, whether it jumps; its times are printed."""

import tomllib

import pytest
from playwright.sync_api import CDPSession, Request

from config.env import ROOT
from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.museum import fill_in  # feature: museum

BUDGET = tomllib.loads((ROOT / "benchmarks" / "pages" / "budgets.toml").read_text())

MEASURE = """() => new Promise(resolve => {
  const seen = {fcp: 0, lcp: 0, tbt: 0, tti: 0, cls: 0, moved: []};
  const observe = (type, see) =>
    new PerformanceObserver(list => list.getEntries().forEach(see)).observe({type, buffered: true});
  observe('paint', entry => {
    if (entry.name === 'first-contentful-paint') seen.fcp = entry.startTime;
  });
  observe('largest-contentful-paint', entry => { seen.lcp = entry.startTime; });
  observe('longtask', entry => {
    seen.tbt += Math.max(0, entry.duration - 50);
    seen.tti = entry.startTime + entry.duration;
  });
  observe('layout-shift', entry => {
    if (entry.hadRecentInput) return;
    seen.cls += entry.value;
    for (const {node, previousRect, currentRect} of entry.sources) {
      const name = node?.outerHTML?.slice(0, 80) ?? node?.textContent;
      seen.moved.push(`${name}: y ${previousRect.y} to ${currentRect.y}, at ${entry.startTime}`);
    }
  });
  setTimeout(() => {
    // Interactive: painted, scripts ran, and no long task since.
    const {domContentLoadedEventEnd} = performance.getEntriesByType('navigation')[0];
    seen.tti = Math.max(seen.fcp, seen.tti, domContentLoadedEventEnd);
    resolve(seen);
  }, 500);
})"""


def slow_phone(visitor: Visitor) -> CDPSession:
    """Emulate the connection: how far ahead Chromium loads pictures depends on what it has."""
    throttle = BUDGET["throttling"]
    bytes_per_second = throttle["kbit_per_second"] * 1000 / 8
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": throttle["latency_ms"],
            "downloadThroughput": bytes_per_second,
            "uploadThroughput": bytes_per_second,
            "connectionType": "cellular4g",
        },
    )
    return devtools


@pytest.mark.parametrize("path", BUDGET["bytes"])
def test_a_public_page_stays_within_its_budget(browser_of, path):
    visitor = browser_of(**PHONE)
    visitor.expected = ["404 (Not Found)"]  # /nope is one on purpose
    slow_phone(visitor)
    finished: list[Request] = []
    most = BUDGET["bytes"][path]
    path = fill_in(visitor.page, path)  # feature: museum
    visitor.page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108  (must be a function)
    visitor.page.goto(path, wait_until="networkidle")
    weights: dict[str, int] = {}
    for request in finished:
        kind = request.resource_type
        weights[kind] = weights.get(kind, 0) + request.sizes()["responseBodySize"]
    assert {kind: size for kind, size in weights.items() if size > most.get(kind, size)} == {}
    assert len(finished) <= BUDGET["requests"]


@pytest.mark.parametrize("path", BUDGET["bytes"])
def test_a_public_page_does_not_jump_on_a_slow_phone(browser_of, path, capsys):
    visitor = browser_of(**PHONE)
    visitor.expected = ["404 (Not Found)"]  # /nope is one on purpose
    path = fill_in(visitor.page, path)  # feature: museum
    devtools = slow_phone(visitor)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": BUDGET["throttling"]["cpu_slowdown"]})
    visitor.page.goto(path, wait_until="networkidle")
    seen = visitor.page.evaluate(MEASURE)
    with capsys.disabled():
        times = ", ".join(
            f"{name.upper()} {seen[name]:.0f}/{most}{' OVER' if seen[name] > most else ''}"
            for name, most in BUDGET["milliseconds"].items()
        )
        print(f"\n  {path:<10} measured/budget, ms: {times}; shift {seen['cls']:.3f}", end="")
    assert seen["cls"] <= BUDGET["layout_shift"], "\n".join(seen["moved"])
