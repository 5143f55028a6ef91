import gzip
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from longhouse.frontdoor import conf
from longhouse.frontdoor.csp import CSP
from longhouse.frontdoor.table import File, content_type, load_static
from longhouse.frontdoor.tests.files import CSS, LARGE, write_with_twins

POLICY = {"default-src": [CSP.SELF], "script-src": [CSP.SELF, CSP.NONCE]}


def load(root: Path, *, debug: bool = False) -> dict[str, File]:
    settings = replace(
        conf.load(), static_root=root, static_url="/static/", csp=POLICY, debug=debug
    )
    return load_static(settings)


@pytest.fixture
def files(product: Path) -> dict[str, File]:
    return load(product / "static")


def header(file: File, name: bytes, coding: str = "") -> bytes | None:
    return dict(file.variants[coding].headers).get(name)


def test_hidden_files_stay_hidden(product: Path) -> None:
    (product / "static" / ".hidden").write_text("secret")
    assert set(load(product / "static")) == {
        "/static/admin/base.0123456789ab.css",
        "/static/admin/base.css",
        "/static/film.mp4",
    }


def test_debug_leaves_collected_files_to_the_finders(product: Path) -> None:
    assert load(product / "static", debug=True) == {}


def test_each_encoding_is_served_as_it_is_with_a_tag_of_its_own(files: dict[str, File]) -> None:
    sheet = files["/static/admin/base.css"]
    br, gz, plain = (sheet.variants[coding] for coding in ("br", "gzip", ""))
    assert brotli.decompress(br.body) == gzip.decompress(gz.body or b"") == plain.body
    assert plain.body == CSS
    assert len({br.etag, gz.etag, plain.etag}) == 3
    assert header(sheet, b"content-encoding", "br") == b"br"
    assert header(sheet, b"content-encoding") is None
    assert header(sheet, b"vary") == b"Accept-Encoding"
    assert header(sheet, b"content-type") == b"text/css; charset=utf-8"


def test_only_names_with_a_hash_are_kept_for_a_year(files: dict[str, File]) -> None:
    year = b"public, max-age=31536000, immutable"
    assert header(files["/static/admin/base.0123456789ab.css"], b"cache-control") == year
    assert header(files["/static/admin/base.css"], b"cache-control") == b"no-cache"


def test_a_twin_of_other_bytes_is_not_served(tmp_path: Path) -> None:
    write_with_twins(tmp_path / "a.css", b"new" * 100)
    write_with_twins(tmp_path / "b.css", b"old" * 100)
    (tmp_path / "b.css").write_bytes(b"new" * 100)
    (tmp_path / "a.css.gz").write_bytes(b"not gzip")
    files = load(tmp_path)
    assert set(files["/static/a.css"].variants) == {"", "br"}
    assert set(files["/static/b.css"].variants) == {""}


def test_a_download_that_ends_in_gz_is_a_file_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "data.tar.gz").write_bytes(gzip.compress(b"data"))
    assert load(tmp_path)["/static/data.tar.gz"].variants[""].size > 0


def test_large_files_stay_on_disk(files: dict[str, File]) -> None:
    film = files["/static/film.mp4"].variants[""]
    assert film.body is None
    assert film.path is not None
    assert film.size == len(LARGE)


def test_a_link_that_leads_out_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert load(tmp_path / "files") == {}


def test_the_policy_of_a_page_names_its_inline_scripts_and_styles(tmp_path: Path) -> None:
    def hashed(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    (tmp_path / "a.html").write_text(
        '<style>h1{color:red}</style><script>theme()</script><script src="/x.js"></script>'
    )
    (tmp_path / "a.svg").write_text("<svg><script>theme()</script></svg>")
    files = load(tmp_path)
    page = files["/static/a.html"]
    assert page.policy == {
        "default-src": ["'self'"],
        "script-src": ["'self'", CSP.NONCE, hashed("theme()")],
        "style-src": ["'self'", hashed("h1{color:red}")],
    }
    value = (header(page, b"content-security-policy") or b"").decode()
    assert hashed("theme()") in value
    assert CSP.NONCE not in value
    assert "unsafe-inline" not in value
    # What is no page has the policy as it is set: an SVG opened by itself runs nothing either.
    assert header(files["/static/a.svg"], b"content-security-policy") == (
        b"default-src 'self'; script-src 'self'"
    )


def test_scripts_are_hashed_as_the_browser_reads_them(tmp_path: Path) -> None:
    page = b"<script>\r\nif (1 < 2 && '</b>') {}\r\n</script><SCRIPT type=module>x</SCRIPT>"
    (tmp_path / "a.html").write_bytes(page)
    policy = load(tmp_path)["/static/a.html"].policy
    expected = ["\nif (1 < 2 && '</b>') {}\n", "x"]
    hashes = [f"'sha256-{b64encode(sha256(t.encode()).digest()).decode()}'" for t in expected]
    assert policy["script-src"][2:] == hashes


def test_types_are_the_same_everywhere() -> None:
    assert content_type("a.js") == "text/javascript; charset=utf-8"
    assert content_type("a.woff2") == "font/woff2"
    assert content_type("a.webmanifest") == "application/manifest+json"
    assert content_type("a.unheard-of") == "application/octet-stream"
