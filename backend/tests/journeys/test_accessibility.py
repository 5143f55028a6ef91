"""Every page, signed out and signed in, in both themes, on a phone and a desktop: no violation."""

from typing import Any

import pytest
from playwright.sync_api import Page

from config.env import ROOT
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.museum import fill_in  # feature: museum

AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text()
PUBLIC = [
    "/",
    # feature: museum
    "/about",
    "/machines",
    "{machine}",
    "/r/M0001",
    "/rooms",
    # end feature: museum
    "/sign-in",
    # feature: accounts
    "/accounts/login/",
    "/accounts/signup/",
    # end feature: accounts
    "/styleguide",
    "/nope",
]
# Who looks at what: the dashboard is not the same for everybody.
SIGNED_IN = [
    ("visitor", "/app"),
    ("visitor", "/app/profile"),
    # feature: accounts
    ("visitor", "/app/account"),
    ("visitor", "/app/security"),
    # end feature: accounts
    ("visitor", "/app/tokens"),  # feature: rest
    ("visitor", "/app/operations"),  # feature: workflows
    ("visitor", "/app/notifications"),  # feature: notifications
    ("admin", "/app"),
    # feature: accounts
    ("admin", "/accounts/email/"),
    ("admin", "/accounts/2fa/"),
    ("admin", "/accounts/sessions/"),
    ("admin", "/accounts/data/"),
    # end feature: accounts
    # feature: museum
    ("visitor", "/app/reports"),
    ("manager", "/app"),
    ("manager", "/app/machines"),
    ("manager", "/app/machines/import"),  # feature: workflows
    ("manager", "/app{machine}"),
    ("manager", "/app/reports"),
    ("manager", "/app/reports/{report}"),
    ("manager", "/app/parts"),
    ("manager", "/app/labels"),
    # end feature: museum
]


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


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_public_pages(browser_of, theme, size):
    visitor = browser_of(color_scheme=theme, **size)
    visitor.expected = ["404 (Not Found)"]  # /nope is one on purpose
    visitor.expected += ["400 (Bad Request)"]  # a link that has expired  # feature: accounts
    found = {}
    for path in PUBLIC:
        path = fill_in(visitor.page, path)  # feature: museum
        visitor.page.goto(path)
        settle(visitor.page)
        found[path] = violations(visitor.page)
    assert {path: bad for path, bad in found.items() if bad} == {}


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_people_who_signed_in(browser_of, theme, size):
    people = sorted({who for who, _ in SIGNED_IN})
    pages = {who: browser_of(color_scheme=theme, **size).sign_in(who) for who in people}
    found = {}
    for who, path in SIGNED_IN:
        page = pages[who]
        path = fill_in(page, path)  # feature: museum
        page.goto(path)
        page.locator("main h1").wait_for()
        settle(page)
        found[who, path] = violations(page)
    assert {place: bad for place, bad in found.items() if bad} == {}
