import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any

import pytest
from django.core.files.storage import storages
from pydantic import BaseModel

from longhouse.jobs import Discard
from longhouse.jobs.testing import run_jobs
from longhouse.workflows import definition, outgoing
from longhouse.workflows.files import Download, DownloadFrom, StoredFile, Transform, Upload, store
from longhouse.workflows.models import RunState
from longhouse.workflows.operations import Operation, Pipeline, pipeline
from longhouse.workflows.tests.running import fresh, later

pytestmark = pytest.mark.django_db


class Shout(Transform):
    suffix = "-loud.txt"

    def change(self, source: IO[bytes], target: IO[bytes]) -> None:
        target.write(source.read().upper())


class Broken(Operation[StoredFile, StoredFile]):
    def run(self, payload: StoredFile) -> StoredFile:
        raise Discard("no")


class Number(BaseModel):
    value: int


def download(url: str) -> DownloadFrom:
    return DownloadFrom.model_validate({"url": url})


class Half(Operation[Number, Number]):
    def run(self, payload: Number) -> Number:
        return Number(value=payload.value // 2)


class Site(BaseHTTPRequestHandler):
    flaky = 0

    def do_GET(self) -> None:
        if self.path == "/flaky" and Site.flaky:
            Site.flaky -= 1
            self.send_error(503)
        elif self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/note.txt")
            self.end_headers()
        elif self.path == "/inside":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.2/")
            self.end_headers()
        elif self.path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
        elif self.path == "/short":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"short")
        elif self.path in ("/note.txt", "/flaky"):
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"hello")
        else:
            self.send_error(404)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def site(settings: Any) -> Iterator[str]:
    settings.WORKFLOWS_PRIVATE_HOSTS = ["127.0.0.1"]
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def archive(settings: Any, tmp_path: Any) -> str:
    settings.STORAGES = settings.STORAGES | {
        "archive": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "archive")},
        }
    }
    return "archive"


@pytest.fixture
def made() -> Iterator[Any]:
    """Make pipelines that are forgotten after the test."""
    before = dict(definition._known)
    yield pipeline
    definition._known.clear()
    definition._known.update(before)


def test_a_file_is_fetched_changed_and_put_elsewhere(made: Any, site: str, archive: str):
    flow: Pipeline = made("tests.shout", Download(), Shout(), Upload(archive), version=1)
    run = flow.start(download(f"{site}/note.txt"))
    run_jobs()
    run = fresh(run)
    assert run.state == RunState.SUCCEEDED, run.error
    stored = StoredFile.model_validate(run.result)
    assert (stored.storage, stored.size, stored.content_type) == ("archive", 5, "text/plain")
    assert stored.name.endswith("/note-loud.txt")
    with storages["archive"].open(stored.name) as file:
        assert file.read() == b"HELLO"


def test_what_was_stored_is_removed_when_a_later_operation_fails(made: Any, site: str):
    flow: Pipeline = made("tests.broken", Download(), Broken(), version=1)
    run = flow.start(download(f"{site}/note.txt"))
    run_jobs()
    assert fresh(run).state == RunState.FAILED
    stored = run.steps.get(key="1 Download").result
    assert stored
    assert not storages["default"].exists(stored["name"])


def test_a_server_that_is_down_is_asked_again(made: Any, site: str):
    Site.flaky = 2
    flow: Pipeline = made("tests.flaky", Download(), version=1)
    run = flow.start(download(f"{site}/flaky"))
    for _ in range(4):
        run_jobs()
        later(hours=1)
    assert fresh(run).state == RunState.SUCCEEDED


def test_a_repetition_stores_the_same_file_once():
    first = store(io.BytesIO(b"same"), "default", "a", "b.txt")
    assert store(io.BytesIO(b"same"), "default", "a", "b.txt") == first
    assert store(io.BytesIO(b"other"), "default", "a", "b.txt").name != first.name


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/missing", "answers 404"),
        ("/inside", "private network"),
        ("/loop", "redirects more than 5 times"),
    ],
)
def test_what_no_other_try_helps_is_discarded(site: str, path: str, message: str):
    with pytest.raises(Discard, match=message):
        outgoing.fetch(site + path, io.BytesIO(), max_bytes=100)


def test_too_large_a_file_is_discarded(site: str):
    with pytest.raises(Discard, match="larger than 4 bytes"):
        outgoing.fetch(f"{site}/note.txt", io.BytesIO(), max_bytes=4)


def test_an_answer_that_breaks_off_is_an_error(site: str):
    with pytest.raises(OSError, match="broke off"):
        outgoing.fetch(f"{site}/short", io.BytesIO(), max_bytes=1000)


def test_redirects_are_followed(site: str):
    target = io.BytesIO()
    answer = outgoing.fetch(f"{site}/moved", target, max_bytes=100)
    assert (answer.url, target.getvalue()) == (f"{site}/note.txt", b"hello")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://0.0.0.0/",
        "file:///etc/passwd",
        "ftp://example.org/",
    ],
)
def test_our_own_network_is_never_asked(url: str):
    with pytest.raises(Discard):
        outgoing.fetch(url, io.BytesIO(), max_bytes=100)


def test_operations_that_do_not_fit_are_not_composed(made: Any):
    with pytest.raises(TypeError, match="Half takes Number, but Download gives StoredFile"):
        made("tests.misfit", Download(), Half(), version=1)


def test_a_pipeline_takes_what_its_first_operation_takes(made: Any):
    flow: Pipeline = made("tests.half", Half(), version=1)
    with pytest.raises(TypeError, match="begins with Number"):
        flow.start(download("https://example.org/"))
    run = flow.start(Number(value=8))
    run_jobs()
    assert fresh(run).result == {"value": 4}
    assert fresh(run).progress == {"percent": 100, "message": ""}


def test_an_operation_says_its_types():
    with pytest.raises(TypeError, match="says its types"):

        class Untyped(Operation):  # type: ignore[type-arg]
            pass
