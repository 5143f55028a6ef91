import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from longhouse.frontdoor.door import FrontDoor
from longhouse.frontdoor.files import open_upload
from longhouse.frontdoor.tests.asgi import ask

PHOTO = bytes(range(256)) * 4000  # 1 MB


@pytest.fixture
def media(product: Path) -> Path:
    root = product / "media"
    (root / "photos" / "a.jpg").write_bytes(PHOTO)
    (root / "photos" / "small.png").write_bytes(b"png")
    (root / "photos" / "empty.png").write_bytes(b"")
    (root / "notes.html").write_text("<script>alert(1)</script>")
    (root / "drawing.svg").write_text("<svg/>")
    (root / ".htaccess").write_text("secret")
    (product / "secret.txt").write_text("secret")
    (product / "media-of-others").mkdir()
    (product / "media-of-others" / "x.jpg").write_text("secret")
    return root


def test_images_are_shown_and_nothing_else(door: FrontDoor, media: Path) -> None:
    for path, kind, shown in (
        ("photos/a.jpg", "image/jpeg", "inline"),
        ("photos/small.png", "image/png", "inline"),
        ("notes.html", "text/html; charset=utf-8", "attachment"),
        ("drawing.svg", "image/svg+xml", "attachment"),
    ):
        reply = ask(door, "GET", f"/media/{path}")
        assert reply.status == 200, path
        assert reply["content-type"] == kind
        assert reply["content-disposition"].startswith(shown)
        assert reply["content-security-policy"] == "sandbox; default-src 'none'"
        assert reply["x-content-type-options"] == "nosniff"
        assert reply["cache-control"] == "private, max-age=31536000, immutable"


def test_whole_parts_and_validators(door: FrontDoor, media: Path) -> None:
    whole = ask(door, "GET", "/media/photos/a.jpg")
    assert whole.body == PHOTO
    assert len(whole.chunks) > 1
    part = ask(door, "GET", "/media/photos/a.jpg", {"Range": "bytes=-1000"})
    assert (part.status, part.body) == (206, PHOTO[-1000:])
    span = ask(door, "GET", "/media/photos/a.jpg", {"Range": "bytes=10-700009"})
    assert (span.status, span.body) == (206, PHOTO[10:700_010])
    beyond = ask(door, "GET", "/media/photos/a.jpg", {"Range": "bytes=2000000-"})
    assert (beyond.status, beyond["content-range"]) == (416, f"bytes */{len(PHOTO)}")
    small = ask(door, "GET", "/media/photos/small.png", {"Range": "bytes=1-1"})
    assert (small.status, small.body) == (206, b"n")
    same = ask(door, "GET", "/media/photos/a.jpg", {"If-None-Match": whole["etag"]})
    assert (same.status, same.body) == (304, b"")
    dated = ask(door, "GET", "/media/photos/a.jpg", {"If-Modified-Since": whole["last-modified"]})
    assert dated.status == 304
    assert ask(door, "HEAD", "/media/photos/a.jpg")["content-length"] == str(len(PHOTO))
    assert ask(door, "GET", "/media/photos/empty.png").body == b""


def test_a_replaced_file_is_not_mixed_with_the_old_one(door: FrontDoor, media: Path) -> None:
    old = ask(door, "GET", "/media/photos/a.jpg")["etag"]
    (media / "photos" / "a.jpg").write_bytes(PHOTO[::-1])
    os.utime(media / "photos" / "a.jpg", (1, 1))
    reply = ask(door, "GET", "/media/photos/a.jpg", {"Range": "bytes=0-9", "If-Range": old})
    assert (reply.status, reply.body) == (200, PHOTO[::-1])


def test_names_of_any_alphabet(door: FrontDoor, media: Path) -> None:
    (media / 'Zürich "x".jpg').write_bytes(b"z")
    reply = ask(door, "GET", '/media/Zürich "x".jpg')
    assert reply.body == b"z"
    assert "\n" not in reply["content-disposition"]


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "photos/../../secret.txt",
        "%2e%2e/secret.txt",
        "%2e%2e%2fsecret.txt",
        "..%2fsecret.txt",
        "..%5csecret.txt",
        "..\\secret.txt",
        "%252e%252e/secret.txt",
        "....//secret.txt",
        "/etc/passwd",
        "//etc/passwd",
        "%2fetc%2fpasswd",
        "../media-of-others/x.jpg",
        "./notes.html",
        "photos//a.jpg",
        "photos/",
        "photos",
        "",
        ".htaccess",
        "notes.html%00.jpg",
        "C:/secret.txt",
        "notes.html/",
    ],
)
def test_nothing_outside_of_the_uploads(door: FrontDoor, media: Path, path: str) -> None:
    reply = ask(door, "GET", f"/media/{path}")
    assert reply.status in {400, 404}
    assert b"secret" not in reply.body
    assert b"root:" not in reply.body


def test_links_must_stay_inside(door: FrontDoor, media: Path) -> None:
    (media / "out.txt").symlink_to(media.parent / "secret.txt")
    (media / "out").symlink_to(media.parent)
    (media / "loop").symlink_to(media / "loop")
    (media / "alias.png").symlink_to(media / "photos" / "small.png")
    for path in ("out.txt", "out/secret.txt", "loop", "loop/x"):
        assert ask(door, "GET", f"/media/{path}").status == 404, path
    assert ask(door, "GET", "/media/alias.png").body == b"png"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_does_not_hold_the_server(door: FrontDoor, media: Path) -> None:
    os.mkfifo(media / "pipe.png")
    assert ask(door, "GET", "/media/pipe.png").status == 404


PIECES = st.sampled_from(
    ["..", ".", "", "/", "\\", "photos", "a.jpg", "secret.txt", "out", "%2e", "\0", "~", "C:"]
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.lists(PIECES | st.text(max_size=4), max_size=8).map("/".join))
@example("out/../secret.txt")
def test_no_name_leads_out(media: Path, name: str) -> None:
    opened = open_upload(media, name)
    if opened:
        content, file = opened
        data = file.read() if file else content.body
        assert data in {PHOTO, b"png", b"", b"<script>alert(1)</script>", b"<svg/>"}
        if file:
            file.close()
