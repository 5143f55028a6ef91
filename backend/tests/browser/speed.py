"""How fast and how heavy a page is on a slow phone; for the budgets' tests and the benchmarks."""

import tomllib

from playwright.sync_api import CDPSession, Page, Request

from config.env import ROOT
from tests.browser.visitors import Visitor

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


class Weights:
    """Counts the requests of a page from now on."""

    def __init__(self, page: Page) -> None:
        self.finished: list[Request] = []
        page.on("requestfinished", self._finished)

    def by_kind(self) -> dict[str, int]:
        """Bytes over the wire, without headers, by Playwright's kinds: script, image, ..."""
        weights: dict[str, int] = {}
        for request in self.finished:
            kind = request.resource_type
            weights[kind] = weights.get(kind, 0) + request.sizes()["responseBodySize"]
        return weights

    def _finished(self, request: Request) -> None:
        self.finished.append(request)
