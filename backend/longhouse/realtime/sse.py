"""GET /events/: the events of some topics as Server-Sent Events (HTML Standard, section 9.2).

    ?topic=name&topic=name:rest   topics by name
    ?stream=...                   topics by signed name
    ?present=name:rest            and be present there; follows it too
    ?after=...                    the cursor from which to go on; Last-Event-ID goes before it

Every event is `{"topic": ..., "data": ...}` under the name of its type. Beside them come `ready`,
`presence.here` (who is in a topic), `reset` (events were lost to age: ask anew for what is shown),
`closed` (no right any more) and `shutdown` (the server stops: the client comes again by itself).
Turbo Streams come as bare messages, for <turbo-stream-source>.
"""

import asyncio
import json
import logging
import random
from functools import lru_cache
from typing import Any
from uuid import uuid4

from longhouse.realtime import access, presence, topics
from longhouse.realtime.access import Gate, Wish
from longhouse.realtime.asgi import (
    Receive,
    Refused,
    Request,
    Scope,
    Send,
    request_of,
    send_problem,
)
from longhouse.realtime.hub import Closed, Expired, Hub, Subscription
from longhouse.realtime.log import Entry
from longhouse.realtime.topics import TURBO

logger = logging.getLogger(__name__)

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store, no-transform"),
    (b"x-accel-buffering", b"no"),  # nginx
]
RETRY = 2000  # milliseconds
RETRY_AT_SHUTDOWN = (1000, 6000)
REFRESH = '<turbo-stream action="refresh"></turbo-stream>'


class EventStreams:
    """An ASGI application for one path."""

    def __init__(self, hub: Hub, gate: Gate) -> None:
        self.hub = hub
        self.gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["method"] != "GET":
                raise Refused(405, "Events can be read by GET.")
            self.gate.check()
            request = request_of(scope, origins=self.hub.conf.origins)
            wishes = self._wishes(request)
            user = await self.hub.run(access.admit, request.session, wishes)
            with self.gate.enter(access.name_of(user, request.address)):
                present = self._present(request, user)
                stream = _Stream(self.hub, request, wishes, user, present)
                await stream.run(receive, send)
        except Refused as refused:
            await send_problem(send, refused)

    def _wishes(self, request: Request) -> list[Wish]:
        query = request.query
        named = dict.fromkeys([*query.get("topic", ()), *query.get("present", ())])
        wishes = [access.wish(topic) for topic in named]
        wishes += [access.signed_wish(name) for name in query.get("stream", ())]
        if not wishes:
            raise Refused(400, "Say which topic to follow: ?topic=")
        if len(wishes) > (limit := self.hub.conf.max_topics):
            raise Refused(400, f"One connection follows {limit} topics at most.")
        return wishes

    def _present(self, request: Request, user: Any) -> dict[str, dict[str, Any]]:
        """What others see of the user in each topic."""
        present = {}
        for topic in request.query.get("present", ()):
            description = topics.description(user, topic)
            if description is None:
                raise Refused(400, f"Nobody can be present in “{topic}”.")
            present[topic] = description
        return present


class _Stream:
    """One connection that was let in."""

    def __init__(
        self,
        hub: Hub,
        request: Request,
        wishes: list[Wish],
        user: Any,
        present: dict[str, dict[str, Any]],
    ) -> None:
        self.hub = hub
        self.session = request.session
        self.wishes = wishes
        self.user_id = str(user.pk or "")
        self.present = present
        self.name = uuid4().hex
        after = request.last_event_id or request.query.get("after", [""])[0]
        self.cursor = after or next((w.stream.cursor for w in wishes if w.stream), "")

    async def run(self, receive: Receive, send: Send) -> None:
        subscription = await self.hub.subscribe({w.topic for w in self.wishes}, self.cursor)
        gone = asyncio.create_task(_left(receive))
        gone.add_done_callback(lambda _: subscription.end("gone"))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await self._follow(subscription, send)
        except TimeoutError:
            logger.info("A client of %s takes nothing any more", sorted(subscription.topics))
        finally:
            gone.cancel()
            subscription.close()
            if self.present:
                await asyncio.shield(self.hub.run(presence.leave, self.name, list(self.present)))

    async def _follow(self, subscription: Subscription, send: Send) -> None:
        async def put(text: str | bytes) -> None:
            body = text if isinstance(text, bytes) else text.encode()
            async with asyncio.timeout(self.hub.conf.send_timeout):
                await send({"type": "http.response.body", "body": body, "more_body": True})

        # An id at once: who is cut off before the first event comes back with it.
        await put(f"retry: {RETRY}\nid: {subscription.cursor}\nevent: ready\ndata: {{}}\n\n")
        await self._join(put)
        loop = asyncio.get_running_loop()
        every = self.hub.conf.heartbeat
        check_at = loop.time() + every * random.uniform(0.5, 1)  # noqa: S311 - spreads them
        try:
            while True:
                patience = max(0.0, check_at - loop.time())
                try:
                    entries = await subscription.take(patience)
                except Expired:
                    await put(_reset(subscription))
                    await self._join(put)
                    continue
                if entries:
                    await put(b"".join(encode(self.hub.epoch, entry) for entry in entries))
                if loop.time() >= check_at:
                    check_at = loop.time() + every
                    if not await self.hub.run(self._may_stay):
                        await put(control("closed", {"reason": "unauthorized"}))
                        break
                    # The cursor of a quiet topic must not grow old.
                    await put(f": heartbeat\nid: {subscription.cursor}\n\n")
        except Closed as closed:
            if str(closed) == "gone":
                return
            retry = random.randint(*RETRY_AT_SHUTDOWN)  # noqa: S311 - spreads their return
            await put(f"retry: {retry}\n" + control("shutdown", {}))
        await send({"type": "http.response.body", "body": b""})

    def _may_stay(self) -> bool:
        """In a thread, at each heartbeat."""
        try:
            user = access.admit(self.session, self.wishes)
        except Refused:
            return False
        if str(user.pk or "") != self.user_id:
            return False
        if self.present and not presence.heartbeat(self.name, self.present):
            self._enter()
        return True

    async def _join(self, put: Any) -> None:
        """Be present, and tell who is: what changes from now on comes as events."""
        if self.present:
            for topic, people in await self.hub.run(self._enter):
                await put(control("presence.here", {"topic": topic, "data": people}))

    def _enter(self) -> list[tuple[str, list[dict[str, Any]]]]:
        for topic, meta in self.present.items():
            presence.join(topic, self.user_id, self.name, meta)
        return [(topic, presence.here(topic)) for topic in self.present]


@lru_cache(maxsize=128)
def encode(epoch: str, entry: Entry) -> bytes:
    """One event as it goes out; the same bytes for all who get it."""
    if entry.topic.startswith(TURBO):
        return f"id: {epoch}-{entry.position}\n{_lines(json.loads(entry.data))}\n".encode()
    data = f'{{"topic":{json.dumps(entry.topic)},"data":{entry.data}}}'
    return f"id: {epoch}-{entry.position}\nevent: {entry.type}\ndata: {data}\n\n".encode()


def control(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


def _reset(subscription: Subscription) -> str:
    text = f"id: {subscription.cursor}\n" + control("reset", {})
    if any(topic.startswith(TURBO) for topic in subscription.topics):
        text += f"{_lines(REFRESH)}\n"  # Turbo loads the page anew
    return text


def _lines(text: str) -> str:
    return "".join(f"data: {line}\n" for line in text.splitlines())


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
