from pathlib import Path

import pytest

from tests.browser import visitors
from tests.browser.visitors import browser_of, chromium, playwright  # noqa: F401
from tests.journeys.worker import worker  # noqa: F401  # feature: jobs


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    visitors.mark(items, Path(__file__).parent)
