from collections.abc import Iterator
from pathlib import Path

import pytest

from longhouse.realtime.tests.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A database without servers yet."""
    house = House(tmp_path, settings="longhouse.documents.tests.settings")
    yield house
    house.stop()
