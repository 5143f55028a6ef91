"""Uploaded pictures: checked before anything is stored, re-encoded to drop all metadata."""

import io
import warnings
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from apps.core.problems import InvalidInput

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


@dataclass(frozen=True)
class Rendition:
    """One encoded WebP picture; width and height in pixels."""

    file: ContentFile
    width: int
    height: int


def read_image(upload: UploadedFile, *, field: str = "file") -> Image.Image:
    """Decode an upload, upright and in RGB.

    Raises InvalidInput naming `field` when it is no picture, too many bytes, or too many pixels;
    the pixel count is read from the header, before a decompression bomb could unfold.
    """

    def refuse(message: str) -> InvalidInput:
        return InvalidInput(errors=[{"field": field, "message": message}])

    if upload.size is None or upload.size > settings.MAX_IMAGE_BYTES:
        raise refuse(f"The picture is larger than {settings.MAX_IMAGE_BYTES // 2**20} MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)
            if image.width * image.height > settings.MAX_IMAGE_PIXELS:
                raise refuse(
                    f"The picture has more than {settings.MAX_IMAGE_PIXELS // 10**6} megapixels."
                )
            image.load()
            return ImageOps.exif_transpose(image).convert("RGB")
    except InvalidInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise refuse("The picture has too many pixels.") from error
    except Exception as error:  # what decoders raise for hostile bytes is anybody's guess
        raise refuse(
            "This is not a picture that we can read: use JPEG, PNG, WebP or GIF."
        ) from error


def render(image: Image.Image, *, longest: int, quality: int = 80) -> Rendition:
    """Encode as WebP with the longer side at most `longest` pixels."""
    copy = image.copy()
    copy.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    copy.save(buffer, "WEBP", quality=quality, method=4)
    return Rendition(ContentFile(buffer.getvalue()), copy.width, copy.height)
