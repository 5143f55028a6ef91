"""What the running server counts, whichever part of it answers."""

import re
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import House

TOKEN = "a-token-of-enough-characters"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "house", settings={"METRICS_TOKEN": TOKEN})
    house.start()
    yield house
    house.stop()


def ask(house: House, path: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(
            urllib.request.Request(house.url + path, headers=headers), timeout=30
        ) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""


def test_every_answer_is_counted(house: House) -> None:
    def counts() -> Counter[str]:
        status, text = ask(house, "/metrics", Authorization=f"Bearer {TOKEN}")
        assert status == 200
        found = re.findall(r'http_request_seconds_count\{method="GET",status="(\d+)"\} (\d+)', text)
        return Counter({one: int(number) for one, number in found})

    before = counts()
    seen = Counter(
        ask(house, path)[0]
        for path in (
            "/metrics",  # 401
            "/health/live",
            "/static/admin/css/base.css",
            "/api/session",  # the lane's  # feature: spa
            "/nowhere.txt",
        )
    )
    before["200"] += 1  # the scrape itself
    assert counts() - before == Counter({str(status): n for status, n in seen.items()})
    assert set(seen) == {200, 401, 404}
