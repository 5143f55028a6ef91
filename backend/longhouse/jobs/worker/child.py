"""A child process: runs jobs one after the other. It knows its supervisor, not the queue."""

import os
import signal
import threading
from collections import deque
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from longhouse.jobs.leases import Held


def main(pipe: Connection) -> None:
    """Body of the process, until the supervisor closes the pipe."""
    import django

    for number in (signal.SIGINT, signal.SIGTERM):
        # Ctrl-C reaches the whole group; when to stop says the supervisor. A handler, for an
        # ignored signal would be ignored by the programs that a task starts as well.
        signal.signal(number, lambda _number, _frame: None)
    django.setup()

    from longhouse.jobs.execute import execute
    from longhouse.jobs.registry import discover

    discover()
    inbox = Inbox(pipe)
    while True:
        job = inbox.take()
        held = Held.of(job)
        ending = execute(job, cancelled=partial(inbox.cancelled.__contains__, held))
        inbox.send("ended", held, ending)


class Inbox:
    """What the supervisor sent, read by a thread of its own."""

    def __init__(self, pipe: Connection) -> None:
        self.cancelled: set[Held] = set()
        self._pipe = pipe
        self._jobs: deque[Any] = deque()
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def take(self) -> Any:
        with self._changed:
            while not self._jobs:
                self._changed.wait()
            return self._jobs.popleft()

    def send(self, *message: Any) -> None:
        with self._sending:
            try:
                self._pipe.send(message)
            except OSError:
                os._exit(1)

    def _read(self) -> None:
        while True:
            try:
                kind, subject = self._pipe.recv()
            except (EOFError, OSError):
                # Without a supervisor nobody renews the lease: what runs here will run elsewhere.
                os._exit(1)
            if kind == "cancel":
                self.cancelled.add(subject)
                continue
            with self._changed:
                if kind == "jobs":
                    self._jobs.extend(subject)
                    self._changed.notify()
                    continue
                # "revoke": what was not begun goes back
                revoked = [Held.of(job) for job in self._jobs]
                self._jobs.clear()
            self.send("revoked", revoked, None)
