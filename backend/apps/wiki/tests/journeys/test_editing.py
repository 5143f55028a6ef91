"""From a change to a merge, and back: as people go about it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.wiki.tests.journeys.conftest import Scene, check
from apps.wiki.tests.journeys.steps import approve, merge, press, propose, try_to_merge
from tests.browser.visitors import DESKTOP, PHONE


def city(scene: Scene, page: Page) -> str:
    """What the wiki has, as the form of somebody without a draft shows it."""
    page.goto(scene.edit)
    return page.get_by_label("City").input_value()


@pytest.mark.parametrize(
    ("scripts", "size"), [(True, DESKTOP), (False, PHONE)], ids=["scripts", "no scripts"]
)
def test_a_change_is_proposed_reviewed_and_merged(
    scene: Scene, scripts: bool, size: dict[str, Any]
) -> None:
    writer = scene.enter("wim", scripts=scripts, **size)
    writer.goto(f"/wiki/parks/{scene.park}/edit/")
    expect(writer.get_by_role("heading", name=f"Edit {scene.name}")).to_be_visible()
    writer.get_by_label("City").fill("Elmham")
    writer.get_by_label("Text").fill("A park among very old oaks.\nThe lake was dug by hand.\n")
    if scripts:
        expect(writer.locator("#saved")).to_contain_text("Saved in your draft")
        check(writer)
    press(writer, "Save and propose")
    press(writer, "Preview the whole wiki")
    expect(writer.get_by_text("You see the wiki as")).to_be_visible()
    press(writer, "Leave the preview")
    writer.get_by_label("Title").fill("The right town")
    press(writer, "Propose to the others")
    expect(writer.get_by_text("It is proposed.")).to_be_visible()
    if scripts:
        check(writer)
    editor = scene.enter("edda", scripts=scripts, **size)
    editor.goto("/wiki/proposals/?status=open")
    if scripts:
        check(editor)
    editor.goto(writer.url)
    expect(editor.locator("ins", has_text="very")).to_be_visible()
    editor.get_by_role("link", name="Side by side").click()
    expect(editor.locator("del", has_text="Oakham")).to_be_visible()
    if scripts:
        check(editor)
    press(editor, "Approve")
    press(editor, "Merge into the wiki")
    expect(editor.get_by_text("It is part of the wiki now.")).to_be_visible()
    assert city(scene, editor) == "Elmham"


def test_a_conflict_is_decided(scene: Scene) -> None:
    writer, other, editor = (scene.enter(who, **DESKTOP) for who in ("wim", "olga", "edda"))
    mine = propose(scene, writer, "Elmham", city="Elmham")
    theirs = propose(scene, other, "Ashby", city="Ashby")
    for address in (mine, theirs):
        approve(editor, address)
    merge(editor, theirs)
    try_to_merge(editor, mine)
    expect(editor.get_by_role("heading", name="Conflicts of Elmham")).to_be_visible()
    check(editor)
    writer.goto(editor.url)
    for value in ("Oakham", "Ashby", "Elmham"):
        expect(writer.get_by_role("definition").filter(has_text=value)).to_be_visible()
    writer.get_by_label("Something else").check()
    writer.get_by_label("New value").fill("Yewton")
    writer.get_by_role("button", name="Decide").click()
    expect(writer.get_by_text("All are decided.")).to_be_visible()
    check(writer)
    approve(editor, mine)
    merge(editor, mine)
    assert city(scene, editor) == "Yewton"


def test_a_merge_is_taken_back(scene: Scene) -> None:
    writer, other, editor = (scene.enter(who, **PHONE) for who in ("wim", "olga", "edda"))
    address = propose(scene, writer, "Elmham", city="Elmham")
    approve(editor, address)
    merge(editor, address)
    other.goto(address)
    other.get_by_role("link", name="the merge").click()
    check(other)
    press(other, "Propose to revert")
    expect(other.get_by_text("The revert is proposed.")).to_be_visible()
    approve(editor, other.url)
    merge(editor, other.url)
    assert city(scene, editor) == "Oakham"


def test_a_file_is_imported(scene: Scene) -> None:
    page = scene.enter("wim", refused="422", **DESKTOP)
    page.goto("/wiki/import/")
    check(page)
    rows = f"park,name,height_m\n{scene.park},Loop,high\n{scene.park},Great Spin,20\n"
    page.get_by_label("Rows are").select_option(label="rides")
    page.get_by_label("Or its text").fill(rows)
    press(page, "Look at it")
    wrong = page.get_by_role("row").filter(has_text="height_m")
    expect(wrong).to_contain_text("2")
    check(page)
    page.get_by_label("Or its text").fill(rows.replace("high", "30"))
    press(page, "Look at it")
    expect(page.get_by_text("1 new, 1 changed, 0 as they are.")).to_be_visible()
    check(page)
    press(page, "Bring it into a draft")
    expect(page.get_by_text("In your draft: 1 new, 1 changed.")).to_be_visible()
    expect(page.get_by_role("heading", name="Great Spin")).to_be_visible()


def test_vandalism_is_undone(scene: Scene) -> None:
    writer, editor, moderator = (scene.enter(who, **DESKTOP) for who in ("wim", "edda", "mona"))
    for rubbish in ("Rubbish", "More rubbish"):
        address = propose(scene, writer, rubbish, city=rubbish)
        approve(editor, address)
        merge(editor, address)
    moderator.goto(scene.contributor)
    check(moderator)
    press(moderator, "Take it all back")
    expect(moderator.get_by_text("Taken back: 2.")).to_be_visible()
    assert city(scene, moderator) == "Oakham"
