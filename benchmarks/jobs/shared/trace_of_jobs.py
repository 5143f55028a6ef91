"""The work of every job: a record of its number and the time, appended to one file."""

import functools
import os
import struct
import time
from pathlib import Path

RECORD = struct.Struct("<qd")


def trace(number: int) -> None:
    """The first line of every task. What is so short is appended as a whole by any process."""
    os.write(_file(), RECORD.pack(number, time.monotonic()))


@functools.cache
def _file() -> int:
    return os.open(os.environ["BENCH_TRACE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def read(file: Path, skip: int = 0) -> list[tuple[int, float]]:
    """Number and time (seconds of CLOCK_MONOTONIC, which all processes share) of each record."""
    with file.open("rb") as records:
        records.seek(skip * RECORD.size)
        return list(RECORD.iter_unpack(records.read()))
