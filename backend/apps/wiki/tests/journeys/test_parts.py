"""What belongs to a ride is added on its page: a photo, and what happened."""

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from apps.wiki.tests.journeys.conftest import Scene, check
from apps.wiki.tests.journeys.steps import approve, merge, press
from tests.browser.visitors import DESKTOP, PHONE


def picture() -> FilePayload:
    written = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(written, "JPEG")
    return {"name": "loop.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def add_event(page: Page, ride: str) -> None:
    page.goto(ride)
    page.get_by_role("link", name="Add an event").click()
    page.get_by_label("Date").fill("1999-05")
    page.get_by_label("Kind").select_option(label="opened")
    page.get_by_label("Text").fill("By the mayor.")
    press(page, "Save")
    expect(page.get_by_text("Saved in your draft.")).to_be_visible()


@pytest.mark.parametrize(
    ("scripts", "size"), [(True, PHONE), (False, DESKTOP)], ids=["scripts", "no scripts"]
)
def test_a_photo_and_an_event_are_added(scene: Scene, scripts: bool, size: dict[str, Any]) -> None:
    ride = f"/wiki/parks/{scene.park}/rides/loop/"
    writer = scene.enter("wim", scripts=scripts, **size)
    add_event(writer, ride)
    writer.goto(ride)
    writer.get_by_role("link", name="Add a photo").click()
    expect(writer.get_by_role("heading", name="New photo of Loop")).to_be_visible()
    if scripts:
        check(writer)
    writer.get_by_label("Picture").set_input_files(picture())
    writer.get_by_label("Description for who cannot see it").fill("A loop in the evening")
    press(writer, "Save and propose")
    expect(writer.get_by_role("img", name="A loop in the evening")).to_be_visible()
    writer.get_by_label("Title").fill("A photo of Loop")
    press(writer, "Propose to the others")
    expect(writer.get_by_text("It is proposed.")).to_be_visible()
    if scripts:
        check(writer)
    editor = scene.enter("edda", **DESKTOP)
    approve(editor, writer.url)
    merge(editor, writer.url)
    writer.goto(ride)
    shown = writer.get_by_role("img", name="A loop in the evening")
    shown.scroll_into_view_if_needed()
    expect(shown).to_be_visible()
    expect(writer.get_by_text("By the mayor.")).to_be_visible()
    if scripts:
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 600
        check(writer)
