"""A running house for the tests that cross apps."""

from collections.abc import Iterator

import pytest

from tests.house import DEMO, House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The production server, on a copy of the demo data. No test here touches its database."""
    if not DEMO.is_dir():
        pytest.fail("There is nothing to serve: run scripts/test, which prepares it.")
    house = House(tmp_path_factory.mktemp("house"))
    house.start()
    yield house
    house.stop()
