"""Rings at the broker, from a thread of its own: a dead broker neither blocks nor fails anybody.

A ring carries no payload: the database holds the jobs. A lost ring is made up for by the workers,
which ring for what nobody came for; one too many finds an empty queue.
"""

import contextlib
import logging
import queue
import threading
import time
from typing import Any, Final

from django.conf import settings

logger = logging.getLogger("longhouse.jobs")

#: seconds: how long rings for one queue are one ring, and how long a dead broker is left alone
TOGETHER: Final = 0.01
LONGEST_PAUSE: Final = 10.0
#: messages of the direct lane that wait for the broker; more are dropped
MOST_WAITING: Final = 10_000


def configured() -> bool:
    return bool(getattr(settings, "BROKER_URL", ""))


class Doorbell:
    """One for each process, started when it is first rung."""

    def __init__(self) -> None:
        self._messages: queue.Queue[tuple[str, str, Any]] = queue.Queue(MOST_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._open_until = 0.0
        self._pause = 0.5
        #: of the thread alone
        self._producer: Any = None
        self._rung = 0.0

    @property
    def broken(self) -> bool:
        """Whether the broker did not answer lately, and is left alone."""
        return time.monotonic() < self._open_until

    def ring(self, queue_name: str) -> None:
        self.send("jobs.drain", queue_name, [queue_name])

    def send(self, task: str, queue_name: str, arguments: list[Any]) -> None:
        """Never waits, and never raises; whether it arrives is for the broker to say."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():  # not after a fork either
                self._producer = None  # a parent's connection is the parent's
                self._thread = threading.Thread(target=self._run, daemon=True, name="doorbell")
                self._thread.start()
        try:
            self._messages.put_nowait((task, queue_name, arguments))
        except queue.Full:
            logger.warning("The broker takes nothing: a message for %s is dropped", queue_name)

    def _run(self) -> None:
        while True:
            messages = [self._messages.get()]
            # The first of many rings at once, those behind it together.
            time.sleep(max(0.0, self._rung + TOGETHER - time.monotonic()))
            while not self._messages.empty():
                messages.append(self._messages.get())
            # Of equal rings one is enough.
            rings = dict.fromkeys(name for task, name, _ in messages if task == "jobs.drain")
            others = [message for message in messages if message[0] != "jobs.drain"]
            for message in [*(("jobs.drain", name, [name]) for name in rings), *others]:
                self._publish(*message)
            self._rung = time.monotonic()

    def _publish(self, task: str, queue_name: str, arguments: list[Any]) -> None:
        if self.broken:
            return
        from longhouse.jobs.celery import app, broker_queue

        try:
            if self._producer is None:
                self._producer = app.amqp.Producer(app.connection_for_write())
            queue = broker_queue(queue_name)
            app.send_task(task, arguments, queue=queue, retry=False, producer=self._producer)
        except Exception as error:  # noqa: BLE001 - of each transport another kind
            self._open_until = time.monotonic() + self._pause
            logger.warning("The broker does not answer, left alone for %.1f s: %s",
                           self._pause, error)  # fmt: skip
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            self._hang_up()
        else:
            self._pause = 0.5

    def _hang_up(self) -> None:
        if self._producer is not None:
            with contextlib.suppress(Exception):  # it may be broken in any way
                self._producer.connection.collapse()
            self._producer = None


doorbell = Doorbell()
