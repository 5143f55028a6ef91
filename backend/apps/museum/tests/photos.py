"""Pictures for tests."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.museum import (
    photos,  # feature: jobs
    services,
)
from apps.museum.models import (
    Machine,  # feature: jobs
    Photo,
    PhotoState,  # feature: jobs
)
from apps.users.models import User

PLACE = "where I live"


def taken(size: tuple[int, int] = (60, 40), **options: Any) -> SimpleUploadedFile:
    """A JPEG as a phone makes it: stored lying on its side, and it tells where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = PLACE
    buffer = io.BytesIO()
    Image.new("RGB", size, "orange").save(buffer, "JPEG", exif=exif, **options)
    return SimpleUploadedFile("../../etc/passwd.jpg", buffer.getvalue())


def make_photo(*, actor: User, **fields: Any) -> Photo:
    """A photo that was taken in and is served."""
    photo = services.add_photo(actor=actor, upload=taken(), **fields)
    photos.process(photo)  # feature: jobs
    photo.refresh_from_db()
    return photo


# feature: jobs
def failed_photo(machine: Machine) -> Photo:
    return Photo.objects.create(
        machine=machine, state=PhotoState.FAILED, original="originals/x", width=40, height=60
    )


# end feature: jobs
