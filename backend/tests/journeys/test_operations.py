"""Work that takes longer than a request: machines come in from a file, and people watch."""

import re
from collections.abc import Callable
from itertools import count, islice
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import settle, violations
from tests.browser.speed import BUDGET, MEASURE
from tests.browser.visitors import DESKTOP, PHONE
from tests.client import ApiClient
from tests.house import House
from tests.journeys.test_layout import outside
from tests.journeys.worker import SLOW

NUMBERS = count(5001)  # of machines that the house has not
HEADER = "name,manufacturer,year,era,asset_number,location"


@pytest.fixture
def table(house: House) -> Callable[..., dict[str, Any]]:
    """A CSV file of so many machines that the house has not, as `set_input_files` wants it."""
    _, catalogue = ApiClient(house.url).call("GET", "/api/catalogue")
    place = catalogue["locations"][0]["name"]

    def make(many: int, *more: str) -> dict[str, Any]:
        rows = [
            f"Silver Comet {n % 3},Rocket Works,1974,em,M{n},{place}" for n in islice(NUMBERS, many)
        ]
        text = "\n".join([HEADER, *rows, *more])
        return {"name": "machines.csv", "mimeType": "text/csv", "buffer": text.encode()}

    return make


def choose(page: Page, file: Any) -> None:
    page.goto("/app/machines")
    page.get_by_role("link", name="Import").click()
    page.locator("input[type=file]").set_input_files(file)


def machines(page: Page) -> int:
    return int(page.request.get("/api/machines?page_size=1").json()["total"])


def state(page: Page) -> Any:
    return page.get_by_role("region", name="State")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_manager_imports_thirty_machines_and_watches(browser_of, table, worker, size):
    page = browser_of(**size).sign_in("manager")
    before = machines(page)
    choose(page, table(30))
    expect(page.get_by_role("heading", name="30 machines")).to_be_visible()
    page.get_by_role("button", name="Import 30 machines").click()

    # There is no worker yet: it waits, and says so.
    expect(page).to_have_url(re.compile("/app/operations/[0-9a-f-]{36}$"))
    expect(page.get_by_role("heading", level=1, name="Import machines")).to_be_visible()
    expect(page.get_by_text("It waits for a worker")).to_be_visible()
    expect(state(page).get_by_text("Running")).to_be_visible()

    page.reload()
    expect(page.get_by_text("It waits for a worker")).to_be_visible()
    worker.start()
    expect(state(page).get_by_text("Succeeded")).to_be_visible(timeout=SLOW)
    seen = page.evaluate(MEASURE)
    assert seen["cls"] <= BUDGET["layout_shift"], "\n".join(seen["moved"])
    steps = page.get_by_role("region", name="Add machines")
    expect(steps.get_by_role("img", name="30 items: 30 succeeded")).to_be_visible()
    assert machines(page) == before + 30
    result = page.get_by_role("region", name="Result")
    expect(result.get_by_text("30")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_have_count(0)

    # One by one, in pages.
    steps.get_by_role("button", name="30 Succeeded").click()
    expect(steps.get_by_text("Page 1 of 2")).to_be_visible()
    steps.get_by_role("button", name="Next").click()
    expect(steps.get_by_text("Page 2 of 2")).to_be_visible()
    expect(steps.get_by_role("listitem").filter(has_text="silver-comet")).to_have_count(0)

    page.get_by_role("link", name="Operations").first.click()
    expect(page.get_by_role("link", name=re.compile("Import machines")).first).to_be_visible()
    page.get_by_label("State").select_option("failed")
    expect(page).to_have_url(re.compile(r"\?state=failed"))


def test_cancelling_takes_the_machines_back_and_trying_again_brings_them(
    browser_of, house, table, worker
):
    page = browser_of(**DESKTOP).sign_in("manager")
    before = machines(page)
    choose(page, table(300))
    page.get_by_role("button", name="Import 300 machines").click()
    worker.start()
    fan = page.get_by_role("img", name=re.compile(r"300 items: .*\d+ succeeded"))
    expect(fan).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Cancel", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel operation").click()
    expect(dialog).to_have_count(0)
    expect(state(page).get_by_text("Cancelled")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("region", name="Undone: Prepare")).to_be_visible()
    assert machines(page) == before

    page.get_by_role("button", name="Try again").click()
    page.get_by_role("dialog").get_by_role("button", name="Try again").click()
    expect(state(page).get_by_text("Succeeded")).to_be_visible(timeout=SLOW)
    assert machines(page) == before + 300


def test_a_file_with_mistakes_shows_them_where_they_are(browser_of, table):
    page = browser_of(**DESKTOP).sign_in("manager")
    bad = ["Taxi,Williams,88,ss,M9001,Moon", "Taxi,Williams,1988,ss,M9001,Moon"]
    choose(page, table(2, *bad))
    expect(page.get_by_text("4 mistakes in 2 rows")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Import"))).to_have_count(0)
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(3)  # and the header
    expect(rows.nth(1)).to_contain_text("greater than or equal to 1869")
    expect(rows.nth(1)).to_contain_text("There is no place called Moon.")
    expect(rows.nth(2)).to_contain_text("Row 4 has this asset number already.")
    page.get_by_label("Show all rows").check()
    expect(rows).to_have_count(5)

    # Corrected, and chosen again.
    page.locator("input[type=file]").set_input_files([table(2)])
    expect(page.get_by_role("button", name="Import 2 machines")).to_be_visible()


def test_what_is_no_table_is_refused(browser_of):
    visitor = browser_of(**DESKTOP)
    visitor.expected = ["422 (Unprocessable Entity)", "413 ("]
    page = visitor.sign_in("manager", path="/app/machines/import")
    for content, message in (
        (b"a,b\n1,2", "Missing columns: name, manufacturer"),
        (b"x" * 70_000, "at most 64 kB"),
    ):
        file = {"name": "machines.csv", "mimeType": "text/csv", "buffer": content}
        page.locator("input[type=file]").set_input_files([file])
        expect(page.get_by_text(message)).to_be_visible()


def test_only_managers_find_the_way(browser_of):
    page = browser_of(**DESKTOP).sign_in("maintainer", path="/app/machines")
    expect(page.get_by_role("heading", level=1, name="Machines")).to_be_visible()
    expect(page.get_by_role("link", name="Import")).to_have_count(0)
    page.goto("/app/machines/import")
    expect(page.get_by_text("Only managers import machines")).to_be_visible()


def test_the_list_follows_events_and_asks_by_itself_only_without_them(browser_of, table, worker):
    visitor = browser_of(**DESKTOP)
    listing = visitor.sign_in("manager", path="/app/operations")
    asked: list[str] = []
    listing.on("request", lambda sent: asked.append(urlsplit(sent.url).path))
    runs = listing.get_by_role("link", name=re.compile("Import machines"))
    before = listing.request.get("/api/operations").json()["total"]
    expect(runs).to_have_count(before)

    # A run that begins elsewhere appears, and while it waits nobody asks for it.
    elsewhere = visitor.new_page()
    choose(elsewhere, table(3))
    elsewhere.get_by_role("button", name="Import 3 machines").click()
    expect(runs).to_have_count(before + 1)
    expect(runs.first).to_contain_text("Running")
    listing.wait_for_timeout(3000)  # what was asked because of it
    asked.clear()
    listing.wait_for_timeout(5000)
    assert "/api/operations" not in asked

    # Without the stream it asks. Nothing else tells it that the run has ended.
    visitor.expected = ["/events/"]
    listing.route("**/events/**", lambda route: route.abort())
    listing.reload()
    expect(runs).to_have_count(before + 1)
    worker.start()
    expect(runs.first).to_contain_text("Succeeded", timeout=SLOW)

    # And with it it hears of the end.
    listing.unroute("**/events/**")
    listing.reload()
    choose(elsewhere, table(3))
    elsewhere.get_by_role("button", name="Import 3 machines").click()
    expect(runs).to_have_count(before + 2)
    expect(runs.first).to_contain_text("Succeeded", timeout=SLOW)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_operations_can_be_used_by_everybody(browser_of, table, worker, theme, size):
    """Of an operation that runs, one that was undone, and a preview: no violation, no overflow."""
    page = browser_of(color_scheme=theme, **size).sign_in("manager")
    found = {}

    def look(what: str) -> None:
        settle(page)
        page.screenshot()
        found[what] = violations(page)
        if size is PHONE:
            found[what] += outside(page)

    choose(page, table(2, "Taxi,Williams,88,ss,M9001,Moon"))
    expect(page.get_by_text("2 mistakes in 1 row")).to_be_visible()
    look("preview")
    page.locator("input[type=file]").set_input_files([table(500)])
    page.get_by_role("button", name="Import 500 machines").click()
    expect(page.get_by_text("It waits for a worker")).to_be_visible()
    look("waiting")
    worker.start()
    expect(page.get_by_role("region", name="Add machines")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Cancel", exact=True).click()
    look("question")
    page.get_by_role("dialog").get_by_role("button", name="Cancel operation").click()
    expect(state(page).get_by_text("Cancelled")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name=re.compile("Pending")).click()
    look("undone")
    page.goto("/app/operations")
    expect(page.get_by_role("link", name=re.compile("Import machines")).first).to_be_visible()
    look("list")
    assert {what: bad for what, bad in found.items() if bad} == {}
