"""What is left of pictures whose processing was cut off, or failed for good."""

from datetime import datetime

from django.db.models import FileField

from apps.museum.models import Photo, PhotoState

# Fields that share a folder.
FOLDERS = (("image", "thumbnail"), ("original",))


def remove(*, before: datetime) -> int:
    """Remove files that no row names and that were written before then; gives how many."""
    return sum(_remove(names, before) for names in FOLDERS)


def _remove(names: tuple[str, ...], before: datetime) -> int:
    field = Photo._meta.get_field(names[0])
    assert isinstance(field, FileField)  # noqa: S101 - for the type checker
    storage, folder = field.storage, str(field.upload_to)
    try:
        found = [f"{folder}{name}" for name in storage.listdir(folder)[1]]
    except FileNotFoundError:
        return 0
    named = {name for row in Photo.all_objects.values_list(*names) for name in row}
    orphans = [
        name for name in found if name not in named and storage.get_modified_time(name) < before
    ]
    for name in orphans:
        storage.delete(name)
    return len(orphans)


def give_up(*, before: datetime) -> int:
    """Remove for good, with its original, what failed before then; gives how many."""
    failed = Photo.all_objects.filter(state=PhotoState.FAILED, updated_at__lt=before)
    return failed.hard_delete()[0]
