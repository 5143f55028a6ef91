"""The working note of a report, written by two at once, one of them offline for a while."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import settle, violations
from tests.browser.visitors import DESKTOP, PHONE
from tests.journeys.test_team import open_report, report_a_problem


def note_of(page: Page):
    note = page.get_by_role("textbox", name="Working note")
    expect(note).to_be_visible()
    return note


def expect_state(page: Page, text: str) -> None:
    expect(page.get_by_role("region", name="Working note", exact=True)).to_contain_text(text)


def write_at(page: Page, key: str, text: str) -> None:
    """Type at the start (Home) or the end (End) of the note."""
    note_of(page).focus()
    page.keyboard.press(f"Control+{key}")
    page.keyboard.type(text, delay=5)


def test_two_write_one_note_and_one_of_them_is_offline_for_a_while(browser_of):
    text = "The spinner does not spin."
    report_a_problem(browser_of, "M0014", text)
    ada, bob = browser_of(**PHONE), browser_of(**DESKTOP)
    pages = [ada.sign_in("maintainer"), bob.sign_in("manager")]
    ada.expected = bob.expected = ["ERR_INTERNET_DISCONNECTED", "WebSocket"]
    for page in pages:
        open_report(page, text)
        expect_state(page, "Saved")
    settle(pages[0])
    before = pages[0].get_by_role("heading", name="Log work").bounding_box()

    write_at(pages[0], "End", "Coil measured.\n")
    expect(note_of(pages[1])).to_have_value("Coil measured.\n")
    expect_state(pages[1], "in line 2")
    for page in pages:
        settle(page)
        assert violations(page) == []
    # Nothing moves, whatever the note says of itself.
    assert pages[0].get_by_role("heading", name="Log work").bounding_box() == before

    pages[0].context.set_offline(True)
    expect_state(pages[0], "Offline")
    write_at(pages[0], "End", "Written in the cellar.")
    write_at(pages[1], "Home", "Ordered a coil.\n")
    expect_state(pages[1], "Saved")
    expect(note_of(pages[1])).to_have_value("Ordered a coil.\nCoil measured.\n")
    expect(note_of(pages[0])).to_have_value("Coil measured.\nWritten in the cellar.")
    pages[0].context.set_offline(False)
    whole = "Ordered a coil.\nCoil measured.\nWritten in the cellar."
    for page in pages:
        expect(note_of(page)).to_have_value(whole)
        expect_state(page, "Saved")

    # Undo takes back one's own words alone; what is stored is there for whoever comes next.
    note_of(pages[1]).press("Control+z")
    for page in pages:
        expect(note_of(page)).to_have_value(whole.removeprefix("Ordered a coil.\n"))
    pages[1].close()
    expect(pages[0].get_by_text("Writing too")).to_have_count(0)
    late = bob.new_page()
    late.goto(pages[0].url)
    expect(note_of(late)).to_have_value(whole.removeprefix("Ordered a coil.\n"))


HOSTILE = """# Plan

- [x] measured **3.9 Ω**
- [ ] [coil](https://example.org/coil)

<img src=x onerror="window.hurt = 1"><script>window.hurt = 2</script>
[click](javascript:window.hurt=3) <b style="color:red" onclick="window.hurt=4">bold</b>

| part | price |
|---|---|
| coil | 12 |
"""


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_preview_is_markdown_without_anything_that_runs(browser_of, size, theme):
    text = f"The drop targets stay down ({size['viewport']['width']}, {theme})."
    report_a_problem(browser_of, "M0015", text)
    page = browser_of(**size, color_scheme=theme).sign_in("maintainer")
    open_report(page, text)
    page.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="Working note, as it reads")
    expect(preview.get_by_text("Nothing is written here yet.")).to_be_visible()
    settle(page)
    assert violations(page) == []

    page.get_by_role("button", name="Write").click()
    note_of(page).fill(HOSTILE)
    expect_state(page, "Saved")
    page.get_by_role("button", name="Preview").click()
    expect(preview.get_by_role("heading", name="Plan", level=3)).to_be_visible()
    link = preview.get_by_role("link", name="coil")
    expect(link).to_have_attribute("href", "https://example.org/coil")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    expect(preview.get_by_role("cell", name="12")).to_be_attached()
    expect(
        preview.locator("img, script, style, input, [onclick], [onerror], [style]")
    ).to_have_count(0)
    expect(preview.locator("a[href^='javascript:']")).to_have_count(0)
    assert page.evaluate("window.hurt") is None
    settle(page)
    assert violations(page) == []
    # By the keyboard alone: to the view, and back.
    page.get_by_role("button", name="Write").focus()
    page.keyboard.press("Enter")
    expect(note_of(page)).to_have_value(HOSTILE)
