"""The hub of one process: reads the log once for all who follow it here.

A thread waits for wake-ups, reads what is new, and hands it to the event loop, which puts it into
the queues of those who follow its topic. Queues are short: who is too slow for that reads the log
itself, from where it stands, and so misses nothing and holds up nobody.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

from longhouse.realtime import conf, log, presence, wake
from longhouse.realtime.log import Entry

logger = logging.getLogger(__name__)

READ_AT_ONCE = 500  # events for all
CAUGHT_UP_AT_ONCE = 100  # events for one client
PRUNE_EVERY = 600.0  # seconds
EXPIRE_EVERY = 5.0  # seconds
IDLE = 30.0  # seconds without anybody until the thread ends
THREADS = 2

P = ParamSpec("P")
Result = TypeVar("Result")


class Expired(Exception):
    """Events between the client's position and the oldest that are kept are gone.

    The subscription goes on from now.
    """


class Closed(Exception):
    """The subscription was ended from outside; the text is the reason."""


class Hub:
    """Belongs to one event loop; everything but `_run` is called there."""

    def __init__(self) -> None:
        self.conf = conf.load()
        self.position = 0
        self.epoch = ""
        self.reads = 0  # of the log, for all
        self.lags = 0  # times a client was too slow
        self.subscriptions: set[Subscription] = set()
        self._topics: dict[str, set[Subscription]] = {}
        self._pool = ThreadPoolExecutor(THREADS, "realtime-work")
        self._loop: asyncio.AbstractEventLoop
        self._ready: asyncio.Future[None] | None = None

    async def run(
        self, function: Callable[P, Result], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Run `function`, which may use the database, in a thread."""

        def call() -> Result:
            try:
                return function(*args, **kwargs)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    async def subscribe(
        self, topics: Iterable[str], cursor: str = "", *, since: int | None = None
    ) -> "Subscription":
        """Follow `topics` from a cursor, or a position, on; from now on without.

        The first `take` raises Expired for a cursor whose successors cannot be told.
        """
        await self._start()
        subscription = Subscription(self, topics, self.position)
        if since is not None:
            subscription.position, subscription.lagging = since, True
        self._add(subscription)
        if cursor:
            try:
                state = await self.run(log.state)
            except BaseException:
                subscription.close()
                raise
            position = state.position_of(cursor)
            if position is None:
                subscription.expired = True
            else:
                subscription.position, subscription.lagging = position, True
        return subscription

    def _add(self, subscription: "Subscription") -> None:
        self.subscriptions.add(subscription)
        for topic in subscription.topics:
            self._topics.setdefault(topic, set()).add(subscription)

    def remove(self, subscription: "Subscription") -> None:
        self.subscriptions.discard(subscription)
        for topic in subscription.topics:
            if followers := self._topics.get(topic):
                followers.discard(subscription)
                if not followers:
                    del self._topics[topic]

    async def _start(self) -> None:
        """Once the thread reads, however many come at once."""
        if self._ready is None:
            self._loop = asyncio.get_running_loop()
            self._ready = self._loop.create_future()
            threading.Thread(target=self._run, name="realtime", daemon=True).start()
        await asyncio.shield(self._ready)

    def _deliver(self, entries: list[Entry]) -> None:
        self.reads += 1
        for entry in entries:
            for subscription in self._topics.get(entry.topic, ()):
                subscription.put(entry)
        self.position = entries[-1].position

    def _begin(self, state: log.State) -> None:
        self.position, self.epoch = state.last, state.epoch
        if self._ready is not None and not self._ready.done():
            self._ready.set_result(None)

    def _end_if_idle(self) -> bool:
        if self.subscriptions:
            return False
        self._ready = None
        return True

    # In the thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        position = -1
        told = False
        idle_since = time.monotonic()
        while True:
            waker: wake.Waker | None = None
            try:
                if position < 0:
                    log.place()
                    state = log.state()
                    position = state.last
                    self._call(self._begin, state)
                connection = connections[log.database()]
                waker = wake.waker(connection)
                pruned = expired = news = time.monotonic()
                while True:
                    before, position = position, self._read_all(position)
                    told = False
                    now = time.monotonic()
                    if position != before:
                        news = now
                    if now - expired > EXPIRE_EVERY:
                        expired = now
                        presence.expire()
                    if now - pruned > PRUNE_EVERY:
                        pruned = now
                        log.prune()
                    if self.subscriptions:
                        idle_since = now
                    elif now - idle_since > IDLE:
                        if self._ask(self._end_if_idle):
                            return
                        idle_since = now
                    close_old_connections()
                    waker.wait(now - news)
            except RuntimeError:
                if self._loop.is_closed():
                    return
                logger.exception("The hub goes on after an error")
                time.sleep(wake.SWEEP)
            except Exception as error:  # noqa: BLE001 - the database or Redis is away: try again
                if not told:
                    logger.warning("Events wait: %s", error)
                told = True
                # Without wake-ups, as long as the database is there, the sweep goes on.
                position = self._sweep(position)
                time.sleep(wake.SWEEP)
            finally:
                if waker is not None:
                    waker.close()
                connections.close_all()

    def _sweep(self, position: int) -> int:
        try:
            return self._read_all(position) if position >= 0 else position
        except Exception:  # noqa: BLE001 - it was told already
            return position

    def _read_all(self, position: int) -> int:
        log.place()
        while entries := log.read(position, READ_AT_ONCE):
            position = entries[-1].position
            self._call(self._deliver, entries)
            if len(entries) < READ_AT_ONCE:
                break
        return position

    def _call(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        self._loop.call_soon_threadsafe(lambda: function(*args, **kwargs))

    def _ask(self, function: Callable[[], Result]) -> Result:
        async def call() -> Result:
            return function()

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result(timeout=30)


class Subscription:
    """What one client follows. `take` gives it every event once, in order."""

    __slots__ = (
        "_hub",
        "_queue",
        "_reason",
        "_waiter",
        "expired",
        "lagging",
        "position",
        "topics",
    )

    def __init__(self, hub: Hub, topics: Iterable[str], position: int) -> None:
        self.topics = frozenset(topics)
        self.position = position  # everything up to here was taken
        self.lagging = False  # the queue does not hold all: the log does
        self.expired = False
        self._hub = hub
        self._queue: deque[Entry] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._reason = ""

    @property
    def cursor(self) -> str:
        return f"{self._hub.epoch}-{self.position}"

    def put(self, entry: Entry) -> None:
        if self.lagging:
            return
        if len(self._queue) >= self._hub.conf.queue:
            self._queue.clear()
            self.lagging = True
            self._hub.lags += 1
        else:
            self._queue.append(entry)
        self._wake()

    def end(self, reason: str) -> None:
        """Let the client's `take` raise Closed."""
        self._reason = reason
        self._wake()

    def close(self) -> None:
        """Follow no longer."""
        self._hub.remove(self)

    async def take(self, patience: float) -> list[Entry]:
        """The next events; [] when there are none for `patience` seconds.

        Raises Expired, Closed, and what the database raises.
        """
        until = asyncio.get_running_loop().time() + patience
        while True:
            if self._reason:
                raise Closed(self._reason)
            if self.expired:
                self.expired = False
                raise Expired
            if self.lagging:
                entries = await self._catch_up()
            else:
                # What the log gave may come by the queue too.
                entries = [entry for entry in self._queue if entry.position > self.position]
                self._queue.clear()
            if entries:
                self.position = entries[-1].position
                return entries
            if not (self.lagging or self._queue or await self._wait(until)):
                # Of all up to here that is ours, the queue held everything.
                self.position = max(self.position, self._hub.position)
                return []

    async def _catch_up(self) -> list[Entry]:
        self._queue.clear()
        self.lagging = False  # from now on the queue is filled again
        entries, state = await self._hub.run(_read_with_state, self.position, self.topics)
        if self.position < state.pruned:
            self.position, self.lagging = state.last, False
            raise Expired
        if len(entries) == CAUGHT_UP_AT_ONCE:
            self._queue.clear()
            self.lagging = True
        return entries

    async def _wait(self, until: float) -> bool:
        """Whether something came before that time of the loop's."""
        loop = asyncio.get_running_loop()
        if loop.time() >= until:
            return False
        waiter = self._waiter = loop.create_future()
        timer = loop.call_at(until, self._wake)
        try:
            await waiter
        finally:
            timer.cancel()
            self._waiter = None
        return bool(self._queue or self.lagging or self._reason)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _read_with_state(position: int, topics: frozenset[str]) -> tuple[list[Entry], log.State]:
    entries = log.read(position, CAUGHT_UP_AT_ONCE, topics)
    return entries, log.state()  # in this order: what was pruned meanwhile shows
