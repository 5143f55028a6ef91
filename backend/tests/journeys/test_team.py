"""What maintainers and managers do in the workshop."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitors import DESKTOP, PHONE, a_photo
from tests.journeys.museum import some_machine


def report_a_problem(browser_of, asset: str, text: str) -> None:
    page = browser_of(**PHONE).page
    page.goto(f"/r/{asset}")
    page.get_by_text("Flippers").click()
    page.get_by_label("What did you see?").fill(text)
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def open_report(page: Page, text: str) -> None:
    page.goto("/app/reports?sort=-created")
    page.get_by_role("link").filter(has_text=text).first.click()
    expect(page.get_by_role("main").get_by_text(text)).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_maintainer_logs_work_with_a_photo_and_closes_the_report(browser_of, size):
    text = f"The left flipper stays up ({size['viewport']['width']})."
    report_a_problem(browser_of, "M0010", text)
    maintainer = browser_of(**size)
    maintainer.expected = ["422 (Unprocessable Entity)"]
    page = maintainer.sign_in("maintainer")
    open_report(page, text)

    # What the server refuses is said at the field.
    page.get_by_label("Work done").fill("   ")
    page.get_by_label("Minutes").fill("20")
    page.get_by_role("button", name="Log work").click()
    expect(page.get_by_label("Work done")).to_have_attribute("aria-invalid", "true")

    page.get_by_label("Work done").fill("Cleaned the end-of-stroke switch and set its gap.")
    page.get_by_label("Condition now").select_option("good")
    page.get_by_label("This solves the problem").check()
    page.get_by_role("button", name="Log work and close").click()
    expect(page.get_by_text("Work logged, report closed")).to_be_visible()
    work = page.get_by_role("region", name="Work so far")
    expect(work.get_by_text("Closed the report")).to_be_visible()

    with page.expect_response("**/photos") as uploaded:
        work.locator("input[type=file]").set_input_files([a_photo()])
    assert uploaded.value.status == 201
    expect(work.get_by_text("Being processed")).to_be_visible()  # feature: jobs
    # without jobs: expect(work.get_by_role("img").first).to_be_visible()


def test_what_is_no_picture_is_refused_beside_the_button(browser_of):
    text = "The right flipper is weak."
    report_a_problem(browser_of, "M0011", text)
    visitor = browser_of(**DESKTOP)
    visitor.expected = ["422 (Unprocessable Entity)"]
    page = visitor.sign_in("maintainer")
    open_report(page, text)
    bad = {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture"}
    page.locator("input[type=file]").first.set_input_files([bad])
    expect(page.get_by_text(re.compile("not a picture that we can read"))).to_be_visible()
    page.get_by_role("button", name="Dismiss notes.jpg").click()
    expect(page.get_by_text(re.compile("not a picture that we can read"))).to_have_count(0)


def test_a_manager_edits_and_is_told_of_a_change_in_between(browser_of):
    visitor = browser_of(**DESKTOP)
    visitor.expected = ["409 (Conflict)"]
    page = visitor.sign_in("manager")
    machine = some_machine(page)
    page.goto(f"/app{machine}")
    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Notes").fill("Mine: leave the lock open.")

    other = browser_of(**DESKTOP).sign_in("manager", path=f"/app{machine}")
    other.get_by_role("button", name="Edit").click()
    other.get_by_role("dialog").get_by_label("Notes").fill("Theirs: the key is in the drawer.")
    other.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(other.get_by_role("dialog")).to_have_count(0)

    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Somebody changed this meanwhile")).to_be_visible()
    expect(dialog.get_by_text("Theirs: the key is in the drawer.")).to_be_visible()
    dialog.get_by_role("button", name="Keep yours").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Mine: leave the lock open.")).to_be_visible()


def test_a_condition_that_a_colleague_set_is_not_overwritten(browser_of):
    text = "It swallowed two balls."
    report_a_problem(browser_of, "M0012", text)
    visitor = browser_of(**DESKTOP)
    visitor.expected = ["409 (Conflict)"]
    page = visitor.sign_in("maintainer")
    open_report(page, text)
    condition = page.get_by_label("Condition now")
    before = condition.input_value()
    theirs, mine = [status for status in ("broken", "fixing", "unknown") if status != before][:2]

    other = browser_of(**DESKTOP).sign_in("manager")
    open_report(other, text)
    other.get_by_label("Work done").fill("The trough is bent.")
    other.get_by_label("Condition now").select_option(theirs)
    other.get_by_role("button", name="Log work").click()
    expect(other.get_by_text("Work logged")).to_be_visible()

    # Who did not touch the condition has nothing to say about it.
    work = page.get_by_role("region", name="Work so far")
    page.get_by_label("Work done").fill("Only wiped the glass.")
    page.get_by_role("button", name="Log work").click()
    expect(work.get_by_text("Only wiped the glass.")).to_be_visible()
    expect(condition).to_have_value(theirs)

    # Who did, is told what happened meanwhile, and keeps the text.
    page.get_by_label("Work done").fill("Took it apart.")
    condition.select_option(mine)
    other.get_by_label("Work done").fill("Bent it back.")
    other.get_by_label("Condition now").select_option("good")
    other.get_by_role("button", name="Log work").click()
    expect(other.get_by_text("Bent it back.")).to_be_visible()
    page.get_by_role("button", name="Log work").click()
    expect(page.get_by_text(re.compile("meanwhile. Choose again."))).to_be_visible()
    expect(condition).to_have_value("good")
    expect(page.get_by_label("Work done")).to_have_value("Took it apart.")
    condition.select_option(mine)
    page.get_by_role("button", name="Log work").click()
    expect(work.get_by_text("Took it apart.")).to_be_visible()
    expect(condition).to_have_value(mine)


def test_a_deletion_can_be_undone(browser_of):
    page = browser_of(**DESKTOP).sign_in("manager")
    page.goto("/app/machines")
    machine = page.request.get("/api/machines?page_size=2&sort=-year").json()["items"][1]
    page.goto(f"/app/machines/{machine['slug']}")
    page.get_by_role("button", name="Delete").first.click()
    expect(page).to_have_url(re.compile("/app/machines$"))
    assert page.request.get(f"/api/machines/{machine['slug']}").status == 404
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1, name=machine["name"])).to_be_visible()


def test_a_part_goes_its_way_and_back(browser_of):
    page = browser_of(**DESKTOP).sign_in("maintainer", path="/app/parts")
    status = page.get_by_label(re.compile("^Status of")).first
    before = status.input_value()
    target = "received" if before != "received" else "ordered"
    with page.expect_response("**/api/parts/*") as changed:
        status.select_option(target)
    assert changed.value.status == 200
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label(re.compile("^Status of")).first).to_have_value(before)


def test_a_visitor_with_an_account_sees_no_workshop_data(browser_of):
    page = browser_of(**DESKTOP).sign_in("visitor")
    expect(page.get_by_text("Your account has no access to the workshop yet")).to_be_visible()
    page.goto("/app/reports")
    expect(page.get_by_text("Your account has no access to the workshop yet")).to_be_visible()
    expect(page.get_by_role("link").filter(has_text=re.compile("M0\\d\\d\\d"))).to_have_count(0)


def test_the_admin_finds_a_machine(browser_of):
    page = browser_of(**DESKTOP).sign_in("admin")
    page.goto("/admin/museum/machine/")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("machine"))
    page.goto("/admin/museum/machine/?q=firepower")
    page.locator("#result_list tbody a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_workshop_works_by_keyboard(browser_of):
    page = browser_of(**DESKTOP).sign_in("maintainer")
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile("/app/reports"))
    expect(page.get_by_role("status").filter(has_text="report")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/app/reports/[0-9a-f-]{36}"))


def test_labels_print_one_code_for_each_machine(browser_of):
    page = browser_of(**DESKTOP).sign_in("maintainer", path="/app/labels")
    total = page.request.get("/api/machines?page_size=1").json()["total"]
    expect(page.get_by_role("img", name=re.compile("QR code"))).to_have_count(total)
    page.emulate_media(media="print")
    expect(page.get_by_role("img", name=re.compile("QR code")).first).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_paper_is_white_in_every_theme(browser_of, theme):
    page = browser_of(color_scheme=theme, **DESKTOP).sign_in("maintainer", path="/app/labels")
    expect(page.get_by_role("img", name=re.compile("QR code")).first).to_be_visible()
    page.emulate_media(media="print")
    for element in ("html", "body", "main li"):
        colour = f"getComputedStyle(document.querySelector('{element}')).backgroundColor"
        assert page.evaluate(colour) in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}, element
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    # The menu is not printed, and leaves no column behind.
    sheet = page.get_by_role("main").bounding_box()
    assert sheet is not None
    assert sheet["width"] == DESKTOP["viewport"]["width"]


def test_a_phone_finds_the_labels(browser_of):
    page = browser_of(**PHONE).sign_in("maintainer", path="/app/machines")
    page.get_by_role("link", name="Labels").click()
    expect(page.get_by_role("heading", level=1, name="Labels")).to_be_visible()


@pytest.mark.parametrize("kind", ["machine", "problemreport"])
def test_the_admins_lists_fit_a_laptop(browser_of, kind):
    page = browser_of(**DESKTOP).sign_in("admin")
    page.goto(f"/admin/museum/{kind}/")
    sizes = page.locator(".results").evaluate("list => [list.scrollWidth, list.clientWidth]")
    assert sizes[0] <= sizes[1]
    first = page.locator("#result_list tbody th").first.bounding_box()
    assert first is not None
    assert kind == "machine" or first["width"] > 125, "two words and no more fit a line"


def test_the_menu_names_who_is_signed_in(browser_of):
    page = browser_of(**DESKTOP).sign_in("maintainer")
    name = page.locator("header").get_by_text(re.compile("^Milo "))
    shown = name.evaluate("p => [p.scrollWidth <= p.clientWidth, p.scrollHeight <= p.clientHeight]")
    assert shown == [True, True]
