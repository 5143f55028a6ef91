import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings

from longhouse.frontdoor import conf, site
from longhouse.frontdoor.heads import Head, HeadFunction, page_head
from longhouse.frontdoor.retired import read, retire
from longhouse.frontdoor.tests.build import write_build

PATH = "/articles/first-light"


@pytest.fixture(autouse=True)
def looks_at_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "CHECK_EVERY", 0.0)


@pytest.fixture
def committed(
    django_capture_on_commit_callbacks: Callable[..., object], db: None
) -> Callable[..., None]:
    def retire_now(*paths: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            retire(*paths)

    return retire_now


def test_a_retired_page_is_no_file_of_the_site_any_more(committed: Callable[..., None]) -> None:
    assert PATH in site.current().files
    committed(PATH, "/r/M0001")
    assert PATH not in site.current().files
    assert "/about" in site.current().files
    site.reset()  # as in a process that starts later
    assert PATH not in site.current().files


def test_it_takes_the_way_of_pages_newer_than_the_build(
    committed: Callable[..., None], page_heads: dict[str, HeadFunction]
) -> None:
    found = [Head("Medieval Madness (1997)", "New facts.", PATH)]

    @page_head("/(public)/articles/[slug]")
    def machine(slug: str) -> Head | None:
        return found[0] if found else None

    http = Client(headers={"Accept": "text/html"})
    committed(PATH)
    assert b"New facts." in http.get(PATH).content
    found.clear()
    assert http.get(PATH).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_only_what_was_committed_counts() -> None:
    with transaction.atomic():
        retire(PATH)
        transaction.set_rollback(True)
    assert PATH in site.current().files
    with transaction.atomic():
        retire(PATH)
        assert PATH in site.current().files
    assert PATH not in site.current().files


def test_a_build_of_newer_data_ends_it(product: Path, committed: Callable[..., None]) -> None:
    committed(PATH)
    write_build(product / "dist")
    table = product / "dist" / "routes.json"
    older = {**json.loads(table.read_text()), "dataTime": time.time() - 60}
    table.write_text(json.dumps(older))
    site.reset()
    assert PATH not in site.current().files, "built since, but of data from before the change"
    table.write_text(json.dumps({**older, "dataTime": time.time() + 1}))
    site.reset()
    assert PATH in site.current().files


@pytest.mark.django_db(transaction=True)
def test_many_at_once_lose_nothing() -> None:
    paths = [f"/articles/{number}" for number in range(40)]

    def retire_one(path: str) -> None:
        retire(path)
        connection.close()  # to the pool: this thread will end

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(retire_one, paths))
    assert set(read(conf.load().retired)) == set(paths)


def test_a_list_that_cannot_be_written_or_read_fails_nothing(
    product: Path,
    settings: Settings,
    committed: Callable[..., None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = product / "var" / "retired.json"
    broken.parent.mkdir()
    broken.write_text("{")
    assert PATH in site.current().files
    assert "cannot be read" in caplog.text
    settings.FRONTDOOR_RETIRED = product / "dist" / "routes.json" / "below-a-file"
    committed(PATH)
    assert "Error calling" in caplog.text
