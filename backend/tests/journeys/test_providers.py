"""Signing in by another provider, which runs as a process of its own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitors import PASSWORD, Visitor
from tests.house import House
from tests.oidc.providers import running


@pytest.fixture(params=["allauth", "npm"])
def connected(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A house that knows a provider."""
    house = House(tmp_path / "house")
    callback = f"{house.url}/accounts/oidc/oidc/login/callback/"
    with running(request.param, callback=callback) as issuer:
        house.environment |= {
            "OIDC_ISSUER": issuer,
            "OIDC_CLIENT_ID": "house",
            "OIDC_CLIENT_SECRET": "secret",
            "OIDC_NAME": "Our directory",
        }
        house.start()
        yield house
        house.stop()


@pytest.fixture
def visitor(chromium: Browser, connected: House) -> Iterator[Visitor]:
    context = chromium.new_context(base_url=connected.url)
    visitor = Visitor(context, connected)
    visitor.expected = ["favicon.ico", "fonts.googleapis.com"]  # of the provider, in vain
    yield visitor
    assert visitor.unexpected() == []
    context.close()


def at_the_provider(page: Page) -> None:
    """Sign in there, and agree if it asks."""
    page.locator("[name=login]").fill("known")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    agree = page.get_by_role("heading", name="Authorize")
    expect(agree.or_(page.get_by_role("banner"))).to_be_visible()
    if agree.is_visible():
        page.get_by_role("button", name="Continue").click()


def test_another_provider_leads_back_to_where_people_wanted_to_go(visitor: Visitor):
    page = visitor.page
    page.goto("/sign-in?next=/app/account")
    page.get_by_role("button", name="Continue with Our directory").click()
    at_the_provider(page)
    # Nobody asks again for what the provider has told: its word on the address is believed.
    expect(page).to_have_url(re.compile("/app/account$"))
    expect(page.get_by_role("button", name="Disconnect Our directory")).to_be_visible()


def test_the_pages_of_django_lead_there_too(visitor: Visitor):
    """A form that is sent, and answered by a redirect: the policy of the page must allow it."""
    page = visitor.page
    page.goto("/accounts/login/?next=/accounts/3rdparty/")
    page.get_by_role("link", name="Our directory").click()
    page.get_by_role("button", name="Continue").click()
    at_the_provider(page)
    expect(page).to_have_url(re.compile("/accounts/3rdparty/$"))
    expect(page.get_by_role("main").get_by_text("Our directory").first).to_be_visible()
