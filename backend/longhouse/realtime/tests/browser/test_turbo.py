"""Turbo Streams in two browsers, by Turbo from npm alone."""

import threading

from playwright.sync_api import Page, expect

from longhouse.realtime.tests.house import House


def test_broadcasts_are_seen_in_two_browsers_of_two_servers(
    page: Page, second_page: Page, house: House
) -> None:
    servers = [house.serve(), house.serve()]
    servers[0].get("/note", room="a", text="old")
    for view, server in zip((page, second_page), servers, strict=True):
        view.goto(f"{server.url}/enter?name=ada")
        view.goto(f"{server.url}/board?room=a")
        expect(view.locator("#notes li")).to_have_text(["old"])
    server = servers[0]
    server.get("/note", room="b", text="elsewhere")
    server.get("/note", room="a", text="new")
    server.get("/note", room="a", text="<b>")
    for view in (page, second_page):
        expect(view.locator("#notes li")).to_have_text(["old", "new", "<b>"])
    for action, target, html in (
        ("remove", "note-old", ""),
        ("replace", "note-new", "newer"),
        ("prepend", "notes", "first\nof two lines"),
    ):
        server.get("/broadcast", room="a", action=action, target=target, html=html)
    for view in (page, second_page):
        expect(view.locator("#notes")).to_have_text("first of two linesnewer<b>")
    server.get("/broadcast", room="a", action="update", target="notes", html="nothing")
    loaded = [view.inner_text("#loaded") for view in (page, second_page)]
    server.get("/broadcast", room="a", action="refresh")
    for view, before in zip((page, second_page), loaded, strict=True):
        expect(view.locator("#loaded")).not_to_have_text(before)
        expect(view.locator("#notes li")).to_have_text(["old", "new", "<b>"])


def test_a_broadcast_between_reading_and_connecting_is_not_missed(page: Page, house: House) -> None:
    server = house.serve()
    release = threading.Event()

    def write_then_let_go() -> None:
        server.get("/note", room="a", text="meanwhile")
        release.set()

    # The view has read its rows and sleeps; the stream is not open before it is done.
    late = threading.Timer(1, write_then_let_go)
    late.start()
    page.goto(f"{server.url}/board?room=a&seconds=2.5")
    assert release.is_set()
    expect(page.locator("#notes li")).to_have_text(["meanwhile"])
    late.join()


def test_a_page_that_was_away_too_long_loads_itself_anew(page: Page, house: House) -> None:
    server = house.serve()
    # Events that the page has not seen are gone when it connects.
    page.route("**/events/**", lambda route: (server.get("/prune"), route.continue_()))
    late = threading.Timer(1, lambda: server.get("/note", room="a", text="gone"))
    late.start()
    page.goto(f"{server.url}/board?room=a&seconds=2.5")
    loaded = page.inner_text("#loaded")
    expect(page.locator("#loaded")).not_to_have_text(loaded)
    late.join()
