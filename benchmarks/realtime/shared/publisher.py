"""Publishes as the suite asks, in a system's own environment: a line of JSON in, one out.

`system.py` of the folder it runs in has `publish(message)`; a message is its number and the time.
"""

import json
import os
import sys
import time


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print goes into the log
    import django

    django.setup()
    import system

    for line in sys.stdin:
        first, count, pause = json.loads(line)
        due = time.monotonic()
        for number in range(first, first + count):
            system.publish({"number": number, "sent": time.monotonic()})
            due += pause
            time.sleep(max(0.0, due - time.monotonic()))
        answers.write("true\n")


if __name__ == "__main__":
    main()
