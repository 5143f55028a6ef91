"""What happens around a new build to tabs that are older than it."""

import shutil
import time
import urllib.request
from collections.abc import Callable

import build  # scripts/lib: the very steps of scripts/build
from playwright.sync_api import expect

from tests.browser.visitors import DESKTOP, Visitor
from tests.house import DIST, House


def test_a_tab_that_is_older_than_the_build_goes_on(chromium, tmp_path):
    dist = tmp_path / "dist"
    shutil.copytree(DIST, dist)
    # A script of the build before, which no source makes any more.
    old = "_app/immutable/chunks/of-the-last-build.js"
    (dist / "site" / old).write_text("export {};")
    house = House(tmp_path / "house", settings={"FRONTEND_DIST": str(dist)})
    house.start()
    context = chromium.new_context(base_url=house.url, **DESKTOP)
    try:
        visitor = Visitor(context, house)
        page = visitor.page
        page.goto("/sign-in", wait_until="networkidle")
        loaded = {path.name for path in (dist / "site" / "_app" / "immutable").rglob("*.js")}
        build.build_front_end(house.environment | {"BUILD_VERSION": "the-next-build"})
        kept = {path.name for path in (dist / "site" / "_app" / "immutable").rglob("*.js")}
        assert loaded <= kept
        # Served by the same process, which has noticed the new build by itself.
        wait_for(lambda: "the-next-build" in fetch(house, "/_app/version.json")[1])
        cache, body = fetch(house, f"/{old}")
        assert (body, "immutable" in cache) == ("export {};", True)

        # The rest of the site is loaded now, by the names that this tab knows.
        visitor.fill_in_sign_in("visitor")
        expect(page.get_by_role("heading", level=1, name="Dashboard")).to_be_visible()
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Profile").click()
        expect(page.get_by_role("heading", level=1, name="Profile")).to_be_visible()
        assert visitor.complaints == []
    finally:
        context.close()
        house.stop()


def fetch(house: House, path: str) -> tuple[str, str]:
    """Cache-Control and body."""
    with urllib.request.urlopen(house.url + path) as answer:
        return answer.headers["Cache-Control"], answer.read().decode()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)
