"""Public pages, as everybody sees them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitors import DESKTOP, PHONE

ROOMS = "/rooms"  # feature: museum
# without museum: ROOMS = "/"


def test_every_room_has_a_door(browser_of):
    page = browser_of(**PHONE).page
    rooms = page.get_by_role("region", name="Under this roof")
    page.goto(ROOMS)
    rooms.get_by_role("link", name="Style guide").click()
    expect(page).to_have_url(re.compile("/styleguide$"))
    page.goto(ROOMS)
    rooms.get_by_role("link", name="Admin").click()
    expect(page).to_have_url(re.compile(r"/sign-in\?next=/admin/$"))  # feature: accounts
    # without accounts: expect(page).to_have_url(re.compile("/admin/login/"))
    page.goto(ROOMS)
    rooms.locator("a[href='/app']").click()
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))


def test_the_theme_follows_the_device_until_it_is_chosen(browser_of):
    visitor = browser_of(color_scheme="dark", **DESKTOP)
    page = visitor.page
    background = "getComputedStyle(document.documentElement).backgroundColor"
    page.goto("/")
    dark = page.evaluate(background)
    page.get_by_role("button", name="Switch light and dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "longhouse-light")
    page.wait_for_function(f"{background} !== '{dark}'")
    # The choice holds before the first paint of the next page.
    page.goto("/styleguide", wait_until="commit")
    page.wait_for_selector("body")
    assert page.evaluate("document.documentElement.dataset.theme") == "longhouse-light"


def test_an_unknown_page_is_a_real_404_with_a_way_back(browser_of):
    visitor = browser_of(**DESKTOP)
    visitor.expected = ["404 (Not Found)"]
    page = visitor.page
    answer = page.goto("/no/such/page")
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Home").click()
    expect(page).to_have_url(re.compile(r":\d+/$"))


@pytest.mark.parametrize("path", ["/", "/styleguide"])
def test_a_page_is_complete_without_javascript(browser_of, path):
    page = browser_of(java_script_enabled=False, **DESKTOP).page
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("contentinfo").get_by_role("link", name="Sign in")).to_be_visible()


def test_signing_in_waits_for_its_script(browser_of):
    """Sent by the browser itself, a password would go where nobody reads it."""
    page = browser_of(java_script_enabled=False, **PHONE).page
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Sign in")).to_be_disabled()
    expect(page.locator("noscript p")).to_contain_text("needs JavaScript")
    expect(page.locator("noscript p")).to_be_visible()
