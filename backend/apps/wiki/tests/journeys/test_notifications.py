"""Who watches a page is told of its changes, and who proposes of what becomes of it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.wiki.tests.journeys.conftest import Scene, check
from apps.wiki.tests.journeys.steps import approve, merge, press, propose
from tests.browser.visitors import DESKTOP, PHONE


def run_jobs(scene: Scene) -> None:
    code = "from longhouse.jobs.testing import run_jobs; run_jobs()"
    scene.house.manage("shell", "--no-imports", "-c", code)


def bell(page: Page, unread: str) -> Any:
    return page.get_by_role("link", name=f"Notifications, {unread} unread")


@pytest.mark.parametrize(
    ("scripts", "size"), [(True, PHONE), (False, DESKTOP)], ids=["scripts", "no scripts"]
)
def test_a_watched_page_is_changed(scene: Scene, scripts: bool, size: dict[str, Any]) -> None:
    watcher = scene.enter("olga", scripts=scripts, **size)
    watcher.goto(f"/wiki/parks/{scene.park}/")
    press(watcher, "Watch")
    expect(watcher.get_by_text("You watch this page.")).to_be_visible()
    expect(bell(watcher, "none")).to_be_visible()
    if scripts:
        check(watcher)
    writer, editor = scene.enter("wim", **DESKTOP), scene.enter("edda", **DESKTOP)
    address = propose(scene, writer, "The right town", city="Elmham")
    approve(editor, address)
    merge(editor, address)
    # Who has written it hears of the approval and of the merge, without asking.
    expect(bell(writer, "1")).to_be_visible()
    run_jobs(scene)
    if not scripts:
        watcher.reload()
    expect(bell(watcher, "1")).to_be_visible()
    bell(watcher, "1").click()
    if scripts:
        check(watcher)
    press(watcher, f"{scene.name} was changed")
    expect(watcher.get_by_role("heading", name="The right town")).to_be_visible()
    expect(bell(watcher, "none")).to_be_visible()
    watcher.goto("/wiki/my/watched/")
    if scripts:
        check(watcher)
    press(watcher, f"Stop watching {scene.name}")
    expect(watcher.get_by_text("You watch none yet.")).to_be_visible()
