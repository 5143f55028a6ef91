"""What the journeys of the museum share."""

from playwright.sync_api import Page


def some_machine(page: Page) -> str:
    """The address of one machine's page."""
    items = page.request.get("/api/machines?page_size=1").json()["items"]
    return f"/machines/{items[0]['slug']}"


def untouched_machine(page: Page) -> str:
    """The address of a machine's page that is as it was built: journeys change the first one."""
    pages = page.request.get("/api/machines?page_size=1").json()["pages"]
    items = page.request.get(f"/api/machines?page_size=1&page={pages}").json()["items"]
    return f"/machines/{items[0]['slug']}"


def some_report(page: Page) -> str:
    """The id of one report; for people of the team."""
    return str(page.request.get("/api/reports?page_size=1").json()["items"][0]["id"])


def fill_in(page: Page, path: str) -> str:
    """`path` with `{machine}` and `{report}` replaced by ones that exist."""
    if "{machine}" in path:
        path = path.replace("{machine}", some_machine(page))
    if "{report}" in path:
        path = path.replace("{report}", some_report(page))
    return path
