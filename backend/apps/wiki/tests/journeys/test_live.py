"""Changes are seen where the page is open."""

from collections.abc import Callable

from playwright.sync_api import expect

from apps.wiki.tests.journeys.conftest import Scene, check
from apps.wiki.tests.journeys.steps import approve, merge, propose
from tests.browser.visitors import DESKTOP, PHONE, Visitor


def test_recent_changes_tell_of_new_ones(scene: Scene, browser_of: Callable[..., Visitor]) -> None:
    reader = browser_of(**PHONE).page
    plain = browser_of(java_script_enabled=False, **DESKTOP).page
    with reader.expect_request("**/events/**"):
        reader.goto("/wiki/changes/")
    plain.goto("/wiki/changes/")
    writer, editor = scene.enter("wim", **DESKTOP), scene.enter("edda", **DESKTOP)
    title = f"The right town of {scene.name}"
    address = propose(scene, writer, title, city="Elmham")
    approve(editor, address)
    merge(editor, address)
    news = reader.get_by_role("link", name="new change")
    expect(news).to_be_visible()
    expect(reader.get_by_role("link", name=title)).to_have_count(0)
    check(reader)
    news.click()
    expect(reader.get_by_role("link", name=title)).to_be_visible()
    expect(news).to_have_count(0)
    plain.reload()
    expect(plain.get_by_role("link", name=title)).to_be_visible()
