"""A child process: runs jobs one after the other. It knows its supervisor, not the queue."""

import logging
import os
import select
import signal
import threading
import time
from collections import deque
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, Final

from longhouse.jobs.leases import Held

logger = logging.getLogger("longhouse.jobs")

PAUSE: Final = 1.0  # seconds after which a lost connection is made anew
KNOWN: Final = 1000


def main(pipe: Connection, channel: str) -> None:
    """Body of the process, until the supervisor closes the pipe. `channel`: or an empty text."""
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
    if channel:
        threading.Thread(target=stand_by, args=(channel, inbox), daemon=True).start()
    while True:
        job = inbox.take()
        held = Held.of(job)
        ending = execute(job, cancelled=partial(inbox.cancelled.__contains__, held))
        inbox.send("ended", held, ending)


def stand_by(channel: str, inbox: "Inbox") -> None:
    """Body of a thread: listen for jobs that are handed to this process when they are enqueued."""
    from longhouse.jobs import handoff, wakeups

    while True:
        try:
            with wakeups.listen(channel) as listener:
                inbox.send("listening", None)
                news = select.poll()
                news.register(listener, select.POLLIN)
                while news.poll():
                    for text in wakeups.heard(listener):
                        if text == handoff.CALL:
                            inbox.send("hears", True)
                        else:
                            inbox.offer(handoff.received(text), text)
        except Exception as error:  # noqa: BLE001 - whatever ended it, it is made anew
            logger.warning("No handoff for %.0f s: %s", PAUSE, error)
            inbox.send("hears", False)
            time.sleep(PAUSE)


class Inbox:
    """What the supervisor sent, read by a thread of its own, and what was handed off."""

    def __init__(self, pipe: Connection) -> None:
        self.cancelled: set[Held] = set()
        self._pipe = pipe
        self._jobs: deque[Any] = deque()
        self._idle = False
        #: the last ones that came, for some come both ways: whether it was ours to the end
        self._known: dict[Held, bool] = {}
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def take(self) -> Any:
        with self._changed:
            self._idle = True
            while not self._jobs:
                self._changed.wait()
            self._idle = False
            return self._jobs.popleft()

    def offer(self, job: Any, text: str) -> None:
        """Take a job if there is nothing else to do; the supervisor knows before it begins."""
        with self._changed:
            if Held.of(job) in self._known:
                return
            if not self._idle or self._jobs:
                self.send("passed", text)
                return
            self.send("taken", text)
            self._append(job)
            self._changed.notify()

    def _append(self, job: Any) -> None:
        self._jobs.append(job)
        self._known[Held.of(job)] = True
        if len(self._known) > KNOWN:
            del self._known[next(iter(self._known))]

    def send(self, kind: str, subject: Any, ending: Any = None) -> None:
        with self._sending:
            try:
                self._pipe.send((kind, subject, ending))
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
                    for job in subject:
                        if not self._known.get(Held.of(job)):
                            self._append(job)
                    self._changed.notify()
                    continue
                # "revoke": what was not begun goes back
                revoked = [Held.of(job) for job in self._jobs]
                self._jobs.clear()
                for held in revoked:
                    self._known[held] = False  # the supervisor may send it again, and nobody else
            self.send("revoked", revoked)
