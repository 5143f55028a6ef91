import json
from html.parser import HTMLParser

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from longhouse.frontdoor import heads, site, views
from longhouse.frontdoor.heads import Head, page_head, put_into
from longhouse.frontdoor.table import inline_hash
from longhouse.frontdoor.tests.build import SHELL

HTML = {"Accept": "text/html,*/*;q=0.8"}
XENON = Head(
    title="Xenon (1980)",
    description="The first talking machine with a woman's voice.",
    canonical="/machines/xenon",
    image="/media/xenon.jpg",
    kind="article",
)


class Tags(HTMLParser):
    """What a crawler reads from a <head>."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title: list[str] = []
        self.meta: dict[str, list[str]] = {}
        self.links: dict[str, str] = {}
        self.scripts = 0
        self._in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "title":
            self._in_title = True
            self.title.append("")
        elif tag == "meta":
            name = found.get("name") or found.get("property") or ""
            self.meta.setdefault(name, []).append(found.get("content") or "")
        elif tag == "link":
            self.links[found["rel"] or ""] = found["href"] or ""
        elif tag == "script":
            self.scripts += 1

    def handle_endtag(self, tag: str) -> None:
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title[-1] += data


@pytest.fixture
def machines(page_heads: dict[str, heads.HeadFunction]) -> None:
    @page_head("/(public)/machines/[slug]")
    def machine(slug: str) -> Head | None:
        return XENON if slug == "xenon" else None


@pytest.fixture
def http() -> Client:
    return Client(raise_request_exception=False, headers=HTML)


def test_a_record_newer_than_the_build_has_its_own_head(http: Client, machines: None) -> None:
    reply = http.get("/machines/xenon")
    assert reply.status_code == 200
    tags = Tags(reply.content.decode())
    assert tags.title == ["Xenon (1980)"]
    assert tags.links["canonical"] == "https://www.example.org/machines/xenon"
    assert tags.links["icon"] == "/favicon.ico"
    assert tags.meta["description"] == [XENON.description]
    assert tags.meta["og:title"] == ["Xenon (1980)"]
    assert tags.meta["og:url"] == ["https://www.example.org/machines/xenon"]
    assert tags.meta["og:image"] == ["https://www.example.org/media/xenon.jpg"]
    assert tags.meta["og:type"] == ["article"]
    assert tags.meta["twitter:card"] == ["summary_large_image"]
    assert "start('shell')" in reply.content.decode()
    shell = site.current().shell
    assert shell is not None
    script_hash = shell.policy["script-src"][-1]
    assert script_hash in reply["Content-Security-Policy"]
    assert reply["Cache-Control"] == "no-cache"


def test_a_record_that_is_not_there_is_a_real_404(http: Client, machines: None) -> None:
    for path in ("/machines/none", "/unheaded/1", "/machines/xenon/more", "/app", "/elsewhere"):
        reply = http.get(path)
        assert reply.status_code == 404, path
        assert b"Nothing here" in reply.content
        assert reply["Cache-Control"] == "no-store"
        assert "'sha256-" in reply["Content-Security-Policy"]


def test_a_page_can_only_be_read(http: Client, machines: None) -> None:
    reply = http.post("/machines/xenon")
    assert (reply.status_code, reply["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("accept", ["application/json", "image/*"])
def test_who_wants_no_page_gets_one_line(http: Client, accept: str) -> None:
    reply = http.get("/none.js", headers={"Accept": accept})
    assert reply.status_code == 404
    assert reply["Content-Type"].startswith("text/plain")
    assert len(reply.content) < 100


def test_errors_of_the_api_are_problems(http: Client) -> None:
    reply = http.get("/api/nothing")
    assert reply.status_code == 404
    assert reply["Content-Type"] == "application/problem+json"
    problem = reply.json()
    assert problem["type"] == "/problems/not-found"
    assert set(problem) == {"type", "title", "status", "detail", "errors", "request_id"}
    assert http.get("/api/failing").json()["status"] == 500


def test_failures_tell_nothing_of_the_inside(http: Client) -> None:
    for path in ("/failing", "/api/failing"):
        reply = http.get(path)
        assert reply.status_code == 500
        assert b"secret" not in reply.content
        assert b"Traceback" not in reply.content


def test_errors_without_a_built_page_have_a_plain_one_that_its_policy_allows(http: Client) -> None:
    for path, status in (("/failing", 500), ("/forbidden", 403)):
        reply = http.get(path)
        assert reply.status_code == status
        html = reply.content.decode()
        assert "<!doctype html>" in html
        assert "<script" not in html
        style = html.partition("<style>")[2].partition("</style>")[0]
        assert f"'{inline_hash(style)}'" in reply["Content-Security-Policy"]
        assert reply["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_refused_form_is_explained(settings: Settings) -> None:
    settings.CSRF_FAILURE_VIEW = "longhouse.frontdoor.views.csrf_failure"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.csrf.CsrfViewMiddleware"]
    http = Client(enforce_csrf_checks=True, headers=HTML)
    assert b"Load the page again" in http.post("/hello").content
    reply = http.post("/api/failing")
    assert (reply.status_code, reply.json()["type"]) == (403, "/problems/csrf-failed")


def test_a_bad_host_is_a_bad_request(http: Client) -> None:
    reply = http.get("/hello", headers={"Host": "evil.example"})
    assert reply.status_code == 400
    assert b"evil" not in reply.content


def test_without_a_build_the_reader_is_told_where_the_pages_are(settings: Settings) -> None:
    settings.FRONTDOOR_SITE = None
    settings.FRONTDOOR_ROUTES = None
    request = RequestFactory().get("/", headers=HTML)
    assert b"www.example.org" not in getattr(views.page(request), "content")  # noqa: B009
    settings.DEBUG = True
    reply = views.page(request)
    assert reply.status_code == 404
    assert b'href="https://www.example.org"' in getattr(reply, "content")  # noqa: B009


@given(title=st.text(), description=st.text(), slug=st.text())
def test_no_text_can_leave_its_tag(title: str, description: str, slug: str) -> None:
    html = put_into(SHELL, Head(title, description, f"/machines/{slug}"), "https://x.example")
    tags = Tags(html)
    assert tags.scripts == 1
    assert len(tags.title) == 1
    assert len(tags.meta["description"]) == 1
    assert set(tags.links) == {"icon", "canonical"}


def test_script_in_a_title_stays_text() -> None:
    html = put_into(SHELL, Head("</title><script>x", '"><script>x', "/a"), "")
    assert "<script>x" not in html


def test_one_function_per_route(page_heads: dict[str, heads.HeadFunction]) -> None:
    page_head("/a")(lambda: None)
    with pytest.raises(ValueError, match="/a has a page head already"):
        page_head("/a")(lambda: None)


def test_problem_titles_are_the_status() -> None:
    request = RequestFactory().get("/api/x")
    body = json.loads(getattr(views.permission_denied(request, Exception()), "content"))  # noqa: B009
    assert (body["title"], body["status"]) == ("Forbidden", 403)
