"""Machines that came into the house after the build."""

import re
import threading
import time
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Route, expect

from tests.browser.visitors import DESKTOP
from tests.client import ApiClient


@pytest.fixture
def new_machine(house) -> dict[str, str]:
    api = ApiClient(house.url)
    api.sign_in("manager")
    _, catalogue = api.call("GET", "/api/catalogue")
    model = next(m for m in catalogue["machine_models"] if m["name"] == "Firepower")
    _, page = api.call("GET", "/api/machines?page_size=100")
    number = max(int(machine["asset_number"][1:]) for machine in page["items"]) + 1
    body = {
        "model_id": model["id"],
        "location_id": catalogue["locations"][0]["id"],
        "asset_number": f"M{number:04}",
    }
    status, machine = api.call("POST", "/api/machines", body)
    assert status == 201, machine
    return machine


def test_a_machine_newer_than_the_build_has_a_page_and_a_preview(browser_of, house, new_machine):
    path = f"/machines/{new_machine['slug']}"
    with urllib.request.urlopen(house.url + path) as answer:
        html = answer.read().decode()
    assert re.search(r"<title>Firepower[^<]*</title>", html)
    assert f'<link rel="canonical" href="{house.url}{path}"' in html
    assert 'property="og:title" content="Firepower' in html
    assert len(re.findall("<title", html)) == 1

    visitor = browser_of(**DESKTOP)
    page = visitor.page
    page.goto(path)
    expect(page.get_by_role("heading", level=1, name="Firepower")).to_be_visible()
    expect(page.locator("meta[property='og:title']")).to_have_count(1)
    expect(page.locator("link[rel=canonical]")).to_have_count(1)
    page.goto("/machines")
    expect(
        page.get_by_role("main").locator(f"a[href='{path}']").first
    ).to_be_visible()  # the list refreshed itself


def test_a_new_machines_code_can_be_scanned_at_once(browser_of, new_machine):
    page = browser_of(**DESKTOP).page
    page.goto(f"/r/{new_machine['asset_number']}")
    page.get_by_text("Flippers").click()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_a_machine_that_was_deleted_after_the_build_is_gone_and_can_come_back(browser_of, house):
    api = ApiClient(house.url)
    api.sign_in("manager")
    _, page = api.call("GET", "/api/machines?page_size=1&sort=-year")
    machine = page["items"][0]
    path, report = f"/machines/{machine['slug']}", f"/r/{machine['asset_number']}"
    visitor = browser_of(**DESKTOP)
    visitor.expected = ["404 (Not Found)"]
    name = visitor.page.get_by_role("heading", level=1, name=machine["name"])
    visitor.page.goto(path)
    expect(name).to_be_visible()

    # Who has the built page already is told by its refresh.
    held: list[Route] = []
    gone = threading.Event()

    def hold(route: Route) -> None:
        if gone.is_set():
            route.continue_()
        else:
            held.append(route)

    visitor.page.route(f"**/api{path}**", hold)
    with visitor.page.expect_request(f"**/api{path}"):
        visitor.page.goto(path)
    status, deletion = api.call("DELETE", f"/api{path}")
    assert status == 200
    gone.set()
    for route in held:
        route.continue_()
    expect(name).to_have_count(0)
    expect(visitor.page.get_by_role("link", name="See the machines")).to_be_visible()

    for address in (path, report):
        assert eventually(house.url + address, 404), address
    api.call("POST", f"/api/deletions/{deletion['deletion_id']}/restore")
    for address in (path, report):
        assert eventually(house.url + address, 200), address
    visitor.page.goto(path)
    expect(name).to_be_visible()
    expect(visitor.page).to_have_title(re.compile(re.escape(machine["name"])))


def eventually(url: str, status: int) -> bool:
    """Whether `url` answers so within a few seconds: the door looks once a second."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url) as answer:
                found = answer.status
        except urllib.error.HTTPError as error:
            found = error.code
        if found == status:
            return True
        time.sleep(0.2)
    return False


@pytest.mark.parametrize("path", ["/machines/no-such-machine", "/r/M9999"])
def test_a_machine_that_does_not_exist_is_a_real_404(browser_of, path):
    visitor = browser_of(**DESKTOP)
    visitor.expected = ["404 (Not Found)"]
    answer = visitor.page.goto(path)
    assert answer.status == 404
    expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    expect(visitor.page.get_by_role("main").get_by_role("link").first).to_be_visible()
