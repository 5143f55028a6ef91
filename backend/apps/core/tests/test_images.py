import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile

from apps.core import images
from apps.core.images import image_size, render
from apps.core.problems import InvalidInput


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def read_image(content: SimpleUploadedFile, longest: int = 1600) -> Image.Image:
    return images.read_image(content, longest=longest)


def picture(size=(40, 20), fmt="JPEG", **options) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "red").save(buffer, fmt, **options)
    return buffer.getvalue()


def png_bomb(side: int) -> bytes:
    """A PNG whose header claims side x side pixels and whose body is a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "GIF"])
def test_pictures_are_read(fmt):
    assert read_image(upload(picture(fmt=fmt))).size == (40, 20)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<svg onload=alert(1)>", "not a picture"),
        (b"", "not a picture"),
        (picture()[:200], "not a picture"),
        (b"%PDF-1.7", "not a picture"),
        (picture(fmt="TIFF"), "not a picture"),
        (png_bomb(60_000), "pixels"),
        (png_bomb(5_001), "more than 25 megapixels"),
        (picture((3_000, 3_000), "WEBP"), "more than 8 megapixels"),
    ],
    ids=["svg", "empty", "cut off", "pdf", "tiff", "bomb", "large", "large for its decoder"],
)
def test_everything_else_is_refused_with_the_reason(content, message):
    with pytest.raises(InvalidInput) as caught:
        read_image(upload(content))
    assert caught.value.errors[0]["field"] == "file"
    assert message in caught.value.errors[0]["message"]


def test_metadata_that_cannot_be_read_is_refused():
    exif = b"Exif\0\0MM\0+\0\0\0\x08broken"
    with pytest.raises(InvalidInput):
        read_image(upload(picture(fmt="WEBP", exif=exif)))


def test_a_file_that_is_too_large_is_refused(settings):
    settings.MAX_IMAGE_BYTES = 100
    with pytest.raises(InvalidInput):
        read_image(upload(picture()))


def test_metadata_is_dropped_after_turning_the_picture_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying on its side
    exif[0x010E] = "where I live"
    rendition = render(read_image(upload(picture(exif=exif))), longest=100)
    stored = Image.open(rendition.file)
    assert (stored.format, stored.size) == ("WEBP", (20, 40))
    assert not stored.getexif()


def test_renditions_shrink_but_never_grow():
    image = read_image(upload(picture((400, 200))))
    assert (render(image, longest=100).width, render(image, longest=100).height) == (100, 50)
    assert render(image, longest=1000).width == 400


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("size", [(40, 20), (2000, 1001), (1, 1999)])
def test_the_header_tells_the_size_that_reading_gives(fmt, orientation, size):
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = picture(size, fmt, **({} if fmt == "GIF" else {"exif": exif}))
    read = read_image(upload(content), longest=300)
    assert image_size(upload(content), longest=300) == read.size


@pytest.mark.parametrize(
    "content",
    [
        b"<svg onload=alert(1)>", b"", picture()[:20], picture(fmt="TIFF"), png_bomb(60_000),
        png_bomb(5_001), picture((3_000, 3_000), "WEBP"),
        picture(fmt="WEBP", exif=b"Exif\0\0MM\0+\0\0\0\x08broken"),
    ],
    ids=["svg", "empty", "cut off", "tiff", "bomb", "large", "large for its decoder", "exif"],
)  # fmt: skip
def test_the_header_is_enough_to_refuse_most(content):
    with pytest.raises(InvalidInput) as seen:
        image_size(upload(content), longest=300)
    with pytest.raises(InvalidInput) as read:
        read_image(upload(content))
    assert seen.value.errors == read.value.errors


def test_nothing_is_decoded_for_the_size(monkeypatch):
    monkeypatch.setattr(ImageFile.ImageFile, "load", None)
    for fmt in ("JPEG", "PNG", "WEBP", "GIF"):
        assert image_size(upload(picture(fmt=fmt)), longest=300) == (40, 20)


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "GIF"])
def test_pictures_are_shrunk_while_they_are_read(fmt):
    image = read_image(upload(picture((2000, 1000), fmt=fmt)), longest=300)
    assert (image.size, image.mode) == ((300, 150), "RGB")


PEAK = """
import re, sys
from pathlib import Path
import django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from apps.core.images import read_image

def peak():  # not ru_maxrss, which a process inherits
    return 1024 * int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])

upload = SimpleUploadedFile("a", sys.stdin.buffer.read())
before = peak()
read_image(upload, longest=1600)
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells the peak of one process.")
def test_a_picture_of_the_largest_size_is_in_memory_once():
    side = 4_900
    printed = subprocess.run(
        [sys.executable, "-c", PEAK],
        input=picture((side, side), "PNG"),
        cwd=Path(__file__).parents[3],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"},
        check=True,
        capture_output=True,
    ).stdout
    assert int(printed) < 2 * 4 * side**2  # 4 bytes a pixel


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white(mode):
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 20, 20))
    buffer = io.BytesIO()
    image.convert(mode).save(buffer, "PNG")
    read = read_image(upload(buffer.getvalue()))
    assert read.getpixel((35, 10)) == (255, 255, 255)
    assert read.getpixel((5, 10)) != (255, 255, 255)
