"""Encodes the drawings as the two files that an uploaded photo has: the picture and its thumbnail.

A print has few inks: a lossless WebP of 32 colors is half as large as a lossy one, and cleaner.
"""

import io
from functools import cache
from typing import NamedTuple

from PIL import Image

from apps.museum.demo.art.canvas import HEIGHT, SCALE, WIDTH, Sheet
from apps.museum.demo.art.details import CAPTIONS, DETAILS
from apps.museum.demo.art.playfield import playfield
from apps.museum.photos import THUMBNAIL_PIXELS

COLORS = 32


class Picture(NamedTuple):
    """Two encoded WebP pictures; width and height of the larger, in pixels."""

    image: bytes
    thumbnail: bytes
    width: int
    height: int
    caption: str


def of_machine(name: str, *, year: int, era: str) -> Picture:
    return _encode(playfield(name, year=year, era=era), f"Playfield of {name}, drawn from above")


@cache
def of_work(kind: str) -> Picture:
    return _encode(DETAILS[kind](), CAPTIONS[kind])


def _encode(sheet: Sheet, caption: str) -> Picture:
    small = sheet.reduced(SCALE * HEIGHT // THUMBNAIL_PIXELS)
    return Picture(_webp(sheet.reduced(SCALE)), _webp(small), WIDTH, HEIGHT, caption)


def _webp(image: Image.Image) -> bytes:
    few = image.quantize(COLORS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    few.convert("RGB").save(buffer, "WEBP", lossless=True, quality=25, method=3)
    return buffer.getvalue()
