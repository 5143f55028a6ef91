"""Ready-made operations on files: fetch, change, put elsewhere.

A file is named by its storage, an alias in STORAGES, so it may lie on a disk or in S3.
"""

import hashlib
import mimetypes
import os
import tempfile
from pathlib import PurePosixPath
from typing import IO, Any, ClassVar
from urllib.parse import urlsplit

from django.core.files import File
from django.core.files.storage import storages
from pydantic import BaseModel, Field, HttpUrl

from longhouse.jobs import Discard, Retry
from longhouse.workflows import outgoing
from longhouse.workflows.operations import Operation

CHUNK = 256 * 1024
LARGEST = 1024 * 1024 * 1024


class StoredFile(BaseModel):
    """A file in one of the storages."""

    storage: str = "default"
    name: str
    size: int
    content_type: str = ""
    sha256: str


class DownloadFrom(BaseModel):
    url: HttpUrl
    storage: str = "default"
    #: where in the storage, such as "imports"
    folder: str = "downloads"
    max_bytes: int = Field(100 * 1024 * 1024, ge=1, le=LARGEST)


class Download(Operation[DownloadFrom, StoredFile]):
    """Fetch a file from a public address into a storage; private networks are refused."""

    retry = Retry(max_attempts=5)
    timeout = 600

    def run(self, payload: DownloadFrom) -> StoredFile:
        with tempfile.TemporaryFile() as received:
            answer = outgoing.fetch(str(payload.url), received, max_bytes=payload.max_bytes)
            received.seek(0)
            name = PurePosixPath(urlsplit(answer.url).path).name or "file"
            return store(received, payload.storage, payload.folder, name, answer.content_type)

    def undo(self, output: StoredFile, payload: DownloadFrom) -> None:
        remove(output)


class Transform(Operation[StoredFile, StoredFile]):
    """A new file from one, by `change(source, target)`; the old one stays."""

    #: added to the name before its ending, or with it
    suffix: ClassVar[str] = "-changed"

    def change(self, source: IO[bytes], target: IO[bytes]) -> None:
        raise NotImplementedError

    def run(self, payload: StoredFile) -> StoredFile:
        path = PurePosixPath(payload.name)
        ending = "" if "." in self.suffix else path.suffix
        with (
            storages[payload.storage].open(payload.name) as source,
            tempfile.TemporaryFile() as target,
        ):
            self.change(source, target)
            target.seek(0)
            name = f"{path.stem}{self.suffix}{ending}"
            return store(target, payload.storage, str(path.parent), name)

    def undo(self, output: StoredFile, payload: StoredFile) -> None:
        remove(output)


class Upload(Operation[StoredFile, StoredFile]):
    """Copy a file into another storage."""

    retry = Retry(max_attempts=5)
    timeout = 600

    def __init__(self, storage: str, folder: str = "uploads") -> None:
        self.storage = storage
        self.folder = folder

    def run(self, payload: StoredFile) -> StoredFile:
        with storages[payload.storage].open(payload.name) as source:
            name = PurePosixPath(payload.name).name
            stored = store(source, self.storage, self.folder, name, payload.content_type)
        if stored.sha256 != payload.sha256:
            remove(stored)
            raise Discard(f"{payload.name} is not what it was when it was stored.")
        return stored

    def undo(self, output: StoredFile, payload: StoredFile) -> None:
        remove(output)


def store(source: Any, storage: str, folder: str, name: str, content_type: str = "") -> StoredFile:
    """Put what is read from `source` into a storage, under a name that is free.

    The name follows from what the file holds, so that a repetition writes the same file.
    """
    digest = hashlib.sha256()
    size = 0
    source.seek(0)
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    source.seek(0)
    target = storages[storage]
    sha256 = digest.hexdigest()
    path = os.path.join(folder, sha256[:16], target.get_valid_name(name))  # noqa: PTH118 - a name in a storage
    if not (target.exists(path) and target.size(path) == size):
        if target.exists(path):
            target.delete(path)  # half written, when a worker died
        path = target.save(path, File(source))
    kind = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return StoredFile(storage=storage, name=path, size=size, content_type=kind, sha256=sha256)


def remove(file: StoredFile) -> None:
    storages[file.storage].delete(file.name)
