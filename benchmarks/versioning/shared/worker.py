"""Does what the suite asks, in a system's own environment: a line of JSON in, one out.

`system.py` of the folder it runs in has `work`: its methods are orders, and what is measured.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

from benchmarks.harness import usage

WINDOW = 0.02  # seconds that short work is repeated for
MOST = 40  # times
# Times after which PostgreSQL keeps to a plan: psycopg prepares a statement that has come five
# times, and the first five times then are planned for their own values.
SETTLED = 11
LONG = 1.0  # seconds of all that, at most
WINDOWS = 4


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print goes into the log
    django.setup()
    from django.db import connection
    from system import work

    processes = [os.getpid()]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            processes.append(cursor.fetchone()[0])

    def cost(does: Callable[[], object], times: int) -> float:
        """CPU milliseconds of this process and of its server's, for one time."""
        gc.collect()
        before = usage.cpu_seconds(processes)
        for _ in range(times):
            does()
        return (usage.cpu_seconds(processes) - before) * 1e3 / times

    often: dict[Any, int] = {}

    def measure(name: str, *values: Any) -> float:
        """Of work that can be repeated: the least of its windows."""
        does = getattr(work, name)
        key = (name, *map(str, values))
        if key not in often:
            began, taken = time.monotonic(), LONG
            for _ in range(SETTLED):
                before = time.monotonic()
                does(*values)
                taken = min(taken, time.monotonic() - before)
                if time.monotonic() - began > LONG:
                    break
            often[key] = max(1, min(MOST, int(WINDOW / taken)))
        windows = WINDOWS if often[key] > 1 else 1
        return min(cost(lambda: does(*values), often[key]) for _ in range(windows))

    def once(name: str, *values: Any) -> float:
        """Of work that `prepare_<name>` makes ready and `<name>` does with what that gives."""
        given = getattr(work, f"prepare_{name}")(*values)
        return cost(lambda: getattr(work, name)(given), 1)

    orders: dict[str, Any] = {"measure": measure, "once": once}
    for line in sys.stdin:
        order, *values = json.loads(line)
        does = orders.get(order) or getattr(work, order)
        answers.write(json.dumps(does(*values)) + "\n")


if __name__ == "__main__":
    main()
