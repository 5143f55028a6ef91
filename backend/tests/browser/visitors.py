"""Chromium, and people who visit the house with it.

A folder of journeys takes the fixtures into its conftest.py, and `house` from where it likes.
"""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.house import House

PASSWORD = "longhouse"  # of the demo accounts
SIGN_IN = "/sign-in"  # feature: spa
# without spa: SIGN_IN = "/accounts/login/"
PATIENCE = 30_000  # ms; a busy machine is no reason to fail

expect.set_options(timeout=PATIENCE)


def mark(items: list[pytest.Item], folder: Path) -> None:
    """Mark the tests of a folder as such of a browser."""
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=os.environ.get("CHROMIUM_PATH") or None,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    )
    yield browser
    browser.close()


class Visitor:
    """One person's browser: a page, what its console said, and the ways they get around."""

    def __init__(self, context: BrowserContext, house: House) -> None:
        self.context = context
        self.house = house
        self.complaints: list[str] = []
        #: substrings of console messages that a journey provokes on purpose
        self.expected: list[str] = []
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        return page

    def _on_console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            where = message.location.get("url", "")
            self.complaints.append(f"{message.type}: {message.text} ({where})")

    def unexpected(self) -> list[str]:
        return [
            complaint
            for complaint in self.complaints
            if not any(part in complaint for part in self.expected)
        ]

    def sign_in(self, who: str, *, path: str = "/app") -> Page:
        self.page.goto(f"{SIGN_IN}?next={path}")
        self.fill_in_sign_in(who)
        self.page.wait_for_url(lambda url: urlsplit(url).path == path)
        return self.page

    def fill_in_sign_in(self, who: str) -> None:
        """Send the form on the page that is open."""
        self.page.get_by_label("Email").fill(f"{who}@demo.example")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def browser_of(chromium: Browser, house: House) -> Iterator[Callable[..., Visitor]]:
    """Makes browsers for as many people as a journey needs; fails when a console complained."""
    visitors: list[Visitor] = []

    def make(**options: Any) -> Visitor:
        context = chromium.new_context(base_url=house.url, **options)
        context.set_default_timeout(PATIENCE)
        visitors.append(Visitor(context, house))
        return visitors[-1]

    yield make
    complaints = [complaint for visitor in visitors for complaint in visitor.unexpected()]
    for visitor in visitors:
        visitor.context.close()
    assert not complaints, complaints


PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}


def a_photo(*, cut_off_at: int | None = None) -> dict[str, object]:
    """A picture as `set_input_files` wants it; or so many bytes of it."""
    buffer = io.BytesIO()
    Image.new("RGB", (1200, 900), "darkred").save(buffer, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()[:cut_off_at]}
