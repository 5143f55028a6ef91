"""What people do again and again in the journeys."""

from playwright.sync_api import Page, expect

from apps.wiki.tests.journeys.conftest import Scene


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def propose(scene: Scene, page: Page, title: str, **fields: str) -> str:
    """Change fields of the park and propose it; the address of the proposal."""
    page.goto(scene.edit)
    for label, value in fields.items():
        page.get_by_label(label.capitalize()).fill(value)
    press(page, "Save and propose")
    page.get_by_label("Title").fill(title)
    press(page, "Propose to the others")
    expect(page.get_by_text("It is proposed.")).to_be_visible()
    return page.url


def approve(page: Page, address: str) -> None:
    page.goto(address)
    press(page, "Approve")
    expect(page.get_by_text("has approved it.")).to_be_visible()


def merge(page: Page, address: str) -> None:
    try_to_merge(page, address)
    expect(page.get_by_text("It is part of the wiki now.")).to_be_visible()


def try_to_merge(page: Page, address: str) -> None:
    """Ask for the merge. Wait for what comes of it before going on."""
    page.goto(address)
    press(page, "Merge into the wiki")
