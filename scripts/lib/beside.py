"""The worker beside the production server of this machine: it ends when the server does.

The server holds the other end of our standard input, whatever ends it closes that.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

from project import BACKEND, manage


def start(environment: Mapping[str, str]) -> None:
    """In a process of its own; this one may become another program."""
    theirs, ours = os.pipe()
    os.set_inheritable(ours, True)
    subprocess.Popen(
        [sys.executable, __file__], stdin=theirs, env=environment, start_new_session=True
    )
    os.close(theirs)


def main() -> None:
    over = threading.Event()
    worker: subprocess.Popen[bytes] | None = None

    def wait_for_the_server() -> None:
        sys.stdin.read()
        over.set()
        if worker is not None and worker.poll() is None:
            worker.send_signal(signal.SIGTERM)

    threading.Thread(target=wait_for_the_server, daemon=True).start()
    while not over.is_set():
        worker = subprocess.Popen(manage("worker"), cwd=BACKEND, stdin=subprocess.DEVNULL)
        worker.wait()
        if not over.is_set():
            print(f"The worker ended with status {worker.returncode}: another one.", flush=True)
            time.sleep(1)


if __name__ == "__main__":
    main()
