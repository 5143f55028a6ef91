"""What processes cost: CPU time and memory, from Linux's /proc and its CPU clocks."""

import os
import time
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """The process and all its living descendants."""
    found = [pid]
    for parent in found:
        try:
            threads = list((PROC / str(parent) / "task").iterdir())
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            continue
        for thread in threads:
            found += [int(child) for child in _read(thread / "children").split()]
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system CPU of these processes, ended threads and ended children included."""
    return sum(_own(pid) + _ended_children(pid) for pid in pids)


def memory_mb(pids: Iterable[int]) -> float:
    """Proportional set size (a shared page counts in parts), in millions of bytes."""
    return sum(_pss(pid) for pid in pids) / 1e6


def _own(pid: int) -> float:
    # The process-wide CPU clock in nanoseconds, see clock_getcpuclockid(3): /proc counts in ticks
    # of ten milliseconds, which is too coarse for the fast peers.
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:  # it ended; its parent counts it from now on
        return 0.0


def _ended_children(pid: int) -> float:
    fields = _read(PROC / str(pid) / "stat").rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / TICKS if fields else 0.0


def _pss(pid: int) -> int:
    for line in _read(PROC / str(pid) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return ""
