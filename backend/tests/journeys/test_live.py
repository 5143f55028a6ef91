"""What people see change without doing anything, because somebody else did something."""

from playwright.sync_api import expect

from tests.browser.axe import settle, violations
from tests.browser.visitors import DESKTOP, PHONE
from tests.journeys.test_team import open_report, report_a_problem


def test_the_board_shows_a_visitors_report_at_once(browser_of):
    pages = [browser_of(**DESKTOP).sign_in(who) for who in ("maintainer", "manager")]
    pages[0].goto("/app/reports?sort=-created")
    for page in pages:
        page.get_by_role("main").get_by_role("list").first.wait_for()
    text = "The ball is stuck behind the bumper."
    report_a_problem(browser_of, "M0012", text)
    expect(pages[0].get_by_role("link").filter(has_text=text)).to_be_visible()

    # Somebody works on it; the other one, on the same page, sees that, and keeps what they wrote.
    for page in pages:
        open_report(page, text)
    pages[1].get_by_label("Work done").fill("I am writing this.")
    pages[0].get_by_label("Work done").fill("Freed the ball.")
    pages[0].get_by_label("This solves the problem").check()
    pages[0].get_by_role("button", name="Log work and close").click()
    work = pages[1].get_by_role("region", name="Work so far")
    expect(work.get_by_text("Freed the ball.")).to_be_visible()
    expect(pages[1].get_by_label("Work done")).to_have_value("I am writing this.")


def test_who_else_is_at_a_report(browser_of):
    text = "The lamp flickers."
    report_a_problem(browser_of, "M0013", text)
    first = browser_of(**PHONE)
    page = first.sign_in("maintainer")
    open_report(page, text)
    settle(page)
    before = page.get_by_role("heading", level=1).bounding_box()
    second = browser_of(**DESKTOP)
    other = second.sign_in("manager")
    open_report(other, text)
    for one in (page, other):
        expect(one.get_by_text("is here too")).to_be_visible()
        settle(one)
        assert violations(one) == []
    assert page.get_by_role("heading", level=1).bounding_box() == before  # nothing moved
    # Their second tab changes nothing; their last one does.
    again = second.new_page()
    again.goto(other.url)
    again.get_by_text("is here too").wait_for()
    other.close()
    expect(page.get_by_text("is here too")).to_be_visible()
    again.close()
    expect(page.get_by_text("is here too")).to_have_count(0)
