"""Settings of a worker that stops in the middle of a picture, as long as a file says of which."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from config.settings.test import *  # noqa: F403
from config.settings.test import STORAGES, TASKS

MEDIA_ROOT = Path(os.environ["HALTING_MEDIA"])
PRIVATE_ROOT = Path(os.environ["HALTING_PRIVATE"])
HALT = Path(os.environ["HALTING_AT"])
STORAGES = {**STORAGES, "default": {"BACKEND": f"{__name__}.HaltingStorage"}}
TASKS["default"].setdefault("OPTIONS", {})["lease"] = 2.0


class Halves(File):
    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        whole = self.read()
        yield whole[: len(whole) // 2]
        which = "small" if str(self.name).endswith("-small.webp") else "large"
        while HALT.exists() and HALT.read_text() == which:
            time.sleep(0.01)
        yield whole[len(whole) // 2 :]


class HaltingStorage(FileSystemStorage):
    def _save(self, name: str, content: Any) -> str:
        return super()._save(name, Halves(content, name))  # type: ignore[misc]
