"""Uploaded pictures: checked before anything is stored, re-encoded to drop all metadata."""

import io
import warnings
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from apps.core.problems import InvalidInput

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
COPIES = {"WEBP": 3}  # that its decoder holds in full size
# A picture unfolds to 4 bytes a pixel and more, from a file of any size: one at a time.
_unfolding = Lock()


@dataclass(frozen=True)
class Rendition:
    """One encoded WebP picture; width and height in pixels."""

    file: ContentFile
    width: int
    height: int


def read_image(upload: UploadedFile, *, longest: int, field: str = "file") -> Image.Image:
    """Decode an upload, upright, in RGB, with the longer side at most `longest` pixels.

    What is transparent becomes white. Raises InvalidInput naming `field` when it is no picture,
    too many bytes, or too many pixels; the pixel count is read from the header, before a
    decompression bomb could unfold.
    """

    def refuse(message: str) -> InvalidInput:
        return InvalidInput(errors=[{"field": field, "message": message}])

    if upload.size is None or upload.size > settings.MAX_IMAGE_BYTES:
        raise refuse(f"The picture is larger than {settings.MAX_IMAGE_BYTES // 2**20} MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(upload, formats=FORMATS)
            limit = settings.MAX_IMAGE_PIXELS // COPIES.get(opened.format or "", 1)
            if opened.width * opened.height > limit:
                raise refuse(f"The picture has more than {limit // 10**6} megapixels.")
            with _unfolding:
                image = _shrink(opened, longest)
            return _on_white(ImageOps.exif_transpose(image))
    except InvalidInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise refuse("The picture has too many pixels.") from error
    except Exception as error:  # what decoders raise for hostile bytes is anybody's guess
        raise refuse(
            "This is not a picture that we can read: use JPEG, PNG, WebP or GIF."
        ) from error


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
