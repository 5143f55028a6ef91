"""A picture from a phone until visitors see it."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import settle, violations
from tests.browser.speed import BUDGET, MEASURE
from tests.browser.visitors import DESKTOP, PHONE, a_photo
from tests.journeys.museum import some_machine
from tests.journeys.worker import SLOW

CUT_OFF = 2000  # bytes: the header is whole, the picture is not


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_picture_appears_where_it_was_waited_for(browser_of, worker, size):
    page = browser_of(**size).sign_in("maintainer")
    machine = some_machine(page)
    page.goto(f"/app{machine}")
    photos = page.get_by_role("region", name="Photos")
    before = photos.get_by_role("img").count()
    photos.locator("input[type=file]").set_input_files([a_photo()])
    waiting = photos.get_by_role("listitem").filter(has_text="Being processed")
    expect(waiting).to_be_visible()
    frame = waiting.bounding_box()
    settle(page)
    assert violations(page) == []

    # Visitors are shown nothing that is not there yet, nor is who looks at their page.
    api = page.request.get(f"/api{machine}").json()
    assert api["photos"][-1]["state"] == "processing"
    page.goto(machine)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name=f"Photo {before + 1}")).to_have_count(0)

    page.goto(f"/app{machine}")
    expect(waiting).to_be_visible()
    worker.start()
    expect(waiting).to_have_count(0, timeout=SLOW)
    picture = photos.get_by_role("img").nth(before)
    expect(picture).to_be_visible()
    assert picture.bounding_box()["height"] == pytest.approx(frame["height"], abs=1)
    seen = page.evaluate(MEASURE)
    assert seen["cls"] <= BUDGET["layout_shift"], "\n".join(seen["moved"])

    visitor = browser_of(**size).page
    visitor.goto(machine)
    expect(visitor.get_by_role("figure").get_by_role("img").first).to_be_visible()
    shown = visitor.request.get(f"/api{machine}").json()["photos"][-1]
    expect(visitor.locator(f'img[src="{shown["thumbnail_url"]}"]').first).to_be_visible()
    assert visitor.request.get(shown["url"]).headers["content-type"] == "image/webp"


def test_what_cannot_be_processed_says_so_and_is_tried_again(browser_of, worker):
    page = browser_of(**PHONE).sign_in("maintainer")
    machine = some_machine(page)
    page.goto(f"/app{machine}")
    photos = page.get_by_role("region", name="Photos")
    bad = a_photo(cut_off_at=CUT_OFF)
    photos.locator("input[type=file]").set_input_files([bad])
    expect(photos.get_by_text("Being processed")).to_be_visible()
    worker.start()
    failed = photos.get_by_role("listitem").filter(has_text="Could not be processed")
    expect(failed).to_be_visible(timeout=SLOW)
    settle(page)
    assert violations(page) == []
    with page.expect_response("**/processing") as answer:
        failed.get_by_role("button", name="Try again").click()
    assert answer.value.ok
    expect(failed).to_be_visible(timeout=SLOW)
