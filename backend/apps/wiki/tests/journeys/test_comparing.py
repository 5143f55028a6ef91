"""Rides are picked here and there, and compared."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from apps.wiki.tests.journeys.conftest import check
from tests.browser.visitors import DESKTOP, PHONE, Visitor

SILVER_STAR = "/wiki/parks/europa-park/rides/silver-star/"


def pick(page: Page, ride: str) -> None:
    page.get_by_role("button", name=f"Compare {ride}", exact=True).click()


def test_rides_are_picked_and_compared(browser_of: Callable[..., Visitor]) -> None:
    page = browser_of(**PHONE).page
    tray = page.get_by_role("region", name="Rides to compare")
    page.goto("/wiki/rides/?q=phantasialand")
    first, second = page.get_by_role("button", name="Compare ").all()[:2]
    expect(tray).to_be_hidden()
    first.focus()
    page.keyboard.press("Space")
    expect(first).to_have_attribute("aria-pressed", "true")
    second.click()
    expect(tray.get_by_role("listitem")).to_have_count(2)
    check(page)
    second.click()
    expect(second).to_have_attribute("aria-pressed", "false")

    page.goto(SILVER_STAR)  # it is still there on the next page
    expect(tray.get_by_role("listitem")).to_have_count(1)
    pick(page, "Silver Star")
    check(page)
    page.get_by_role("link", name="Compare them").click()
    expect(page.get_by_role("columnheader")).to_have_count(2)
    expect(page.get_by_role("columnheader", name="Silver Star")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Begin anew").click()
    page.goto(SILVER_STAR)
    expect(page.get_by_role("button", name="Compare Silver Star")).to_have_attribute(
        "aria-pressed", "false"
    )
    expect(tray).to_be_hidden()


def test_no_more_are_picked_than_are_compared(browser_of: Callable[..., Visitor]) -> None:
    page = browser_of(**DESKTOP).page
    tray = page.get_by_role("region", name="Rides to compare")
    page.goto("/wiki/rides/")
    choices = page.get_by_role("button", name="Compare ").all()[:5]
    for choice in choices:
        choice.click()
    expect(tray.get_by_role("listitem")).to_have_count(4)
    expect(page.get_by_text("Only 4 rides are compared at once")).to_be_visible()
    tray.get_by_role("button", name="Take out").first.click()
    expect(tray.get_by_role("listitem")).to_have_count(3)
    check(page)
    tray.get_by_role("button", name="Clear").click()
    expect(tray).to_be_hidden()


def test_without_scripts_the_page_that_compares_is_a_link_away(
    browser_of: Callable[..., Visitor],
) -> None:
    page = browser_of(java_script_enabled=False, **DESKTOP).page
    page.goto(SILVER_STAR)
    page.get_by_role("link", name="Compare Silver Star").click()
    expect(page.get_by_role("columnheader", name="Silver Star")).to_be_visible()


def test_a_ride_that_is_not_there_cannot_be_compared(browser_of: Callable[..., Visitor]) -> None:
    page = browser_of(**DESKTOP).page
    page.goto("/wiki/compare/")
    another = page.get_by_label("Another ride")
    another.fill("nonsense")
    page.get_by_role("button", name="Add").click()
    assert another.evaluate("field => field.validity.patternMismatch")
    another.fill("europa-park/nonsense")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_have_text("There is no ride “europa-park/nonsense”.")
    check(page)


@pytest.mark.parametrize(
    ("path", "label", "text", "found"),
    [
        ("/wiki/parks/", "Name or city", "europa", "Europa-Park"),
        ("/wiki/rides/?as_of=2999-01-01", "Name, park or maker", "silver st", "Silver Star"),
    ],
)
def test_a_list_narrows_while_somebody_types(
    browser_of: Callable[..., Visitor], path: str, label: str, text: str, found: str
) -> None:
    page = browser_of(**DESKTOP).page
    page.goto(path)
    field = page.get_by_label(label, exact=True)
    expect(page.locator("#results").get_by_role("listitem")).not_to_have_count(1)
    field.press_sequentially(text, delay=20)
    expect(page.locator("#results").get_by_role("listitem")).to_have_count(1)
    expect(page.locator("#results")).to_contain_text(found)
    expect(field).to_be_focused()
    assert f"q={text.partition(' ')[0]}" in page.url
    check(page)
