"""Enqueues as the suite asks, in a system's own environment: a line of JSON in, one out.

`system.py` of the folder it runs in has `enqueue(number)`, `enqueue_many(numbers)` and
`unfinished()`: how many jobs have not succeeded. The latter two may be None: it cannot tell.
"""

import json
import os
import sys
import time
from typing import Any


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print goes into the log
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        import django

        django.setup()
    import system

    def enqueue(first: int, count: int) -> dict[str, Any]:
        began = time.monotonic()
        for number in range(first, first + count):
            system.enqueue(number)
        return {"began": began, "seconds": time.monotonic() - began}

    def enqueue_many(first: int, count: int) -> dict[str, Any] | None:
        if system.enqueue_many is None:
            return None
        began = time.monotonic()
        system.enqueue_many(range(first, first + count))
        return {"began": began, "seconds": time.monotonic() - began}

    def unfinished() -> int | None:
        return None if system.unfinished is None else system.unfinished()

    orders: Any = {"enqueue": enqueue, "enqueue_many": enqueue_many, "unfinished": unfinished}
    for line in sys.stdin:
        order, *values = json.loads(line)
        answers.write(json.dumps(orders[order](*values)) + "\n")


if __name__ == "__main__":
    main()
