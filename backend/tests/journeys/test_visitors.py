"""What somebody without an account does."""

import re
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Route, expect

from tests.browser.visitors import DESKTOP, PHONE
from tests.journeys.museum import some_machine, untouched_machine


def test_a_visitor_reports_a_problem_by_the_code_on_the_machine(browser_of):
    visitor = browser_of(**PHONE)
    page = visitor.page
    page.goto("/r/M0003")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_text("Tap what fits best.")).to_be_visible()
    page.get_by_text("Ball stuck").click()
    page.get_by_label("What did you see?").fill("It sits behind the left ramp.")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_focused()

    maintainer = browser_of(**DESKTOP)
    desk = maintainer.sign_in("maintainer", path="/app/reports")
    expect(desk.get_by_text("It sits behind the left ramp.")).to_be_visible()


def test_the_report_form_waits_for_its_script(browser_of):
    """Sent by the browser itself, a report would go where nobody reads it."""
    page = browser_of(java_script_enabled=False, **PHONE).page
    page.goto("/r/M0003")
    expect(page.get_by_role("button", name="Send report")).to_be_disabled()
    expect(page.locator("noscript p")).to_contain_text("needs JavaScript")
    expect(page.locator("noscript p")).to_be_visible()


def test_what_was_filled_in_before_the_script_came_is_kept(browser_of):
    """On a slow connection people tap and write while the page's script is still on its way."""
    page = browser_of(**PHONE).page
    held: list[Route] = []
    arrived = False

    def script(route: Route) -> None:
        if arrived:
            route.continue_()
        else:
            held.append(route)

    page.route("**/_app/immutable/**/*.js", script)
    page.goto("/r/M0005", wait_until="commit")
    page.get_by_text("Flippers").click()
    page.get_by_label("What did you see?").fill("The left one sticks.")
    send = page.get_by_role("button", name="Send report")
    expect(send).to_be_disabled()
    assert held
    arrived = True
    for route in held:
        route.continue_()
    expect(page.get_by_role("radio", name="Flippers")).to_be_checked()
    expect(send).to_be_enabled()
    expect(page.get_by_role("radio", name="Flippers")).to_be_checked()
    with page.expect_response("**/api/reports") as sent:
        send.click()
    report = sent.value.request.post_data_json
    assert (report["category"], report["description"]) == ("flippers", "The left one sticks.")
    expect(page.get_by_role("heading", name="Thank you")).to_be_focused()


def test_a_report_without_a_connection_goes_out_later(browser_of):
    visitor = browser_of(**PHONE)
    visitor.expected = ["ERR_INTERNET_DISCONNECTED"]
    page = visitor.page
    page.goto("/r/M0004", wait_until="networkidle")
    visitor.context.set_offline(True)
    page.get_by_text("Sound").click()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_text("Kept on this phone")).to_be_visible()
    visitor.context.set_offline(False)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_a_report_whose_answer_was_lost_is_stored_once(browser_of):
    visitor = browser_of(**PHONE)
    visitor.expected = ["ERR_FAILED"]
    page = visitor.page
    tries = []

    def lose_the_first_answer(route):
        tries.append(route.request)
        if len(tries) == 1:
            assert route.fetch().status == 201
            route.abort()
        else:
            route.continue_()

    page.route("**/api/reports", lose_the_first_answer)
    page.goto("/r/M0005")
    page.get_by_text("Lights").click()
    page.get_by_label("What did you see?").fill("Dark since the answer was lost.")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_text("Kept on this phone")).to_be_visible()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert len(tries) == 2

    team = browser_of(**DESKTOP).sign_in("maintainer")
    found = team.request.get("/api/reports?q=dark+since+the+answer").json()
    assert found["total"] == 1


def test_a_visitor_finds_a_machine(browser_of):
    visitor = browser_of(**DESKTOP)
    page = visitor.page
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Machines").click()
    expect(page).to_have_url(re.compile("/machines$"))
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.fill("medieval madness")
    link = page.get_by_role("main").get_by_role("link", name=re.compile("Medieval Madness")).first
    expect(link).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=medieval"))
    link.click()
    expect(page.get_by_role("heading", level=1, name="Medieval Madness")).to_be_visible()
    expect(page).to_have_title(re.compile("Medieval Madness"))
    # What was searched is still there after going back.
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("medieval madness")


def test_the_list_filters_and_sorts_as_the_api_does(browser_of):
    page = browser_of(**DESKTOP).page

    def listed(query: str) -> list[dict[str, Any]]:
        """On all its pages: other journeys bring machines too."""
        items, number, pages = [], 0, 1
        while (number := number + 1) <= pages:
            url = f"/api/machines?page_size=100&page={number}&{query}"
            answer = page.request.get(url).json()
            pages = answer["pages"]
            items += answer["items"]
        return items

    makers = {machine["manufacturer"] for machine in listed("")}
    queries = [
        *("", "sort=year", "sort=-year", "sort=status", "status=broken&sort=year", "era=em"),
        *("q=1979", "q=197", "q=lawlor", "q=STEVE+ritchie", "q=m00", "q=M0042", "q=the+williams"),
        f"manufacturer={quote(max(makers))}&sort=status",
    ]
    for query in queries:
        found = [f"/machines/{machine['slug']}" for machine in listed(query)]
        assert found or query == "q=197", query
        page.goto(f"/machines?{query}")
        # The list is sorted once its script runs.
        page.wait_for_function(
            """found => JSON.stringify(found) === JSON.stringify(
                [...document.querySelectorAll('main article a')].map(a => a.pathname))""",
            arg=found,
        )


def test_nothing_found_says_so_and_offers_the_way_back(browser_of):
    page = browser_of(**PHONE).page
    page.goto("/machines?q=no-such-machine-anywhere")
    main = page.get_by_role("main")
    expect(main.get_by_role("link", name=re.compile("Medieval Madness"))).to_have_count(0)
    expect(main.get_by_text("No machine fits")).to_be_visible()
    main.get_by_role("button", name="Show all machines").click()
    expect(main.get_by_role("link", name=re.compile("Medieval Madness")).first).to_be_visible()


def test_public_pages_are_complete_without_javascript(browser_of):
    visitor = browser_of(java_script_enabled=False, **DESKTOP)
    page = visitor.page
    machine = untouched_machine(page)
    name = page.request.get(f"/api{machine}").json()["name"]
    page.goto("/machines")
    expect(page.get_by_role("link", name=re.compile(re.escape(name))).first).to_be_visible()
    page.goto(machine)
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Report"))).to_be_visible()


def test_a_link_preview_says_what_the_page_is(browser_of, house):
    page = browser_of(**DESKTOP).page
    machine = some_machine(page)
    page.goto(machine)
    head = {
        name: page.locator(f"meta[property='og:{name}']").get_attribute("content")
        for name in ("title", "description", "url", "image")
    }
    name = page.request.get(f"/api{machine}").json()["name"]
    assert name in str(head["title"])
    assert str(head["url"]).endswith(machine)
    assert str(head["image"]).startswith("http")
    canonical = page.locator("link[rel=canonical]").get_attribute("href")
    assert str(canonical).endswith(machine)
