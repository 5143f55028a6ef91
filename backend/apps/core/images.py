"""Uploaded pictures: checked before anything is stored, re-encoded to drop all metadata."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.core.files.base import ContentFile, File
from PIL import ExifTags, Image, ImageOps

from apps.core.problems import InvalidInput

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
COPIES = {"WEBP": 3}  # that its decoder holds in full size
LYING = {5, 6, 7, 8}  # EXIF's orientations in which width and height change places
# A picture unfolds to 4 bytes a pixel and more, from a file of any size: one at a time.
_unfolding = Lock()


@dataclass(frozen=True)
class Rendition:
    """One encoded WebP picture; width and height in pixels."""

    file: ContentFile
    width: int
    height: int


def image_size(upload: File, *, longest: int, field: str = "file") -> tuple[int, int]:
    """Width and height in pixels that `read_image` gives, by the header alone: nothing is decoded.

    Raises InvalidInput as `read_image` does, but does not see what is wrong further inside.
    """
    with _refusals(field):
        image = _opened(upload, field)
        size = image.size
        # Pillow would decode a whole PNG to look for it at the end.
        tells = image.format != "PNG" or "exif" in image.info
        if tells and image.getexif().get(ExifTags.Base.Orientation) in LYING:
            size = size[::-1]
        scale = min(1, longest / max(size))
        return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def read_image(upload: File, *, longest: int, field: str = "file") -> Image.Image:
    """Decode an upload, upright, in RGB, with the longer side at most `longest` pixels.

    What is transparent becomes white. Raises InvalidInput naming `field` when it is no picture,
    too many bytes, or too many pixels; the pixel count is read from the header, before a
    decompression bomb could unfold.
    """
    with _refusals(field):
        opened = _opened(upload, field)
        with _unfolding:
            image = _shrink(opened, longest)
        return _on_white(ImageOps.exif_transpose(image))


def _opened(upload: File, field: str) -> Image.Image:
    if upload.size > settings.MAX_IMAGE_BYTES:
        message = f"The picture is larger than {settings.MAX_IMAGE_BYTES // 2**20} MB."
        raise _refusal(field, message)
    opened = Image.open(upload, formats=FORMATS)
    limit = settings.MAX_IMAGE_PIXELS // COPIES.get(opened.format or "", 1)
    if opened.width * opened.height > limit:
        raise _refusal(field, f"The picture has more than {limit // 10**6} megapixels.")
    return opened


@contextmanager
def _refusals(field: str) -> Iterator[None]:
    """Whatever goes wrong with a picture becomes InvalidInput."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except InvalidInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _refusal(field, "The picture has too many pixels.") from error
    except Exception as error:  # what decoders raise for hostile bytes is anybody's guess
        message = "This is not a picture that we can read: use JPEG, PNG, WebP or GIF."
        raise _refusal(field, message) from error


def _refusal(field: str, message: str) -> InvalidInput:
    return InvalidInput(errors=[{"field": field, "message": message}])


def _shrink(image: Image.Image, longest: int) -> Image.Image:
    """Decode with as few copies in full size as the format allows."""
    # A JPEG is decoded in half, quarter or eighth of its size at once.
    image.draft("RGB", (longest, longest))
    image.load()
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode != mode:
        image = image.convert(mode)
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image)
    return white.convert("RGB")


def render(image: Image.Image, *, longest: int, quality: int = 80) -> Rendition:
    """Encode as WebP with the longer side at most `longest` pixels."""
    copy = image.copy()
    copy.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    copy.save(buffer, "WEBP", quality=quality, method=4)
    return Rendition(ContentFile(buffer.getvalue()), copy.width, copy.height)
