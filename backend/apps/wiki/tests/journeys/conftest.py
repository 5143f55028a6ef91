"""Journeys in the wiki: each has people and a park of its own in the running house."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import visitors
from tests.browser.axe import settle, violations
from tests.browser.visitors import SIGN_IN, Visitor, browser_of, chromium, playwright  # noqa: F401
from tests.conftest import house  # noqa: F401
from tests.house import House


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    visitors.mark(items, Path(__file__).parent)


@dataclass
class Scene:
    """A park, and people around it, by their first names."""

    house: House
    browser_of: Callable[..., Visitor]
    park: str  # the slug
    name: str
    edit: str  # the address of the park's form
    contributor: str  # of the writer's page
    number: int

    def enter(self, who: str, *, scripts: bool = True, refused: str = "", **options: Any) -> Page:
        """Somebody's browser, signed in. Without scripts, they have signed in before.

        `refused`: a status that the journey meets on purpose; consoles tell of it.
        """
        visitor = self.browser_of(**options)
        visitor.expected += [refused] if refused else []
        page = visitor.page
        page.goto(f"{SIGN_IN}?next=/wiki/")
        visitor.fill_in_sign_in(f"{who}{self.number}")
        expect(page).to_have_url(f"{self.house.url}/wiki/")
        page.wait_for_load_state()
        settle(page)  # who leaves in the midst of a transition between pages aborts it
        if scripts:
            return page
        state = visitor.context.storage_state()
        plain = self.browser_of(java_script_enabled=False, storage_state=state, **options)
        return plain.page


@pytest.fixture
def scene(house: House, browser_of: Callable[..., Visitor]) -> Scene:  # noqa: F811
    told = house.manage(
        "shell", "--no-imports", "-c", "from apps.wiki.tests.journeys.stage import set_up; set_up()"
    )
    return Scene(house, browser_of, **json.loads(told.splitlines()[-1]))


def check(page: Page) -> None:
    """A page that people come by is one that everybody can use."""
    settle(page)
    assert violations(page) == []
