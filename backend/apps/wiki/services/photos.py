"""Pictures of parks and rides: what is kept of an upload, and what goes with a draft."""

from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from uuid_utils.compat import uuid7

from apps.core.images import read_image, render
from apps.wiki.models import Photo
from apps.wiki.selectors import companion_of
from longhouse.versioning.branches import branch_context
from longhouse.versioning.models import Branch

LONGEST = 1600  # pixels


def made_of(upload: UploadedFile) -> ContentFile:
    """WebP, upright, without any metadata, under a name that nobody guesses.

    Raises InvalidInput for what is no picture, or too large a one.
    """
    made = render(read_image(upload, longest=LONGEST), longest=LONGEST)
    made.file.name = f"{uuid7().hex}.webp"
    return made.file


def forget_with(draft: Branch) -> None:
    """Delete the files of photos that only this draft has, once the transaction has ended."""
    held = companion_of(Photo)._base_manager.filter(version_branch=draft.pk).order_by()
    with branch_context(None):
        elsewhere = Photo._base_manager.order_by().values("id")
        names = set(held.exclude(id__in=elsewhere).values_list("file", flat=True))
    for name in names - {None, ""}:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)
