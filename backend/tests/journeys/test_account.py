"""What people with an account do: sign in, find their way, change their profile."""

import re

from playwright.sync_api import expect

from tests.browser.visitors import DESKTOP, PASSWORD, PHONE, a_photo


def test_a_deep_link_comes_back_after_signing_in(browser_of):
    visitor = browser_of(**DESKTOP)
    page = visitor.page
    page.goto("/app/profile?from=mail&part=2")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    visitor.fill_in_sign_in("visitor")
    expect(page).to_have_url(re.compile(r"/app/profile\?from=mail&part=2$"))
    expect(page.get_by_role("heading", level=1, name="Profile")).to_be_visible()


def test_no_link_leads_to_another_site_after_signing_in(browser_of):
    visitor = browser_of(**DESKTOP)
    visitor.page.goto("/sign-in?next=https://evil.example/app")
    visitor.fill_in_sign_in("visitor")
    expect(visitor.page).to_have_url(re.compile(r"^http://localhost:\d+/app$"))


def test_a_wrong_password_is_said_and_the_address_stays(browser_of):
    visitor = browser_of(**PHONE)
    visitor.expected = ["400 (Bad Request)"]  # feature: accounts
    # without accounts: visitor.expected = ["401 (Unauthorized)"]
    page = visitor.page
    page.goto("/sign-in")
    page.get_by_label("Email").fill("visitor@demo.example")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(re.compile("email address.* password"))).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("visitor@demo.example")


def test_a_session_that_ended_leads_to_sign_in_and_back(browser_of):
    visitor = browser_of(**DESKTOP)
    visitor.expected = ["401 (Unauthorized)"]
    page = visitor.sign_in("visitor", path="/app/profile")
    visitor.context.clear_cookies(name="sessionid")
    # Whatever asks first finds out; the page may have asked by itself, and be gone.
    page.get_by_role("button", name="Save").evaluate_all(
        "([save]) => save?.isConnected && save.click()"
    )
    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fapp%2Fprofile$"))
    visitor.fill_in_sign_in("visitor")
    expect(page).to_have_url(re.compile("/app/profile$"))


def test_the_dashboard_greets_and_leads_on(browser_of):
    page = browser_of(**PHONE).sign_in("visitor")
    expect(page.get_by_text("Hello, Vera.")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Admin")).to_have_count(0)
    page.get_by_role("main").get_by_role("link", name="Your profile").click()
    expect(page.get_by_role("heading", level=1, name="Profile")).to_be_visible()


def test_who_is_given_an_account_as_staff_finds_the_admin(browser_of):
    admin = browser_of(**DESKTOP).sign_in("admin")
    admin.goto("/admin/users/user/add/")
    admin.get_by_label("Email address").fill("newcomer@demo.example")
    admin.get_by_label("Display name").fill("Nora Newcomer")
    admin.get_by_label("Password:", exact=True).fill(PASSWORD)
    admin.get_by_label("Password confirmation").fill(PASSWORD)
    admin.get_by_role("button", name="Save", exact=True).click()
    admin.get_by_role("checkbox", name="Staff").check()
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_text("was changed successfully")).to_be_visible()

    page = browser_of(**DESKTOP).sign_in("newcomer")
    expect(page.get_by_text("Hello, Nora.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Admin").click()
    expect(page).to_have_url(re.compile("/admin/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_site_and_the_admin_share_one_session(browser_of):
    visitor = browser_of(**DESKTOP)
    visitor.expected = ["401 (Unauthorized)"]  # of what is under way when they sign out
    page = visitor.sign_in("admin")
    page.goto("/admin/users/user/?q=visitor")
    page.locator("#result_list tbody a").first.click()
    expect(page.get_by_label("Display name")).to_have_value("Vera Visitor")
    page.goto("/app")
    page.get_by_role("button", name="Sign out").first.click()
    expect(page).to_have_url(re.compile(r":\d+/$"))
    page.goto("/admin/")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))  # feature: accounts
    # without accounts: expect(page).to_have_url(re.compile("/admin/login/"))


def test_the_signed_in_pages_work_by_keyboard(browser_of):
    page = browser_of(**DESKTOP).sign_in("visitor")
    expect(page.get_by_role("heading", level=1, name="Dashboard")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("u")
    expect(page.get_by_role("heading", level=1, name="Profile")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_text("Go to your profile")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1, name="Dashboard")).to_be_visible()


def test_the_profile_keeps_name_theme_and_picture(browser_of):
    page = browser_of(color_scheme="light", **DESKTOP).sign_in("second", path="/app/profile")
    page.get_by_label("Name").first.fill("Sana the Second")
    page.get_by_role("radio", name="Dark").check()
    expect(page.locator("html")).to_have_attribute("data-theme", "longhouse-dark")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text(re.compile("saved", re.IGNORECASE)).first).to_be_visible()
    page.reload()
    expect(page.get_by_label("Name").first).to_have_value("Sana the Second")
    with page.expect_response("**/api/profile/avatar") as uploaded:
        page.locator("input[type=file]").set_input_files([a_photo()])
    assert uploaded.value.status == 200

    # The theme comes along to another device.
    other = browser_of(color_scheme="light", **PHONE).sign_in("second")
    expect(other.locator("html")).to_have_attribute("data-theme", "longhouse-dark")


def test_an_uploaded_picture_can_not_run_scripts(browser_of):
    page = browser_of(**DESKTOP).sign_in("visitor", path="/app/profile")
    with page.expect_response("**/api/profile/avatar") as uploaded:
        page.locator("input[type=file]").set_input_files([a_photo()])
    headers = page.request.get(uploaded.value.json()["avatar_url"]).headers
    assert headers["content-type"] == "image/webp"
    assert "sandbox" in headers["content-security-policy"]
