import gzip
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from longhouse.frontdoor.csp import CSP
from longhouse.frontdoor.table import File, content_type, load_site, load_static
from longhouse.frontdoor.tests.build import LARGE, SCRIPT, write_build, write_with_twins

POLICY = {"default-src": [CSP.SELF], "script-src": [CSP.SELF, CSP.NONCE]}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, File]:
    write_build(tmp_path)
    return load_site(tmp_path / "site", POLICY)


def header(file: File, name: bytes, coding: str = "") -> bytes | None:
    return dict(file.variants[coding].headers).get(name)


def test_urls_are_clean_and_hidden_files_stay_hidden(files: dict[str, File]) -> None:
    assert {"/", "/about", "/machines/medieval-madness", "/favicon.ico"} <= set(files)
    assert "/.well-known/security.txt" in files
    assert not any(
        ".html" in url or ".hidden" in url or url.endswith((".br", ".gz")) for url in files
    )


def test_each_encoding_is_served_as_it_is_with_a_tag_of_its_own(files: dict[str, File]) -> None:
    script = files["/_app/immutable/chunks/a.js"]
    br, gz, plain = (script.variants[coding] for coding in ("br", "gzip", ""))
    assert brotli.decompress(br.body) == gzip.decompress(gz.body or b"") == plain.body
    assert plain.body == SCRIPT.encode()
    assert len({br.etag, gz.etag, plain.etag}) == 3
    assert header(script, b"content-encoding", "br") == b"br"
    assert header(script, b"content-encoding") is None
    assert header(script, b"vary") == b"Accept-Encoding"
    assert header(script, b"content-type") == b"text/javascript; charset=utf-8"


def test_only_names_with_a_hash_are_kept_for_a_year(files: dict[str, File], product: Path) -> None:
    year = b"public, max-age=31536000, immutable"
    assert header(files["/_app/immutable/chunks/a.js"], b"cache-control") == year
    assert header(files["/_app/version.json"], b"cache-control") == b"no-cache"
    assert header(files["/about"], b"cache-control") == b"no-cache"
    static = load_static(product / "static", "/static/", POLICY)
    assert header(static["/static/admin/base.0123456789ab.css"], b"cache-control") == year
    assert header(static["/static/admin/base.css"], b"cache-control") == b"no-cache"
    assert "/static/staticfiles.json" not in static


def test_a_twin_of_other_bytes_is_not_served(tmp_path: Path) -> None:
    write_with_twins(tmp_path / "a.css", b"new" * 100)
    write_with_twins(tmp_path / "b.css", b"old" * 100)
    (tmp_path / "b.css").write_bytes(b"new" * 100)
    (tmp_path / "a.css.gz").write_bytes(b"not gzip")
    files = load_site(tmp_path, POLICY)
    assert set(files["/a.css"].variants) == {"", "br"}
    assert set(files["/b.css"].variants) == {""}


def test_a_download_that_ends_in_gz_is_a_file_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "data.tar.gz").write_bytes(gzip.compress(b"data"))
    assert load_site(tmp_path, POLICY)["/data.tar.gz"].variants[""].size > 0


def test_large_files_stay_on_disk(files: dict[str, File]) -> None:
    film = files["/film.mp4"].variants[""]
    assert film.body is None
    assert film.path is not None
    assert film.size == len(LARGE)


def test_a_link_out_of_the_build_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert load_site(tmp_path / "site", POLICY) == {}


def test_the_policy_of_a_page_names_its_inline_scripts_and_styles(files: dict[str, File]) -> None:
    def hashed(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    assert files["/about"].policy == {
        "default-src": ["'self'"],
        "script-src": ["'self'", CSP.NONCE, hashed("theme()")],
        "style-src": ["'self'", hashed("h1{color:red}")],
    }
    value = (header(files["/about"], b"content-security-policy") or b"").decode()
    assert hashed("theme()") in value
    assert CSP.NONCE not in value
    assert "unsafe-inline" not in value
    # What is no page has the policy as it is set: an SVG opened by itself runs nothing either.
    assert header(files["/favicon.ico"], b"content-security-policy") == (
        b"default-src 'self'; script-src 'self'"
    )


def test_scripts_are_hashed_as_the_browser_reads_them(tmp_path: Path) -> None:
    page = b"<script>\r\nif (1 < 2 && '</b>') {}\r\n</script><SCRIPT type=module>x</SCRIPT>"
    (tmp_path / "a.html").write_bytes(page)
    policy = load_site(tmp_path, POLICY)["/a"].policy
    expected = ["\nif (1 < 2 && '</b>') {}\n", "x"]
    hashes = [f"'sha256-{b64encode(sha256(t.encode()).digest()).decode()}'" for t in expected]
    assert policy["script-src"][2:] == hashes


def test_types_do_not_depend_on_the_machine() -> None:
    assert content_type("a.js") == "text/javascript; charset=utf-8"
    assert content_type("a.woff2") == "font/woff2"
    assert content_type("a.webmanifest") == "application/manifest+json"
    assert content_type("a.unheard-of") == "application/octet-stream"
