"""Every page, signed out and signed in, in both themes, on a phone and a desktop: no violation."""

import pytest

from tests.browser.axe import settle, violations
from tests.browser.visitors import DESKTOP, PHONE
from tests.journeys.museum import fill_in  # feature: museum

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
