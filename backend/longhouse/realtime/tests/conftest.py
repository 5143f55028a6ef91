from collections.abc import Iterator
from pathlib import Path

import pytest

from longhouse.realtime.tests.house import House, redis_program, redis_server

WAKE_UPS = ["db", "redis"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A database without servers yet; wake-ups are the database's own."""
    house = House(tmp_path)
    yield house
    house.stop()


@pytest.fixture(params=WAKE_UPS)
def any_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """The same for each way of waking up."""
    if request.param == "db":
        house = House(tmp_path)
        yield house
        house.stop()
        return
    if redis_program() is None:
        pytest.skip("There is no redis-server or valkey-server here.")
    with redis_server() as redis:
        house = House(tmp_path, redis=redis.url)
        yield house
        house.stop()
