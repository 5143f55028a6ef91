"""Access tokens for programs, made and revoked in the profile."""

import json
from urllib.request import Request, urlopen

from playwright.sync_api import expect

from tests.browser.axe import settle, violations
from tests.browser.visitors import DESKTOP, PHONE


def test_a_token_is_shown_once_and_revoked(browser_of):
    visitor = browser_of(**DESKTOP)
    visitor.expected = ["422 (Unprocessable"]  # no scope is chosen at first
    visitor.expected += ["403 (Forbidden"]  # has to say who they are  # feature: accounts
    page = visitor.sign_in("visitor", path="/app/profile")
    page.get_by_role("link", name="Access tokens").click()
    expect(page.get_by_text("No tokens yet")).to_be_visible()
    page.get_by_role("button", name="New token").click()
    dialog = page.get_by_role("dialog", name="New access token")
    dialog.get_by_label("Name").fill("Nightly export")
    dialog.get_by_role("button", name="Make token").click()
    # feature: accounts
    proof = page.get_by_role("dialog", name="Confirm that it is you")
    settle(page)
    assert violations(page) == []
    proof.get_by_label("Your password").fill("longhouse")
    proof.get_by_role("button", name="Continue").click()
    # end feature: accounts
    expect(dialog.get_by_text("Choose at least one.")).to_be_visible()
    dialog.get_by_label("Read everything").check()
    settle(page)
    assert violations(page) == []
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dialog.get_by_role("button", name="Make token").click()
    dialog.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Token copied")).to_be_visible()
    token = page.evaluate("navigator.clipboard.readText()")
    assert token == dialog.get_by_label("Token").input_value()
    settle(page)
    assert violations(page) == []
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_text("never used")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Nightly export")).to_be_visible()
    assert token not in page.content()

    page.get_by_role("button", name="Revoke Nightly export").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("No tokens yet")).to_be_visible()


def test_a_phone_has_room_for_the_form(browser_of):
    page = browser_of(**PHONE).sign_in("visitor", path="/app/tokens")
    page.get_by_role("button", name="New token").click()
    expect(page.get_by_role("dialog").get_by_label("Ends after")).to_be_in_viewport()


def test_a_program_that_signed_in_is_signed_out(browser_of, house):
    visitor = browser_of(**DESKTOP)
    body = json.dumps({"email": "visitor@demo.example", "password": "longhouse"}).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "Pocket/1.0"}
    urlopen(Request(f"{house.url}/api/v1/token/", body, headers)).close()
    page = visitor.sign_in("visitor", path="/app/tokens")
    expect(page.get_by_role("heading", name="Signed-in programs")).to_be_visible()
    expect(page.get_by_text("Pocket/1.0")).to_be_visible()
    settle(page)
    assert violations(page) == []
    page.get_by_role("button", name="Sign out Pocket/1.0").click()
    expect(page.get_by_text("Pocket/1.0 is signed out")).to_be_visible()
    expect(page.get_by_role("heading", name="Signed-in programs")).to_be_hidden()
