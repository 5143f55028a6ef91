"""From signing up to a forgotten password, as people do it in a browser."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitors import DESKTOP, PHONE, Visitor
from tests.house import House
from tests.journeys.accounts import (
    AuthenticatorApp,
    PasskeyDevice,
    code_for,
    link_for,
    mails,
    prove_by_password,
    sign_out,
    wait_for,
)

SECRET = "a long walk past nine mills"
# The answers by which allauth names the next step, or hands out a secret.
STEPS = ["401 (Unauthorized)", "404 (Not Found)"]


@pytest.fixture
def newcomer(browser_of: Callable[..., Visitor], house: House, request) -> tuple[Visitor, str]:
    """Somebody who has just signed up, and their address."""
    visitor = browser_of(**DESKTOP)
    visitor.expected = list(STEPS)
    address = f"{request.node.name.removeprefix('test_')[:40]}@people.example"
    sign_up(visitor.page, house, address)
    return visitor, address


def sign_up(page: Page, house: House, address: str) -> None:
    page.goto("/sign-up")
    page.get_by_label("Name").fill("Nora Newcomer")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_focused()
    expect(page.get_by_label("Code")).to_be_visible()  # the mail has left by now
    page.get_by_label("Code").fill(code_for(house, address))
    page.get_by_role("button", name="Confirm address").click()
    page.wait_for_url("**/app")


def enter(page: Page, address: str, secret: str = SECRET) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(secret)
    page.get_by_role("button", name="Sign in").click()


def turn_on_app(page: Page) -> AuthenticatorApp:
    page.goto("/app/security")
    page.get_by_role("button", name="Set up").click()
    dialog = page.get_by_role("dialog", name="Set up your authenticator app")
    expect(dialog.get_by_role("img", name="picture to scan")).to_be_visible()
    app = AuthenticatorApp(dialog.locator("code").inner_text())
    dialog.get_by_label("Code from the app").fill(app.code())
    dialog.get_by_role("button", name="Turn on").click()
    prove_by_password(page, SECRET)
    expect(page.get_by_text("Authenticator app is on")).to_be_visible()
    return app


def test_sign_up_asks_for_the_code_of_the_mail(newcomer, house):
    visitor, address = newcomer
    expect(visitor.page.get_by_text("Hello, Nora.")).to_be_visible()
    sign_out(visitor.page)
    enter(visitor.page, address)
    visitor.page.wait_for_url("**/app")


def test_what_is_wrong_is_said_beside_its_field(browser_of, house):
    visitor = browser_of(**PHONE)
    visitor.expected = [*STEPS, "400 (Bad Request)", "429 (Too Many Requests)"]
    page = visitor.page
    page.goto("/sign-up")
    page.get_by_label("Name").fill("Carl Careless")
    page.get_by_label("Email").fill("careless@people.example")
    page.get_by_label("Password").fill("12345")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Code").fill("WRONG1")
    page.get_by_role("button", name="Confirm address").click()
    expect(page.get_by_label("Code")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Send another code").click()
    expect(page.get_by_text("The last code was sent only just now.")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_visible()  # the mail has left by now
    page.get_by_label("Code").fill(code_for(house, "careless@people.example"))
    page.get_by_role("button", name="Confirm address").click()
    page.wait_for_url("**/app")


def test_a_code_of_a_mail_signs_people_in(browser_of, house):
    visitor = browser_of(**DESKTOP)
    visitor.expected = list(STEPS)
    page = visitor.page
    page.goto("/sign-in?next=/app/profile")
    page.get_by_label("Email").fill("visitor@demo.example")
    page.get_by_role("button", name="Email me a code").click()
    expect(page.get_by_label("Code")).to_be_visible()  # the mail has left by now
    page.get_by_label("Code").fill(code_for(house, "visitor@demo.example"))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/app/profile")


def test_the_authenticator_app_is_asked_for_and_a_recovery_code_stands_in(newcomer):
    visitor, address = newcomer
    page = visitor.page
    app = turn_on_app(page)
    page.get_by_role("button", name="View").click()
    codes = page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    spare = codes.first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert spare in Path(download.value.path()).read_text()
    page.keyboard.press("Escape")

    sign_out(page)
    enter(page, address)
    expect(page.get_by_label("Code")).to_be_focused()
    page.get_by_label("Code").fill(app.code())
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/app")

    sign_out(page)
    enter(page, address)
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(spare)
    page.get_by_label("Do not ask again in this browser").check()
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/app")
    page.goto("/app/security")
    expect(page.get_by_text("9 of 10 left")).to_be_visible()

    # This browser is trusted now.
    sign_out(page)
    enter(page, address)
    page.wait_for_url("**/app")


def add_passkey(page: Page) -> PasskeyDevice:
    device = PasskeyDevice(page)
    page.goto("/app/security")
    page.get_by_role("button", name="Add a passkey").click()
    dialog = page.get_by_role("dialog", name="Add a passkey")
    dialog.get_by_label("Name").fill("Work laptop")
    dialog.get_by_role("button", name="Continue").click()
    prove_by_password(page, SECRET)
    expect(page.get_by_text("Passkey added")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Work laptop")).to_be_visible()
    return device


def test_a_passkey_is_offered_where_the_address_is_typed(newcomer):
    visitor, _ = newcomer
    page = visitor.page
    add_passkey(page)
    sign_out(page)
    page.goto("/sign-in?next=/app/profile")
    # Chosen from the browser's own list, as it were: nothing on the page was touched.
    wait_for(page, "/app/profile")


def test_a_passkey_can_stand_behind_the_password(newcomer):
    visitor, address = newcomer
    page = visitor.page
    device = add_passkey(page)
    sign_out(page)
    device.owner(there=False)
    enter(page, address)
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    expect(page.get_by_label("Recovery code")).to_be_visible()
    device.owner(there=True)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/app")


def test_a_passkey_signs_people_in_and_can_be_renamed_and_removed(newcomer):
    visitor, _ = newcomer
    page = visitor.page
    device = add_passkey(page)

    sign_out(page)
    device.owner(there=False)
    page.goto("/sign-in")
    expect(page.get_by_label("Email")).to_have_attribute("autocomplete", "username webauthn")
    # What waits behind the field has to make way for the button.
    device.wait_until_asked()
    device.owner(there=True)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/app")

    page.goto("/app/security")
    page.get_by_role("button", name="Rename Work laptop").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Old laptop")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    proof = page.get_by_role("dialog", name="Confirm that it is you")
    proof.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Passkey renamed")).to_be_visible()
    page.get_by_role("button", name="Remove Old laptop").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()


def test_other_devices_are_listed_and_can_be_signed_out(newcomer, browser_of):
    visitor, address = newcomer
    other = browser_of(**PHONE)
    other.expected = list(STEPS)
    enter(other.page, address)
    other.page.wait_for_url("**/app")

    page = visitor.page
    page.goto("/app/security")
    expect(page.get_by_text("This device")).to_have_count(1)
    page.get_by_role("button", name=re.compile("^Sign out .* on ")).click()
    expect(page.get_by_text("That device is signed out")).to_be_visible()
    other.page.goto("/app/profile")
    expect(other.page).to_have_url(re.compile(r"/sign-in\?next="))


def test_a_forgotten_password_is_replaced_by_the_link_of_a_mail(newcomer, house):
    visitor, address = newcomer
    visitor.expected += ["400 (Bad Request)"]
    page = visitor.page
    sign_out(page)
    page.goto("/sign-in")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill(address)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    link = link_for(house, address)
    page.goto(link)
    expect(page.get_by_text(address)).to_be_visible()
    page.get_by_label("New password").fill("nine mills past a long walk")
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    enter(page, address, "nine mills past a long walk")
    page.wait_for_url("**/app")

    page.goto(link)
    expect(page.get_by_text("This link does not work any more")).to_be_visible()


def test_a_second_address_is_confirmed_and_becomes_the_main_one(newcomer, house):
    visitor, address = newcomer
    page = visitor.page
    second = f"second-{address}"
    page.goto("/app/account")
    page.get_by_label("Another address").fill(second)
    page.get_by_role("button", name="Add address").click()
    prove_by_password(page, SECRET)
    expect(page.get_by_label("Code")).to_be_focused()
    expect(page.get_by_label("Code")).to_be_visible()  # the mail has left by now
    page.get_by_label("Code").fill(code_for(house, second))
    page.get_by_role("button", name="Confirm address").click()
    page.get_by_role("button", name=f"Make {second} the main address").click()
    expect(page.get_by_text(f"{second} is your main address now")).to_be_visible()
    page.get_by_role("button", name=f"Remove {address}").click()
    expect(page.get_by_text(f"{address} removed")).to_be_visible()
    page.goto("/app/profile")
    expect(page.get_by_text(second)).to_be_visible()


def test_people_take_their_data_along_and_leave(newcomer, house):
    visitor, address = newcomer
    visitor.expected += ["403 (Forbidden)", "400 (Bad Request)"]
    page = visitor.page
    page.goto("/app/account")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export my data").click()
    assert address in json.dumps(json.loads(Path(download.value.path()).read_text()))
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_role("button", name="Delete for good").click()
    prove_by_password(page, SECRET)
    page.wait_for_url(re.compile(r":\d+/$"))
    enter(page, address)
    expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    assert mails(house, address)


def test_closing_the_dialog_changes_nothing_and_says_so(newcomer):
    visitor, _ = newcomer
    page = visitor.page
    page.goto("/app/account")
    page.get_by_label("Another address").fill("never@people.example")
    page.get_by_role("button", name="Add address").click()
    expect(page.get_by_role("dialog", name="Confirm that it is you")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Nothing was changed")).to_be_visible()
    expect(page.get_by_role("listitem").get_by_text("never@people.example")).to_have_count(0)
