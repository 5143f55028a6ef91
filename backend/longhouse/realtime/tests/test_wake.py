"""Wake-ups: a reader learns of what is published long before it would look by itself."""

import subprocess
import sys

from longhouse.realtime.tests.house import BACKEND, House

#: A reader that would look by itself only after a minute.
READER = """
import django, subprocess, sys, threading
django.setup()
from django.db import connection
from longhouse.realtime import wake
from longhouse.realtime.log import publish

wake.SWEEP = 60.0
ready, woken = threading.Event(), threading.Event()

def read():
    waker = wake.waker(connection)
    ready.set()
    waker.wait(0)
    waker.close()
    connection.close()
    woken.set()

threading.Thread(target=read, daemon=True).start()
assert ready.wait(30)
"""
WOKEN = "assert woken.wait(30), 'nobody was woken'"


def test_what_another_process_publishes_wakes_a_reader(house: House) -> None:
    other = "import django; django.setup(); from longhouse.realtime.log import publish; "
    code = f"{other}publish('open:a', 'tick')"
    run(house, f"{READER}subprocess.run([sys.executable, '-c', {code!r}], check=True)\n{WOKEN}")


def test_what_the_same_process_publishes_wakes_a_reader_without_a_look(house: House) -> None:
    never = "wake.POLL_LEAST = wake.POLL_MOST = 60.0\n"
    begin = READER.replace("wake.SWEEP = 60.0\n", f"wake.SWEEP = 60.0\n{never}")
    run(house, f"{begin}publish('open:a', 'tick')\n{WOKEN}")


def run(house: House, code: str) -> None:
    subprocess.run([sys.executable, "-c", code], cwd=BACKEND, env=house.environment, check=True)
