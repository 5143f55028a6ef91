"""Stores the drawings, named as the service names uploads, and makes the rows for them."""

from collections.abc import Mapping

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from uuid_utils.compat import uuid7

from apps.museum.demo.art.pictures import Picture, of_machine, of_work
from apps.museum.models import LogEntry, Machine, Photo
from apps.users.models import User


def add_photos(
    machines: Mapping[str, Machine],
    pictured: list[tuple[LogEntry, str]],
    *,
    uploaded_by: User,
) -> list[Photo]:
    """One portrait of each machine, and what was photographed at work; rows not saved yet.

    Leaves no file behind when it fails.
    """
    stored: list[str] = []

    def photo(picture: Picture, machine: Machine, entry: LogEntry | None = None) -> Photo:
        name = uuid7().hex
        for suffix, content in (("", picture.image), ("-small", picture.thumbnail)):
            path = f"machines/{name}{suffix}.webp"
            stored.append(default_storage.save(path, ContentFile(content)))
        taken = entry.created_at if entry else machine.created_at
        return Photo(
            machine=machine,
            log_entry=entry,
            image=stored[-2],
            thumbnail=stored[-1],
            width=picture.width,
            height=picture.height,
            caption=picture.caption,
            uploaded_by=uploaded_by if entry is None else entry.author,
            created_at=taken,
            updated_at=taken,
        )

    try:
        portraits = [
            photo(of_machine(name, year=machine.model.year, era=machine.model.era), machine)
            for name, machine in machines.items()
        ]
        return portraits + [photo(of_work(kind), entry.machine, entry) for entry, kind in pictured]
    except BaseException:
        for path in stored:
            default_storage.delete(path)
        raise
