"""Every page, signed out and signed in, in both themes, on a phone and a desktop: no violation."""

from typing import Any

import pytest
from playwright.sync_api import Page

from config.env import ROOT
from tests.journeys.conftest import DESKTOP, PHONE, some_machine

AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text()
PUBLIC = ["/", "/about", "/machines", "{machine}", "/r/M0001", "/sign-in", "/styleguide", "/nope"]
TEAM = [
    "/app",
    "/app/machines",
    "/app{machine}",
    "/app/reports",
    "/app/reports/{report}",
    "/app/parts",
    "/app/labels",
    "/app/profile",
]


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)  # a script element would be stopped by the content security policy
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(result => result.violations)")
    return [
        f"{rule['id']}: {rule['help']} ({node['target']} {node['html'][:120]})"
        for rule in found
        for node in rule["nodes"]
    ]


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    # Colours that are still fading in would be measured half way; spinners never end.
    page.evaluate(
        """Promise.all(document.getAnimations()
            .filter(animation => animation.effect.getComputedTiming().endTime < Infinity)
            .map(animation => animation.finished.catch(() => undefined)))"""
    )


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_public_pages(browser_of, theme, size):
    visitor = browser_of(color_scheme=theme, **size)
    visitor.expected = ["404 (Not Found)"]  # /nope is one on purpose
    found = {}
    for path in PUBLIC:
        visitor.page.goto(path.format(machine=some_machine(visitor.page)))
        settle(visitor.page)
        found[path] = violations(visitor.page)
    assert {path: bad for path, bad in found.items() if bad} == {}


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_teams_pages(browser_of, theme, size):
    visitor = browser_of(color_scheme=theme, **size)
    page = visitor.sign_in("manager")
    report = page.request.get("/api/reports?page_size=1").json()["items"][0]["id"]
    found = {}
    for path in TEAM:
        page.goto(path.format(machine=some_machine(page), report=report))
        page.locator("main h1").wait_for()
        settle(page)
        found[path] = violations(page)
    assert {path: bad for path, bad in found.items() if bad} == {}
