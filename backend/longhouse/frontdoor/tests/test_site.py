import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from longhouse.frontdoor import checks, conf, heads, site
from longhouse.frontdoor.tests.build import ABOUT, write_build


def eventually(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_routes_give_their_parameters() -> None:
    built = site.current()
    found = built.match("/app/orders/42/")
    assert found is not None
    assert (found[0].id, found[1]) == ("/(app)/app/orders/[id]", {"id": "42"})
    assert found[0].app
    public = built.match("/articles/spring")
    assert public is not None
    assert not public[0].app
    assert built.match("/nothing/here") is None
    assert built.match("/app\n") is None


def test_the_shell_and_error_pages_have_no_address_of_their_own() -> None:
    built = site.current()
    assert built.shell is not None
    assert set(built.errors) == {404}
    assert not {"/200", "/404", "/200.html", "/404.html"} & set(built.files)


def test_addresses_are_clean_and_hidden_files_stay_hidden() -> None:
    files = site.current().files
    assert {"/", "/about", "/articles/first-light", "/favicon.ico"} <= set(files)
    assert "/.well-known/security.txt" in files
    assert not any(
        ".html" in url or ".hidden" in url or url.endswith((".br", ".gz")) for url in files
    )


def test_only_files_that_never_change_are_kept_for_a_year() -> None:
    def cached(url: str) -> bytes:
        return dict(site.current().files[url].variants[""].headers)[b"cache-control"]

    assert cached("/_app/immutable/chunks/a.js") == b"public, max-age=31536000, immutable"
    assert cached("/_app/version.json") == cached("/about") == b"no-cache"


def test_without_a_build_the_site_is_empty(settings: Settings, tmp_path: Path) -> None:
    settings.FRONTDOOR_SITE = tmp_path / "none"
    settings.FRONTDOOR_ROUTES = tmp_path / "none.json"
    assert site.load(conf.load()) == site.Site()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "JSONDecodeError"),
        ('{"routes": []}', "shell"),
        ('{"shell": "200.html", "redirects": [], "routes": [{"id": "/"}]}', "pattern"),
        (
            json.dumps(
                {
                    "shell": "200.html",
                    "redirects": [],
                    "routes": [{"id": "/[x]", "pattern": r"^\p{L}$", "params": ["x"]}],
                }
            ),
            "cannot read the pattern",
        ),
    ],
)
def test_broken_routes_stop_the_start_with_the_reason(
    product: Path, text: str, reason: str
) -> None:
    (product / "dist" / "routes.json").write_text(text)
    with pytest.raises(site.InvalidRoutes, match=reason) as raised:
        site.current()
    assert "routes.json" in str(raised.value)
    with pytest.raises(SystemCheckError, match=r"frontdoor\.E001"):
        call_command("check")


def test_a_new_build_is_read_without_a_restart(
    product: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "CHECK_EVERY", 0.0)
    before = site.current().files["/about"].variants[""].etag
    write_build(product / "dist", about=ABOUT.replace("About us.", "All about us."))
    assert eventually(lambda: site.current().files["/about"].variants[""].etag != before)


def test_a_broken_new_build_leaves_the_old_one(
    product: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(site, "CHECK_EVERY", 0.0)
    old = site.current()
    (product / "dist" / "routes.json").write_text("{")
    site.current()
    assert eventually(lambda: "the old one stays" in caplog.text)
    assert site.current() is old


def test_a_route_without_a_page_head_is_told(
    page_heads: dict[str, heads.HeadFunction],
) -> None:
    @heads.page_head("/(public)/articles/[slug]")
    def article(slug: str) -> None:
        return None

    messages = checks.built_site_is_readable()
    assert [m.id for m in messages] == ["frontdoor.W001"]
    assert "/(public)/unheaded/[id]" in messages[0].msg
