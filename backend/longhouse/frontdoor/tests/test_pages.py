from html.parser import HTMLParser

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from longhouse.frontdoor import heads, site
from longhouse.frontdoor.heads import Head, page_head, put_into
from longhouse.frontdoor.pages import page
from longhouse.frontdoor.tests.build import SHELL

HTML = {"Accept": "text/html,*/*;q=0.8"}
SPRING = Head(
    title="Spring",
    description="What grows first.",
    canonical="/articles/spring",
    image="/media/spring.jpg",
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
def articles(page_heads: dict[str, heads.HeadFunction]) -> None:
    @page_head("/(public)/articles/[slug]")
    def article(slug: str) -> Head | None:
        return SPRING if slug == "spring" else None


@pytest.fixture
def http() -> Client:
    return Client(raise_request_exception=False, headers=HTML)


def test_a_record_newer_than_the_build_has_its_own_head(http: Client, articles: None) -> None:
    reply = http.get("/articles/spring")
    assert reply.status_code == 200
    tags = Tags(reply.content.decode())
    assert tags.title == ["Spring"]
    assert tags.links["canonical"] == "https://www.example.org/articles/spring"
    assert tags.links["icon"] == "/favicon.ico"
    assert tags.meta["description"] == [SPRING.description]
    assert tags.meta["og:title"] == ["Spring"]
    assert tags.meta["og:url"] == ["https://www.example.org/articles/spring"]
    assert tags.meta["og:image"] == ["https://www.example.org/media/spring.jpg"]
    assert tags.meta["og:type"] == ["article"]
    assert tags.meta["twitter:card"] == ["summary_large_image"]
    assert "start('shell')" in reply.content.decode()
    shell = site.current().shell
    assert shell is not None
    script_hash = shell.policy["script-src"][-1]
    assert script_hash in reply["Content-Security-Policy"]
    assert reply["Cache-Control"] == "no-cache"


def test_a_record_that_is_not_there_is_a_real_404(http: Client, articles: None) -> None:
    for path in ("/articles/none", "/unheaded/1", "/articles/spring/more", "/app", "/elsewhere"):
        reply = http.get(path)
        assert reply.status_code == 404, path
        assert b"Nothing here" in reply.content
        assert reply["Cache-Control"] == "no-store"
        assert "'sha256-" in reply["Content-Security-Policy"]


def test_a_page_of_django_s_is_found_without_its_slash(http: Client, articles: None) -> None:
    reply = http.get("/slashed?page=2")
    assert (reply.status_code, reply["Location"]) == (301, "/slashed/?page=2")
    assert http.post("/slashed").status_code == 404
    assert http.get("//slashed").status_code == 404


def test_a_page_can_only_be_read(http: Client, articles: None) -> None:
    reply = http.post("/articles/spring")
    assert (reply.status_code, reply["Allow"]) == (405, "GET, HEAD")


def test_without_a_build_the_reader_is_told_where_the_pages_are(settings: Settings) -> None:
    settings.FRONTDOOR_SITE = None
    settings.FRONTDOOR_ROUTES = None
    request = RequestFactory().get("/", headers=HTML)
    assert b"www.example.org" not in getattr(page(request), "content")  # noqa: B009
    settings.DEBUG = True
    reply = page(request)
    assert reply.status_code == 404
    assert b'href="https://www.example.org"' in getattr(reply, "content")  # noqa: B009


@given(title=st.text(), description=st.text(), slug=st.text())
def test_no_text_can_leave_its_tag(title: str, description: str, slug: str) -> None:
    html = put_into(SHELL, Head(title, description, f"/articles/{slug}"), "https://x.example")
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
