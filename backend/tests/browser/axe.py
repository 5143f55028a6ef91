"""What axe-core has to say about a page."""

from typing import Any

from playwright.sync_api import Page

from config.env import ROOT

AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)  # a script element would be stopped by the content security policy
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(result => result.violations)")
    return [
        f"{rule['id']}: {rule['help']} ({node['target']} {node['html'][:120]})"
        for rule in found
        for node in rule["nodes"]
    ]


# Loaded, and nothing came for half a second. Not "networkidle": an open event stream is never idle.
IDLE = """() => {
  const count = performance.getEntriesByType('resource').length;
  if (window.settling?.count !== count) window.settling = {count, since: performance.now()};
  return document.readyState === 'complete' && !document.querySelector('[aria-busy=true]')
    && performance.now() - window.settling.since > 500;
}"""


def settle(page: Page) -> None:
    page.wait_for_function(IDLE)
    # Colours that are still fading in would be measured half way; spinners never end.
    page.evaluate(
        """Promise.all(document.getAnimations()
            .filter(animation => animation.effect.getComputedTiming().endTime < Infinity)
            .map(animation => animation.finished.catch(() => undefined)))"""
    )
