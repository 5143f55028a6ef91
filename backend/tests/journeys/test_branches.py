"""Branches in the SPA: what somebody proposes, what others say of it, and what becomes of it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import settle, violations
from tests.browser.visitors import DESKTOP, PHONE, Visitor
from tests.house import House
from tests.journeys.test_layout import outside

BRANCH = """
from apps.users.models import User
from longhouse.versioning.branches import create_branch
owner = User.objects.get(email="second@demo.example")
branch = create_branch({name!r}, title={title!r}, description="It opens in\\nspring.", owner=owner)
"""


def check(page: Page) -> None:
    settle(page)
    assert violations(page) == []
    assert outside(page) == []


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_branch_is_talked_about_closed_and_opened_again(
    browser_of: Callable[..., Visitor], house: House, size: dict[str, Any]
) -> None:
    name = f"hours-{size['viewport']['width']}"
    house.manage("shell", "--no-imports", "-c", BRANCH.format(name=name, title=f"Hours, {name}"))
    visitor = browser_of(**size)
    visitor.expected = ["422 (Unprocessable Entity)"]
    page = visitor.sign_in("second", path="/app/branches")
    page.get_by_label("Mine alone").check()
    check(page)
    page.get_by_role("link", name=f"Hours, {name}").click()
    expect(page.get_by_role("heading", name="Nothing yet")).to_be_visible()
    expect(page.get_by_text("Nobody has said anything yet.")).to_be_visible()
    page.get_by_label("Your comment").fill("From Easter on?")
    press(page, "Comment")
    expect(page.get_by_role("listitem").filter(has_text="From Easter on?")).to_be_visible()
    expect(page.get_by_label("Your comment")).to_have_value("")
    check(page)

    # What the server refuses is said where it was asked for.
    about = page.get_by_role("region", name="About")
    press(page, "Ask for reviews")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Ask for reviews").click()
    expect(dialog.get_by_text("Nothing was changed yet.")).to_be_visible()
    page.keyboard.press("Escape")

    press(page, "Close branch")
    page.get_by_role("dialog").get_by_role("button", name="Close branch").click()
    expect(about.get_by_text("closed")).to_be_visible()
    press(page, "Open again")
    page.get_by_role("dialog").get_by_role("button", name="Open again").click()
    expect(about.get_by_text("a draft")).to_be_visible()


# feature: wiki
CHANGE = """
from decimal import Decimal
from apps.wiki.models import Ride
from longhouse.versioning import reviews
from longhouse.versioning.branches import branch_context
with branch_context(branch):
    Ride.objects.filter(slug="taron").update(speed_kmh=Decimal(116), text="Fast.")
reviews.submit(branch, by=owner)
"""


def test_a_change_is_approved_and_merged(browser_of, house):
    code = BRANCH.format(name="speed-of-taron", title="Speed of Taron") + CHANGE
    house.manage("shell", "--no-imports", "-c", code)
    page = browser_of(**DESKTOP).sign_in("admin", path="/app/branches")
    page.get_by_label("State").select_option("open for review")
    page.get_by_role("link", name="Speed of Taron").click()
    change = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Taron"))
    expect(change.get_by_text("116")).to_be_visible()
    expect(page.get_by_text("Before it can be merged")).to_be_visible()
    check(page)
    page.get_by_label("Your comment").fill("So says the park.")
    press(page, "Approve")
    said = page.get_by_role("listitem").filter(has_text="So says the park.")
    expect(said.get_by_text("Approve", exact=True)).to_be_visible()
    expect(page.get_by_text("Before it can be merged")).to_have_count(0)
    press(page, "Merge")
    page.get_by_role("dialog").get_by_role("button", name="Merge").click()
    expect(page.get_by_role("heading", name="It is merged")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Open it in the wiki").click()
    expect(page.get_by_role("heading", level=1, name="Speed of Taron")).to_be_visible()


# end feature: wiki
