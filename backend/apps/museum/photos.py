"""A picture on its way from the upload to what is served.

The original may tell where and when it was taken. It lies in private storage, and goes as soon as
what is served was made of it: WebP, upright, without any metadata.
"""

from collections.abc import Callable
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from uuid_utils.compat import uuid7

from apps.core.images import read_image, render
from apps.core.models import validate
from apps.museum.models import Machine, Photo, PhotoState
from apps.museum.pages import retire_pages
from apps.museum.realtime import photo_changed  # feature: realtime

PHOTO_PIXELS = 1600
THUMBNAIL_PIXELS = 480
FAILED = "This picture could not be processed."


def keep(photo: Photo, upload: UploadedFile, *, then: Callable[[Photo], object]) -> None:
    """Save a new photo with its original, and do `then` in the same transaction; all or nothing.

    Raises ValidationError for a wrong value, and what `then` raises.
    """
    photo.state = PhotoState.PROCESSING
    try:
        with transaction.atomic():
            photo.original.save(uuid7().hex, upload, save=False)
            validate(photo)
            photo.save()
            photo_changed(photo)  # feature: realtime
            then(photo)
    except BaseException:
        if photo.original:
            photo.original.storage.delete(str(photo.original.name))
        raise


def process(photo: Photo, *, hold: Callable[[], object] = lambda: None) -> None:
    """Make what is served, and drop the original; nothing, when that was done before.

    Each try writes files under new names, which nobody knows before the row names them: whole
    ones, in one transaction. `hold` is called in it, and may end it.

    Raises InvalidInput when the original is no picture.
    """
    with photo.original.open("rb") as original:
        image = read_image(original, longest=PHOTO_PIXELS)
    large, small = render(image, longest=PHOTO_PIXELS), render(image, longest=THUMBNAIL_PIXELS)
    name = uuid7().hex
    made = Photo(pk=photo.pk)
    try:
        made.image.save(f"{name}.webp", large.file, save=False)
        made.thumbnail.save(f"{name}-small.webp", small.file, save=False)
        with transaction.atomic():
            hold()
            rows = Photo.all_objects.select_for_update().exclude(state=PhotoState.READY)
            row = rows.filter(pk=photo.pk).first()
            if row is None:
                _forget(made)
                return
            transaction.on_commit(
                partial(row.original.storage.delete, str(row.original.name)), robust=True
            )
            row.image, row.thumbnail, row.original = made.image.name, made.thumbnail.name, ""
            row.width, row.height, row.state = large.width, large.height, PhotoState.READY
            row.save()
            retire_pages(Machine.objects.filter(pk=row.machine_id))
            photo_changed(row)  # feature: realtime
    except BaseException:
        _forget(made)
        raise


def _forget(made: Photo) -> None:
    for file in (made.image, made.thumbnail):
        if file:
            file.storage.delete(str(file.name))
