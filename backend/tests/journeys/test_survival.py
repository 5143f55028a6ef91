"""A killed or stopped server loses nothing that it acknowledged."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.client import ApiClient
from tests.house import House


@pytest.fixture
def own_house(tmp_path) -> Iterator[House]:
    house = House(tmp_path, settings={"REPORT_RATE": "100000/h"})
    house.start()
    yield house
    house.stop()


class Reporter(threading.Thread):
    """Reports problems until told to stop, and remembers which ones were acknowledged."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(name=name)
        self.api = ApiClient(url)
        self.acknowledged: list[str] = []
        self.unanswered = 0
        self.statuses: set[int] = set()
        self.enough = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.enough.is_set():
            number += 1
            text = f"{self.name} {number}"
            body = {"asset_number": "M0001", "category": "other", "description": text}
            try:
                status, _ = self.api.call("POST", "/api/reports", body)
            except (OSError, ValueError):
                self.unanswered += 1
                time.sleep(0.05)
                continue
            self.statuses.add(status)
            if status == 201:
                self.acknowledged.append(text)


def stored_reports(house: House) -> set[str]:
    api = ApiClient(house.url)
    api.sign_in("maintainer")
    found: set[str] = set()
    page = pages = 1
    while page <= pages:
        _, answer = api.call("GET", f"/api/reports?q=reporter&page={page}&page_size=100")
        found |= {report["description"] for report in answer["items"]}
        page, pages = page + 1, answer["pages"]
    return found


def test_a_killed_worker_loses_no_acknowledged_report(own_house):
    reporters = [Reporter(own_house.url, f"reporter-{n}") for n in range(2)]
    for reporter in reporters:
        reporter.start()
    try:
        for pause in (1, 6):  # Granian takes two deaths within 5.5 s for a crash loop
            time.sleep(pause)
            os.kill(own_house.worker(), signal.SIGKILL)
            own_house.wait_until_it_answers()
        time.sleep(0.5)
    finally:
        for reporter in reporters:
            reporter.enough.set()
        for reporter in reporters:
            reporter.join(60)
    acknowledged = {text for reporter in reporters for text in reporter.acknowledged}
    assert len(acknowledged) > 20
    assert acknowledged <= stored_reports(own_house)
    assert {status for reporter in reporters for status in reporter.statuses} == {201}


def test_a_report_that_is_sent_many_times_at_once_is_stored_once(own_house):
    body = {
        "asset_number": "M0001",
        "category": "other",
        "description": "reporter-0 sends once",
        "idempotency_key": str(uuid4()),
    }
    apis = [ApiClient(own_house.url) for _ in range(8)]
    with ThreadPoolExecutor(len(apis)) as pool:
        answers = list(pool.map(lambda api: api.call("POST", "/api/reports", body), apis))
    assert [status for status, _ in answers] == [201] * len(apis)
    assert len({receipt["id"] for _, receipt in answers}) == 1
    team = ApiClient(own_house.url)
    team.sign_in("maintainer")
    assert team.call("GET", "/api/reports?q=reporter-0")[1]["total"] == 1


def test_stopping_finishes_what_was_begun(own_house):
    reporter = Reporter(own_house.url, "reporter-0")
    reporter.start()
    time.sleep(1)
    own_house.stop()
    reporter.enough.set()
    reporter.join(60)
    assert reporter.statuses == {201}
    own_house.start()
    stored = stored_reports(own_house)
    assert set(reporter.acknowledged) <= stored
    # At most the one request that met a closed port is in doubt.
    assert len(stored) - len(reporter.acknowledged) <= 1
