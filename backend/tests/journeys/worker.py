"""The worker beside the house."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import BACKEND, House

SLOW = 240_000  # ms; a worker's processes come up slowly on a busy machine


class Worker:
    """`manage.py worker`, which a journey starts and stops as it needs."""

    def __init__(self, house: House, log: Path) -> None:
        self.house = house
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "worker"],
                cwd=BACKEND,
                env=self.house.environment,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
            self.process = None


@pytest.fixture
def worker(house: House, tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(house, tmp_path / "worker.log")
    yield worker
    worker.stop()
