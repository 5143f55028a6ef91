"""The account pages that Django renders, as people without the app use them."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import settle, violations
from tests.browser.visitors import DESKTOP, Visitor
from tests.house import House
from tests.journeys.accounts import AuthenticatorApp, PasskeyDevice, code_for, wait_for

SECRET = "a long walk past nine mills"


@pytest.fixture
def newcomer(browser_of: Callable[..., Visitor], house: House, request) -> tuple[Page, str]:
    """The page of somebody who has just signed up, and their address."""
    page = browser_of(**DESKTOP).page
    address = f"{request.node.name.removeprefix('test_')[:40]}@pages.example"
    page.goto("/accounts/signup/?next=/accounts/email/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Your name").fill("Nora Newcomer")
    page.get_by_label("Password", exact=True).fill(SECRET)
    page.get_by_role("button", name="Sign up").click()
    page.get_by_label("Code").fill(code_for(house, address))
    page.get_by_role("button", name="Confirm").click()
    wait_for(page, "/accounts/email/")
    return page, address


def prove(page: Page) -> None:
    expect(page.get_by_role("heading", name="Confirm Access")).to_be_visible()
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("button", name="Confirm").click()


def enter(page: Page, address: str) -> None:
    page.goto("/accounts/login/?next=/accounts/sessions/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password", exact=True).fill(SECRET)
    page.get_by_role("button", name="Sign In", exact=True).click()


def leave(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    wait_for(page, "/")


def add_passkey(page: Page) -> PasskeyDevice:
    device = PasskeyDevice(page)
    page.goto("/accounts/2fa/webauthn/add/")
    prove(page)
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    wait_for(page, "/accounts/2fa/recovery-codes/")
    return device


def turn_on_app(page: Page) -> AuthenticatorApp:
    page.goto("/accounts/2fa/totp/activate/")
    app = AuthenticatorApp(page.get_by_label("Authenticator secret").input_value())
    page.get_by_label("Authenticator code").fill(app.code())
    page.get_by_role("button", name="Activate").click()
    wait_for(page, "/accounts/2fa/")
    return app


def test_a_passkey_opens_the_door_alone_and_behind_the_password(newcomer):
    page, address = newcomer
    device = add_passkey(page)

    # Offered where the address is typed, and chosen from the browser's own list, as it were.
    leave(page)
    page.goto("/accounts/login/?next=/accounts/data/")
    wait_for(page, "/accounts/data/")

    # By the button: what waits behind the field has to make way.
    leave(page)
    device.owner(there=False)
    page.goto("/accounts/login/?next=/accounts/sessions/")
    expect(page.get_by_label("Email")).to_have_attribute("autocomplete", "username webauthn")
    device.wait_until_asked()
    device.owner(there=True)
    page.get_by_role("button", name="Sign in with a passkey").click()
    wait_for(page, "/accounts/sessions/")

    # Behind the password.
    leave(page)
    device.owner(there=False)
    enter(page, address)
    expect(page.get_by_role("heading", name="Two-Factor Authentication")).to_be_visible()
    device.owner(there=True)
    page.get_by_role("button", name="Use a security key").click()
    page.get_by_role("button", name="Don't Trust").click()
    wait_for(page, "/accounts/sessions/")


def test_a_passkey_that_fails_is_told_on_the_page(newcomer):
    page, _ = newcomer
    leave(page)
    PasskeyDevice(page)  # with nothing on it
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was used")


def test_every_page_has_the_look_of_the_house_and_no_complaint(newcomer, house):
    page, address = newcomer
    device = add_passkey(page)
    device.owner(there=False)
    turn_on_app(page)
    page.goto("/accounts/2fa/webauthn/")
    edit = page.get_by_role("link", name="Edit").get_attribute("href")
    remove = page.get_by_role("link", name="Remove").get_attribute("href")
    assert edit
    assert remove
    bad = look(
        page,
        *("email/", "password/change/", "reauthenticate/", "sessions/", "3rdparty/"),
        *("data/", "delete/", "logout/"),
        *("2fa/", "2fa/reauthenticate/", "2fa/totp/deactivate/"),
        *("2fa/recovery-codes/", "2fa/recovery-codes/generate/"),
        *("2fa/webauthn/", "2fa/webauthn/add/", "2fa/webauthn/reauthenticate/", edit, remove),
    )
    leave(page)
    bad |= look(
        page,
        *("login/", "signup/", "login/code/", "password/reset/", "password/reset/done/"),
        *("3rdparty/login/cancelled/", "inactive/", "password/reset/key/none-of-ours/"),
    )
    enter(page, address)
    bad |= look(page, "2fa/authenticate/")
    assert bad == {}


def look(page: Page, *paths: str) -> dict[str, list[str]]:
    """What is wrong with each of these pages."""
    found = {}
    for path in paths:
        url = path if path.startswith("/") else f"/accounts/{path}"
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 200, (url, answer.status)
        assert page.url.partition("?")[0].endswith(url), (url, page.url)
        expect(page.locator("main h1")).to_be_visible()
        expect(page.get_by_role("banner").get_by_role("link", name="Longhouse")).to_be_visible()
        settle(page)
        found[url] = violations(page)
        theme = page.evaluate("getComputedStyle(document.body).getPropertyValue('--color-primary')")
        assert theme, f"{url} has no theme"
    return {url: bad for url, bad in found.items() if bad}


def test_people_take_their_data_along_and_leave(newcomer):
    page, address = newcomer
    page.goto("/accounts/")
    page.get_by_role("navigation").get_by_role("link", name="Your data").click()
    page.get_by_role("link", name="Export my data").click()
    with page.expect_download() as download:
        prove(page)
    assert address in json.dumps(json.loads(Path(download.value.path()).read_text()))

    page.goto("/accounts/data/")
    page.get_by_role("link", name="Delete my account").click()
    expect(page.get_by_text(address)).to_be_visible()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("Your account is deleted.")).to_be_visible()
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password", exact=True).fill(SECRET)
    page.get_by_role("button", name="Sign In", exact=True).click()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    assert re.search("/accounts/login/", page.url)
