"""A worker is killed (kill -9) in the middle of a picture: another does it, and nothing is left."""

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import default_storage
from django.db import connection, connections, router
from PIL import Image

from apps.museum import services, tasks
from apps.museum.models import Photo, PhotoState
from apps.museum.tests.factories import MachineFactory
from apps.museum.tests.photos import taken
from apps.museum.tests.test_photos import kept, served
from longhouse.jobs.models import Attempt, Job, Outcome, State
from longhouse.jobs.tests.engines import ALIAS, SERVER, House, Router, children


class Darkroom(House):
    """The house's worker, on a copy of the test's database; on a server, on that database."""

    def _make_database(self) -> str:
        if self.vendor == "postgresql":
            return urlsplit(SERVER)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        file = self.folder / "db.sqlite3"
        with sqlite3.connect(file) as copy:
            connection.connection.backup(copy)
        return f"sqlite:///{file}"


@pytest.fixture
def house(
    transactional_db: None,
    maintainer: Any,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[House]:
    machine = MachineFactory.create(slug="taxi-m7777", asset_number="M7777")
    services.add_photo(actor=maintainer, machine=machine, upload=taken((2000, 1000)))
    house = Darkroom(tmp_path, f"embedded-{connection.vendor}")
    house.environment |= {
        "DJANGO_SETTINGS_MODULE": "tests.halting",
        "DATABASE_URL": house.url,
        "HALTING_MEDIA": str(settings.MEDIA_ROOT),
        "HALTING_PRIVATE": str(settings.PRIVATE_ROOT),
        "HALTING_AT": str(tmp_path / "halt"),
        "TMPDIR": str(tmp_path),
    }
    entry = {**connections.databases["default"]}
    # A pool would keep connections to the test's database after all was closed.
    entry["OPTIONS"] = {key: value for key, value in entry["OPTIONS"].items() if key != "pool"}
    if connection.vendor == "sqlite":
        entry["NAME"] = str(tmp_path / "db.sqlite3")
    connections.databases[ALIAS] = entry
    connections[ALIAS].connect()  # by itself it may not, in a test of another database
    with monkeypatch.context() as patch:
        patch.setattr(router, "routers", [Router()])
        try:
            yield house
        finally:
            house.stop()
            connections[ALIAS].close()
            del connections[ALIAS], connections.databases[ALIAS]


@pytest.mark.parametrize(
    ("halt_at", "files", "whole_worker"),
    [("large", 1, False), ("small", 2, True)],
    ids=["process", "worker"],
)
def test_a_picture_cut_off_is_made_by_another(house, settings, halt_at, files, whole_worker):
    halt = Path(house.environment["HALTING_AT"])
    halt.write_text(halt_at)
    worker = house.start()
    house.until(lambda: len(served(settings)) == files, seconds=120)
    (half,) = [name for name in served(settings) if ("small" in name) == (halt_at == "small")]
    if whole_worker:
        house.kill(worker)
        house.start()
    else:
        for one in children(worker):
            one.kill()
    assert Photo.objects.get().state == PhotoState.PROCESSING
    halt.unlink()
    photos = Job.objects.filter(schedule__isnull=True)  # a schedule may fire meanwhile
    house.until(lambda: photos.get().state == State.SUCCEEDED, seconds=120)
    house.stop()

    assert [attempt.outcome for attempt in Attempt.objects.all()] == [Outcome.LOST]
    photo = Photo.objects.get()
    assert photo.state == PhotoState.READY
    names = {Path(str(file.name)).name for file in (photo.image, photo.thumbnail)}
    assert half not in names
    for file, size in ((photo.image, (800, 1600)), (photo.thumbnail, (240, 480))):
        with file.open() as stored, Image.open(stored) as picture:
            picture.load()
            assert picture.size == size
    assert kept(settings) == []
    long_ago = time.time() - 2 * 86400
    for name in served(settings):
        os.utime(default_storage.path(f"machines/{name}"), (long_ago, long_ago))
    assert tasks.clean_photos.func() == files
    assert set(served(settings)) == names
