"""A fixed number of threads that run Django, with a bounded queue before them."""

import asyncio
import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

from django.db import connections

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Job = Callable[[], None]


class Full(Exception):
    """All threads are busy and the queue is full."""


class Pool:
    """Threads live as long as the process: each keeps its own database connections.

    Everything but `_work` runs on the event loop, so the counting needs no lock.
    """

    def __init__(self, threads: int, queue: int) -> None:
        self.limit = threads + queue
        self.pending = 0
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"django-{number}", daemon=True)
            for number in range(1, threads + 1)
        ]
        for thread in self._threads:
            thread.start()

    async def run(self, call: Callable[[Callable[[Result], None]], None]) -> Result:
        """Run `call` in a thread and wait for what it passes to its one argument.

        `call` may go on after it gave its result: the client does not wait for that. It must
        give a result and not raise. Raises Full when no more may wait.
        """
        if self.pending >= self.limit:
            raise Full
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()

        def deliver(result: Result) -> None:
            if not future.done():
                future.set_result(result)

        def resolve(result: Result) -> None:
            try:
                loop.call_soon_threadsafe(deliver, result)
            except RuntimeError:
                logger.warning("An answer came after the server had stopped")

        self.pending += 1
        try:
            self._jobs.put(lambda: call(resolve))
            return await future
        finally:
            self.pending -= 1

    def close(self) -> None:
        """Let the threads finish what is queued and end."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while job := self._jobs.get():
            try:
                job()
            except Exception:  # the thread must survive whatever a request does
                logger.exception("A request ended with an error after its answer")
        connections.close_all()
