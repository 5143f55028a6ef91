"""What people are told, while they look and afterwards."""

from playwright.sync_api import Page, expect

from tests.browser.axe import settle, violations
from tests.browser.visitors import DESKTOP, PHONE
from tests.journeys.test_team import report_a_problem


def bell(page: Page, unread: int) -> None:
    name = f"Notifications, {unread or 'none'} unread"
    expect(page.get_by_role("link", name=name)).to_be_visible()


def mark_all(page: Page) -> None:
    page.goto("/app/notifications")
    settle(page)
    everything = page.get_by_role("button", name="Mark all as read")
    if everything.is_enabled():
        everything.click()
    bell(page, 0)


def test_a_report_rings_the_bell_of_the_team_at_once(browser_of):
    page = browser_of(**PHONE).sign_in("maintainer")
    mark_all(page)
    other_tab = page.context.new_page()
    other_tab.goto("/app")
    bell(other_tab, 0)
    text = "The bell does not ring."
    report_a_problem(browser_of, "M0014", text)
    bell(other_tab, 1)
    page.bring_to_front()
    row = page.get_by_role("listitem").filter(has_text=text)
    expect(row).to_be_visible()
    settle(page)
    assert violations(page) == []
    row.get_by_role("button", name="Mark as read").click()
    bell(page, 0)
    bell(other_tab, 0)
    row.get_by_role("button", name="Mark as unread").click()
    bell(page, 1)
    row.get_by_role("link").click()
    page.wait_for_url("**/app/reports/*")
    expect(page.get_by_text(text).first).to_be_visible()
    bell(page, 0)


def test_one_chooses_what_one_is_told(browser_of):
    page = browser_of(**DESKTOP).sign_in("second")
    page.goto("/app/notifications")
    page.get_by_role("button", name="Choose what").click()
    choice = page.get_by_role("group", name="New problem reports")
    expect(choice.get_by_label("Here")).to_be_checked()
    settle(page)
    assert violations(page) == []
    with page.expect_response("**/api/notifications/choices/*") as answer:
        choice.get_by_label("By mail").select_option("At once")
    assert answer.value.ok
    page.reload()
    page.get_by_role("button", name="Choose what").click()
    expect(choice.get_by_label("By mail")).to_have_value("now")
